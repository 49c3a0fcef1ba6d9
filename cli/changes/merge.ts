/** JSON merge patches (RFC 7386) on this side: applied, and found between two values. Pure. */

export type Json = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function merged(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = merged(Object.hasOwn(result, name) ? result[name] : undefined, value);
  }
  return result;
}

/** The patch that makes `after` of `before`; undefined when they are equal. Lists count as one value. */
export function mergeDifference(before: unknown, after: unknown): unknown {
  if (!isRecord(before) || !isRecord(after)) return isEqual(before, after) ? undefined : after;
  const patch: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const value = Object.hasOwn(after, name) ? after[name] : undefined;
    if (value === undefined) {
      if (before[name] !== undefined) patch[name] = null;
      continue;
    }
    const difference = mergeDifference(Object.hasOwn(before, name) ? before[name] : undefined, value);
    if (difference !== undefined) patch[name] = difference;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** The order of members does not matter, that of elements does. */
export function isEqual(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item, i) => isEqual(item, right[i]));
  if (!isRecord(left) || !isRecord(right)) return left === right;
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].every((name) => isEqual(left[name], right[name]));
}

/** Paths of two merge patches that touch the same value: `spec.replicas`. */
export function overlaps(left: unknown, right: unknown, path = ""): readonly string[] {
  if (!isRecord(left) || !isRecord(right)) return isEqual(left, right) ? [] : [path];
  return Object.keys(left).flatMap((name) =>
    Object.hasOwn(right, name) ? overlaps(left[name], right[name], path === "" ? name : `${path}.${name}`) : [],
  );
}
