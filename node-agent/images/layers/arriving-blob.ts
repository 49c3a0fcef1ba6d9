/** Reads a blob's file, also while it is still being written: as far as its writer says that it goes. Runs in a worker process. */
import { closeSync, openSync, readSync } from "node:fs";
import { systemClock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { TimeSlice } from "#proto/kit/time-slice.ts";

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

  /** All that will ever come is there. */
  static of(sizeBytes: number): Arrival {
    const arrival = new Arrival();
    arrival.reach(sizeBytes);
    arrival.end();
    return arrival;
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

export const chunkBytes = 512 * 1024;

/**
 * Pieces of the blob, each valid until the next one is asked for. Lets other events have their turn now and then.
 * Problem `canceled` when the download ends before its time.
 */
export async function* readArriving(path: string, sizeBytes: number, arrival: Arrival): AsyncGenerator<Buffer> {
  const fd = openSync(path, "r");
  const buffer = Buffer.allocUnsafeSlow(chunkBytes);
  const slice = new TimeSlice(systemClock);
  try {
    let offset = 0;
    while (offset < sizeBytes) {
      if (slice.isOver) await slice.pause();
      const { change } = arrival;
      const end = Math.min(arrival.readableBytes, sizeBytes);
      const bytesRead = end <= offset ? 0 : readSync(fd, buffer, 0, Math.min(chunkBytes, end - offset), offset);
      if (bytesRead > 0) {
        offset += bytesRead;
        yield buffer.subarray(0, bytesRead);
        continue;
      }
      // A source that began anew has emptied the file: the same bytes come again.
      if (arrival.isOver) throw new Problem("canceled", "the download has ended");
      await change;
    }
  } finally {
    closeSync(fd);
  }
}
