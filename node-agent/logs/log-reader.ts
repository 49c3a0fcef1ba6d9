/** Reads a container's log across its segments, and follows it across rotation, by events. */
import { type FSWatcher, watch } from "node:fs";
import { type FileHandle, mkdir, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { errnoOf } from "#proto/kit/problem.ts";
import { type LogBlock, LogBlocks } from "./log-blocks.ts";
import { closeSegments, listSegments, type OpenSegment, openSegments, readSegment } from "./log-segments.ts";
import { LogText, type LogTextOptions } from "./log-text.ts";
import { findTailStart } from "./tail-start.ts";

export interface LogReadOptions extends LogTextOptions {
  readonly logPath: string;
  readonly follow: boolean;
  readonly tailLines: number | undefined;
  /** Aborts when the container has ended: the follower reads what is left and stops. */
  readonly ended: AbortSignal;
}

/** A chunk is valid until the next is asked for. */
export async function* readLog(options: LogReadOptions, signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  const text = new LogText(options);
  if (options.follow) await mkdir(dirname(options.logPath), { recursive: true, mode: 0o700 });
  // The watch comes first: what changes after it is seen, what changed before is read.
  const changes = options.follow ? new Changes(dirname(options.logPath), options.ended, signal) : undefined;
  try {
    for await (const block of rawLog(options, changes, signal)) {
      const chunk = text.push(block);
      if (chunk.length > 0) yield chunk;
      if (text.isFull || signal.aborted) return;
    }
  } finally {
    changes?.close();
  }
}

async function* rawLog(
  options: LogReadOptions,
  changes: Changes | undefined,
  signal: AbortSignal,
): AsyncGenerator<LogBlock, void, undefined> {
  const blocks = new LogBlocks();
  const segments = await openSegments(options.logPath);
  try {
    const start =
      options.tailLines === undefined
        ? { segment: await firstSince(segments, options.sinceMs), offset: 0 }
        : await findTailStart(segments, options.tailLines);
    for (const [at, segment] of segments.entries()) {
      if (at < start.segment || signal.aborted) continue;
      const offset = at === start.segment ? start.offset : 0;
      if (changes && at === segments.length - 1 && !segment.isCompressed) {
        yield* follow(segment.file, offset, { logPath: options.logPath, changes, blocks });
      } else yield* readSegment(segment, offset, blocks);
    }
  } finally {
    await closeSegments(segments);
  }
  if (!changes || segments.length > 0) return;
  const first = await openWhenThere(options.logPath, changes);
  if (!first) return;
  try {
    yield* follow(first, 0, { logPath: options.logPath, changes, blocks });
  } finally {
    await first.close();
  }
}

/** Segments that were last written before the instant hold nothing younger. */
async function firstSince(segments: readonly OpenSegment[], sinceMs: number | undefined): Promise<number> {
  if (sinceMs === undefined) return 0;
  for (const [at, { file }] of segments.entries()) if ((await file.stat()).mtimeMs >= sinceMs) return at;
  return Math.max(0, segments.length - 1);
}

/** Reads the file that is being written, and its successors after each rotation, until the container has ended. */
async function* follow(
  first: FileHandle,
  offset: number,
  { logPath, changes, blocks }: { readonly logPath: string; readonly changes: Changes; readonly blocks: LogBlocks },
): AsyncGenerator<LogBlock, void, undefined> {
  let file: FileHandle | undefined = first;
  let position = offset;
  try {
    while (file) {
      // Asked before reading: what is written between the two is then read in the next round.
      const hasEnded = changes.hasEnded;
      const isReplaced = await replaced(file, logPath);
      for await (const block of blocks.ofFile(file, position)) {
        position += block.end - block.start;
        yield block;
      }
      if (isReplaced) {
        const successor = await openSuccessor(file, logPath);
        if (file !== first) await file.close();
        file = successor;
        position = 0;
      } else if (hasEnded || !(await changes.next())) return;
    }
  } finally {
    if (file !== first) await file?.close();
  }
}

async function openWhenThere(path: string, changes: Changes): Promise<FileHandle | undefined> {
  for (;;) {
    const hasEnded = changes.hasEnded;
    const file = await tryOpen(path);
    if (file || hasEnded || !(await changes.next())) return file;
  }
}

/** conmon closes the old file before it makes the new one: once that is there, the old one is whole. */
async function replaced(file: FileHandle, logPath: string): Promise<boolean> {
  const [own, named] = await Promise.all([file.stat(), stat(logPath).catch(() => undefined)]);
  return named !== undefined && (named.ino !== own.ino || named.dev !== own.dev);
}

/** The segment after this one: after several rotations in a short time not the newest. */
async function openSuccessor(file: FileHandle, logPath: string): Promise<FileHandle | undefined> {
  const { ino } = await file.stat();
  const segments = (await listSegments(logPath)).filter((segment) => !segment.isCompressed);
  const inodes = await Promise.all(segments.map(({ path }) => stat(path).catch(() => undefined)));
  const at = inodes.findIndex((stats) => stats?.ino === ino);
  return tryOpen(segments[at + 1]?.path ?? logPath);
}

async function tryOpen(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
}

/** Waits for anything to happen in the log's directory, for the container's end, or for the reader to go away. */
class Changes {
  readonly #watcher: FSWatcher;
  readonly #ended: AbortSignal;
  readonly #signal: AbortSignal;
  #isDirty = false;
  #isClosed = false;
  #wake: (() => void) | undefined;
  readonly #onAbort = (): void => this.#wake?.();

  constructor(directory: string, ended: AbortSignal, signal: AbortSignal) {
    this.#ended = ended;
    this.#signal = signal;
    this.#watcher = watch(directory, { persistent: false }, () => {
      this.#isDirty = true;
      this.#wake?.();
    });
    this.#watcher.on("error", () => this.close());
    for (const each of [ended, signal]) each.addEventListener("abort", this.#onAbort, { once: true });
  }

  get hasEnded(): boolean {
    return this.#ended.aborted;
  }

  /** True when it is worth to look again; false when the reader has gone. */
  async next(): Promise<boolean> {
    while (!this.#isDirty && !this.#ended.aborted && !this.#signal.aborted && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    this.#isDirty = false;
    return !this.#signal.aborted && !this.#isClosed;
  }

  close(): void {
    this.#isClosed = true;
    this.#watcher.close();
    this.#wake?.();
    for (const each of [this.#ended, this.#signal]) each.removeEventListener("abort", this.#onAbort);
  }
}
