/** Plain JSON values: narrowing, comparing, copying. Never trusts a prototype. */

export type JsonRecord = Record<string, unknown>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Own members only: `constructor` and friends are ordinary names. */
export function member(record: JsonRecord, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Members that are `undefined` count as absent. Order of members does not matter, order of elements does. */
export function jsonEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    return left.every((item, i) => jsonEqual(item, right[i]));
  }
  if (!isRecord(left) || !isRecord(right)) return false;
  for (const name of Object.keys(left)) if (!jsonEqual(left[name], member(right, name))) return false;
  for (const name of Object.keys(right)) {
    if (right[name] !== undefined && member(left, name) === undefined) return false;
  }
  return true;
}

/** A copy without `null` members: for typed objects Kubernetes reads null as absent. Nulls in lists stay, to be refused. */
export function withoutNulls<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutNulls) as T;
  if (!isRecord(value)) return value;
  const copy: JsonRecord = {};
  for (const [name, inner] of Object.entries(value)) {
    if (inner !== null && inner !== undefined) copy[name] = withoutNulls(inner);
  }
  return copy as T;
}
