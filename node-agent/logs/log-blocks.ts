/**
 * A log's bytes in large blocks that are used again and again: a gigabyte goes through without leaving garbage. The next block is read
 * while the last is in use.
 */
import type { FileHandle } from "node:fs/promises";
import type { Readable } from "node:stream";

/** The bytes from `start` to `end`. Those before are free: what was left of the block before has room there. */
export interface LogBlock {
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: number;
}

const blockBytes = 128 * 1024;
/** A record is at most 8 KiB of text and its head. */
const roomBytes = 16 * 1024;

export function blockOf(bytes: Buffer): LogBlock {
  return { buffer: bytes, start: 0, end: bytes.length };
}

/** Of one reader. */
export class LogBlocks {
  #next = Buffer.allocUnsafeSlow(roomBytes + blockBytes);
  #last = Buffer.allocUnsafeSlow(roomBytes + blockBytes);

  /** To the end that the file has now. A block is valid until the next is asked for. */
  async *ofFile(file: FileHandle, offset: number): AsyncGenerator<LogBlock, void, undefined> {
    let position = offset;
    let ahead: Promise<LogBlock> | undefined;
    try {
      for (;;) {
        const block = await (ahead ?? this.#read(file, position));
        const bytes = block.end - block.start;
        if (bytes === 0) return;
        position += bytes;
        // Behind a short one there is nothing yet, most of the time.
        ahead = bytes === blockBytes ? this.#read(file, position) : undefined;
        yield block;
      }
    } finally {
      // Nobody else gets the buffer, and nobody closes the file, while it is being read.
      await ahead?.catch(() => undefined);
    }
  }

  /** Without its first `skipped` bytes. */
  async *ofStream(stream: Readable, skipped: number): AsyncGenerator<LogBlock, void, undefined> {
    let skip = skipped;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      for (let at = Math.min(skip, chunk.length); at < chunk.length; at += blockBytes) yield this.#copied(chunk, at);
      skip = Math.max(0, skip - chunk.length);
    }
  }

  async #read(file: FileHandle, position: number): Promise<LogBlock> {
    const buffer = this.#turn();
    const { bytesRead } = await file.read(buffer, roomBytes, blockBytes, position);
    return { buffer, start: roomBytes, end: roomBytes + bytesRead };
  }

  #copied(chunk: Buffer, at: number): LogBlock {
    const buffer = this.#turn();
    const copied = chunk.copy(buffer, roomBytes, at, at + blockBytes);
    return { buffer, start: roomBytes, end: roomBytes + copied };
  }

  #turn(): Buffer {
    const buffer = this.#next;
    this.#next = this.#last;
    this.#last = buffer;
    return buffer;
  }
}
