/** Keeps a container's log below a size: rename, have the writer reopen, compress what is older. */
import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { type Clock, sleep } from "#proto/kit/clock.ts";
import type { RotationLimits } from "./log-limits.ts";
import { listSegments } from "./log-segments.ts";

export interface Rotation extends RotationLimits {
  readonly clock: Clock;
  /** Makes the writer (conmon) open the path anew. False when nobody writes any more. */
  readonly reopen: () => Promise<boolean>;
  /** It is written faster than it could be compressed: older segments stay as they are until they go. */
  readonly isHurried?: boolean;
}

const reopenTimeoutMs = 5_000;
/** Times the size at which a log is rotated: what outgrew it further was a flood, and is not worth the time. */
const compressedUpTo = 4;

/**
 * Rotates when the log is too large. Until the writer has opened the path anew it goes on writing into the renamed file, of which nothing
 * is lost. A rotation that was cut short between the two is finished. True when something was done.
 */
export async function rotateLog(logPath: string, rotation: Rotation): Promise<boolean> {
  const size = await sizeOf(logPath);
  if (size === undefined) {
    const wasCutShort = (await listSegments(logPath)).some((segment) => segment.age === 1);
    if (wasCutShort) await reopenOnce(logPath, rotation);
    return wasCutShort;
  }
  if (size < rotation.maxBytes) return false;
  for (const segment of await listSegments(logPath)) {
    if (segment.age + 1 >= rotation.maxFiles) await rm(segment.path, { force: true });
    else if (segment.age > 0) await rename(segment.path, agedPath(logPath, segment.age + 1, segment.isCompressed));
  }
  await rename(logPath, agedPath(logPath, 1, false));
  await reopenOnce(logPath, rotation);
  if (!rotation.isHurried) await compressOlder(logPath, rotation.maxBytes * compressedUpTo);
  return true;
}

/**
 * Waits until the new file is there: a second word to conmon before it has heeded the first would replace the new file by an empty one,
 * and what was written in between would be lost.
 */
async function reopenOnce(logPath: string, rotation: Rotation): Promise<void> {
  if (!(await rotation.reopen())) return;
  const deadlineMs = rotation.clock.monotonicMs() + reopenTimeoutMs;
  for (let pauseMs = 1; (await sizeOf(logPath)) === undefined; pauseMs = Math.min(pauseMs * 2, 100)) {
    if (rotation.clock.monotonicMs() > deadlineMs) return;
    await sleep(rotation.clock, pauseMs);
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.size;
}

function agedPath(logPath: string, age: number, isCompressed: boolean): string {
  return `${logPath}.${age}${isCompressed ? ".gz" : ""}`;
}

/** The youngest stays plain: followers and the writer may still be at it. */
async function compressOlder(logPath: string, maxBytes: number): Promise<void> {
  for (const segment of await listSegments(logPath)) {
    if (segment.age < 2 || segment.isCompressed) continue;
    if (((await sizeOf(segment.path)) ?? 0) > maxBytes) {
      await rm(segment.path, { force: true });
      continue;
    }
    const compressed = `${segment.path}.gz`;
    const temporary = `${compressed}.tmp`;
    await pipeline(createReadStream(segment.path), createGzip(), createWriteStream(temporary, { mode: 0o600 }));
    await rename(temporary, compressed);
    await rm(segment.path, { force: true });
  }
}
