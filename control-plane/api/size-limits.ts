/** How large objects and answers may be. */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";

export interface SizeLimits {
  /** Body of a request: an object, or a patch. */
  readonly objectBytes: number;
  /** An answer to a list that asked for no pages. */
  readonly listBytes: number;
}

export const defaultSizeLimits: SizeLimits = { objectBytes: 1024 * 1024, listBytes: 48 * 1024 * 1024 };

/** Room for what the cluster adds to what a caller wrote: defaults, managed fields, status. */
const addedShare = 1 / 3;

/** Patches, each of them small, must not add up to what no body may be. An object that was too large before may still shrink. */
export function assertMayGrow({ objectBytes }: SizeLimits, current: KubeObject, next: KubeObject): void {
  const bytes = sizeOf(next);
  const most = Math.floor(objectBytes * (1 + addedShare));
  if (bytes <= most || bytes <= sizeOf(current)) return;
  throw new Problem(
    "too-large",
    `the object would grow to ${bytes} bytes; with what the cluster adds it may have ${most}`,
    {
      hint: "Move large data out of the object, to a volume or an image.",
    },
  );
}

const sizeOf = (object: KubeObject): number => Buffer.byteLength(JSON.stringify(object));
