/** Next versions of objects, as values: what changes is new, the rest is shared. Never touches its argument. */
import type { KubeObject, ObjectMeta } from "#proto/resources/object.ts";

/** A changed spec is a new generation. */
export function withSpec<T extends KubeObject & { spec: unknown }>(object: T, spec: T["spec"]): T {
  const generation = (object.metadata.generation ?? 0) + 1;
  return { ...object, metadata: { ...object.metadata, generation }, spec };
}

export function withStatus<T extends KubeObject & { status?: unknown }>(object: T, status: T["status"]): T {
  return { ...object, status };
}

export function withMetadata<T extends KubeObject>(object: T, metadata: Partial<ObjectMeta>): T {
  return { ...object, metadata: { ...object.metadata, ...metadata } };
}

/** Sets annotations; a value of undefined removes. Returns the same object when nothing changes. */
export function withAnnotations<T extends KubeObject>(
  object: T,
  changes: Readonly<Record<string, string | undefined>>,
): T {
  const before = object.metadata.annotations ?? {};
  const entries = Object.entries(changes);
  if (entries.every(([key, value]) => before[key] === value)) return object;
  const after = { ...before };
  for (const [key, value] of entries) {
    if (value === undefined) delete after[key];
    else after[key] = value;
  }
  return withMetadata(object, { annotations: after });
}
