/** Which fields differ between two valid objects: for rules about what cannot change. */
import type { Path } from "../schema/field-path.ts";

const mostChanges = 10;

/** Paths below `base` whose values differ, deepest that still tells, at most ten. Absent, null, and undefined are equal. */
export function changedPaths(before: unknown, after: unknown, base: Path = []): Path[] {
  const paths: Path[] = [];
  compare(before, after, base, paths);
  return paths;
}

export const isSame = (before: unknown, after: unknown): boolean => changedPaths(before, after).length === 0;

function compare(before: unknown, after: unknown, path: Path, paths: Path[]): void {
  if (paths.length >= mostChanges || (before ?? undefined) === (after ?? undefined)) return;
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    for (const [i, item] of before.entries()) compare(item, after[i], [...path, i], paths);
  } else if (isRecord(before) && isRecord(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
      compare(before[key], after[key], [...path, key], paths);
  } else paths.push(path);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
