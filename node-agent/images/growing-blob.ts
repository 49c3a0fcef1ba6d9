/** A blob that is being downloaded, for those who read along: its file, how much of it can be read, and when there is more. */
import type { Problem } from "#proto/kit/problem.ts";

export class GrowingBlob {
  readonly path: string;
  readonly sizeBytes: number;
  #readableBytes = 0;
  #end: "whole" | Problem | undefined;
  #changed = Promise.withResolvers<void>();

  constructor(path: string, sizeBytes: number) {
    this.path = path;
    this.sizeBytes = sizeBytes;
  }

  get readableBytes(): number {
    return this.#readableBytes;
  }

  /** So many bytes are in the file; fewer than before when a source began anew. */
  reach(bytes: number): void {
    this.#readableBytes = bytes;
    this.#wake();
  }

  /** Verified, and from now on under its final name. */
  finish(): void {
    this.#readableBytes = this.sizeBytes;
    this.#end ??= "whole";
    this.#wake();
  }

  fail(problem: Problem): void {
    this.#end ??= problem;
    this.#wake();
  }

  /** Resolves with how much can be read as soon as that is more than `offset`. Throws when it never will be. */
  async beyond(offset: number, signal: AbortSignal): Promise<number> {
    while (this.#readableBytes <= offset) {
      signal.throwIfAborted();
      if (this.#end === "whole") return this.sizeBytes;
      if (this.#end) throw this.#end;
      await orAborted(this.#changed.promise, signal);
    }
    return this.#readableBytes;
  }

  #wake(): void {
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    resolve();
  }
}

function orAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    void promise.then(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    });
  });
}
