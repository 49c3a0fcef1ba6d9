/** The files of one container attempt's log: ATTEMPT.log is written, ATTEMPT.log.1 the one before, ATTEMPT.log.2.gz and up older. */

import { type FileHandle, open, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { errnoOf } from "#proto/kit/problem.ts";
import type { LogBlock, LogBlocks } from "./log-blocks.ts";

export interface LogSegment {
  readonly path: string;
  /** 0 = being written. */
  readonly age: number;
  readonly isCompressed: boolean;
}

/** Oldest first. */
export async function listSegments(logPath: string): Promise<readonly LogSegment[]> {
  const name = basename(logPath);
  const names = await readdir(dirname(logPath)).catch(missingIsEmpty);
  return names
    .flatMap((entry): readonly LogSegment[] => {
      const rest = entry.startsWith(name) ? entry.slice(name.length) : undefined;
      const match = rest === undefined ? undefined : /^(?:\.([1-9]\d?)(\.gz)?)?$/.exec(rest);
      if (!match) return [];
      const age = match[1] === undefined ? 0 : Number(match[1]);
      return [{ path: join(dirname(logPath), entry), age, isCompressed: match[2] !== undefined }];
    })
    .toSorted((a, b) => b.age - a.age || Number(b.isCompressed) - Number(a.isCompressed))
    .filter((segment, at, all) => all[at - 1]?.age !== segment.age); // compressed already, not yet removed
}

/** Attempts that have files in this directory, in order. */
export async function listAttempts(directory: string): Promise<readonly number[]> {
  const names = await readdir(directory).catch(missingIsEmpty);
  const attempts = names.flatMap((name) => /^(\d{1,9})\.log(\.|$)/.exec(name)?.[1] ?? []);
  return [...new Set(attempts.map(Number))].toSorted((a, b) => a - b);
}

const chunkBytes = 128 * 1024;

/** A segment that rotation can no longer take away. */
export interface OpenSegment extends LogSegment {
  readonly file: FileHandle;
}

const openAttempts = 5;

/** All segments, oldest first, as they are at one moment: renamed in between, they are listed again. */
export async function openSegments(logPath: string): Promise<readonly OpenSegment[]> {
  for (let attempt = 1; ; attempt++) {
    const opened: OpenSegment[] = [];
    const segments = await listSegments(logPath);
    for (const segment of segments) {
      const file = await open(segment.path, "r").catch(missingIsNothing);
      if (file) opened.push({ ...segment, file });
    }
    const after = (await listSegments(logPath)).map(({ path }) => path);
    const isStill = opened.length === segments.length && after.join() === segments.map(({ path }) => path).join();
    if (isStill || attempt === openAttempts) return opened;
    await closeSegments(opened);
  }
}

export async function closeSegments(segments: readonly OpenSegment[]): Promise<void> {
  for (const { file } of segments) await file.close();
}

/** From `start` of its text on. A block is valid until the next is asked for. */
export function readSegment(
  segment: OpenSegment,
  start: number,
  blocks: LogBlocks,
): AsyncGenerator<LogBlock, void, undefined> {
  return segment.isCompressed ? blocks.ofStream(unpacked(segment), start) : blocks.ofFile(segment.file, start);
}

function unpacked({ file }: OpenSegment): Readable {
  const source = file.createReadStream({ highWaterMark: chunkBytes, autoClose: false, start: 0 });
  const text = source.pipe(createGunzip({ chunkSize: chunkBytes }));
  source.on("error", (thrown) => text.destroy(thrown));
  return text;
}

/** The segment's bytes from its end to its start, in chunks. Compressed ones are unpacked whole: they are bounded by rotation. */
export async function* readSegmentBackwards(segment: OpenSegment): AsyncGenerator<Buffer> {
  if (segment.isCompressed) {
    const chunks: Buffer[] = [];
    for await (const chunk of unpacked(segment)) chunks.push(chunk as Buffer);
    yield Buffer.concat(chunks);
    return;
  }
  for (let end = (await segment.file.stat()).size; end > 0; ) {
    const size = Math.min(chunkBytes, end);
    const { buffer, bytesRead } = await segment.file.read(Buffer.alloc(size), 0, size, end - size);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    end -= size;
  }
}

function missingIsEmpty(thrown: unknown): readonly string[] {
  if (errnoOf(thrown) === "ENOENT") return [];
  throw thrown;
}

function missingIsNothing(thrown: unknown): undefined {
  if (errnoOf(thrown) === "ENOENT") return undefined;
  throw thrown;
}
