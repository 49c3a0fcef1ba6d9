/** Reads a blob's file while it is still being written: as far as its writer says that it goes. Runs in a worker process. */
import { type FileHandle, open } from "node:fs/promises";
import { Problem } from "#proto/kit/problem.ts";

/** What the worker is told of the download while it unpacks. */
export class Arrival {
  #readableBytes = 0;
  #isOver = false;
  #changed = Promise.withResolvers<void>();

  reach(bytes: number): void {
    this.#readableBytes = Math.max(this.#readableBytes, bytes);
    this.#wake();
  }

  /** Nothing more will come. */
  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  /** Resolves when something may have changed: more bytes, or the end. */
  get change(): Promise<void> {
    return this.#changed.promise;
  }

  get readableBytes(): number {
    return this.#readableBytes;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  #wake(): void {
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    resolve();
  }
}

const chunkBytes = 256 * 1024;

/** Problem `canceled` when the download ends before its time. */
export async function* readArriving(path: string, sizeBytes: number, arrival: Arrival): AsyncGenerator<Buffer> {
  const file = await open(path, "r");
  try {
    let offset = 0;
    while (offset < sizeBytes) {
      const { change } = arrival;
      const chunk = await readUpTo(file, offset, Math.min(arrival.readableBytes, sizeBytes));
      if (chunk) {
        offset += chunk.length;
        yield chunk;
        continue;
      }
      // A source that began anew has emptied the file: the same bytes come again.
      if (arrival.isOver) throw new Problem("canceled", "the download has ended");
      await change;
    }
  } finally {
    await file.close();
  }
}

async function readUpTo(file: FileHandle, offset: number, end: number): Promise<Buffer | undefined> {
  if (end <= offset) return undefined;
  const buffer = Buffer.allocUnsafeSlow(Math.min(chunkBytes, end - offset));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
  return bytesRead === 0 ? undefined : buffer.subarray(0, bytesRead);
}
