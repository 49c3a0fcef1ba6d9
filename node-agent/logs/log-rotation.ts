/** Keeps a container's log below a size: rename, have the writer reopen, compress what is older. */
import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { listSegments } from "./log-segments.ts";

export interface RotationOptions {
  readonly maxBytes: number;
  /** The written one included. */
  readonly maxFiles: number;
}

/**
 * Rotates when the log is too large. `reopen` makes the writer (conmon) open the path anew; until then it goes on writing into the
 * renamed file, of which nothing is lost. A rotation that was cut short between the two is finished. True when something was done.
 */
export async function rotateLog(
  logPath: string,
  options: RotationOptions,
  reopen: () => Promise<void>,
): Promise<boolean> {
  const size = (await stat(logPath).catch(() => undefined))?.size;
  if (size === undefined) {
    const wasCutShort = (await listSegments(logPath)).some((segment) => segment.age === 1);
    if (wasCutShort) await reopen();
    return wasCutShort;
  }
  if (size < options.maxBytes) return false;
  for (const segment of await listSegments(logPath)) {
    if (segment.age + 1 >= options.maxFiles) await rm(segment.path, { force: true });
    else if (segment.age > 0) await rename(segment.path, agedPath(logPath, segment.age + 1, segment.isCompressed));
  }
  await rename(logPath, agedPath(logPath, 1, false));
  await reopen();
  await compressOlder(logPath);
  return true;
}

function agedPath(logPath: string, age: number, isCompressed: boolean): string {
  return `${logPath}.${age}${isCompressed ? ".gz" : ""}`;
}

/** The youngest stays plain: followers and the writer may still be at it. */
async function compressOlder(logPath: string): Promise<void> {
  for (const segment of await listSegments(logPath)) {
    if (segment.age < 2 || segment.isCompressed) continue;
    const compressed = `${segment.path}.gz`;
    const temporary = `${compressed}.tmp`;
    await pipeline(createReadStream(segment.path), createGzip(), createWriteStream(temporary, { mode: 0o600 }));
    await rename(temporary, compressed);
    await rm(segment.path, { force: true });
  }
}
