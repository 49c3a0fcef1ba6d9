/**
 * resourceVersion = store revision × 128 + position of the write in its transaction. Opaque to clients, strictly ordered,
 * below 2^53. All writes of a transaction share etcd's revision; the position keeps them apart.
 */
import { Problem } from "#proto/kit/problem.ts";

const positionsPerRevision = 128;

export function formatResourceVersion(revision: number, position: number): string {
  return String(revision * positionsPerRevision + position);
}

/** The resourceVersion of a view that holds everything up to and including `revision`. */
export function endOfRevision(revision: number): string {
  return formatResourceVersion(revision, positionsPerRevision - 1);
}

export function parseResourceVersion(text: string): number {
  const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw new Problem("bad-request", `"${text.slice(0, 40)}" is not a resourceVersion`, {
    hint: "Use the resourceVersion of an object or list as it was given.",
  });
}

/** The store revision in which this resourceVersion was written. */
export function revisionOf(resourceVersion: string): number {
  return Math.floor(parseResourceVersion(resourceVersion) / positionsPerRevision);
}

export function positionOf(resourceVersion: string): number {
  return parseResourceVersion(resourceVersion) % positionsPerRevision;
}

/**
 * Positions of the deletions of one transaction. A deletion has no stored value to carry its position, so store and cache
 * both count: deletions stand after the puts of a transaction and go on from the last put that succeeded.
 */
export function nextPosition(previous: number | undefined): number {
  return (previous ?? -1) + 1;
}
