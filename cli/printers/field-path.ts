/** Reads a field by a simple path: `.spec.nodeName`, `{.status.phase}`, `.metadata.labels.app\.kubernetes\.io/name`, `.items[0]`. Pure. */

export function fieldOf(object: unknown, path: string): unknown {
  let value: unknown = object;
  for (const part of splitPath(path)) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

export function splitPath(path: string): readonly string[] {
  const bare = path.replace(/^\{(.*)\}$/, "$1").replace(/^\$?\.?/, "");
  return [...bare.matchAll(/\[['"]?([^\]'"]+)['"]?\]|((?:\\.|[^.[\]\\])+)/g)].map(
    (match) => match[1] ?? (match[2] ?? "").replace(/\\(.)/g, "$1"),
  );
}
