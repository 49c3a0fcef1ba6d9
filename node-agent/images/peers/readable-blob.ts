/** A blob of this node that can be read from now on: whole, or as it grows. */
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { BlobStore } from "../blob-store.ts";
import type { GrowingBlob } from "../growing-blob.ts";

export class ReadableBlob {
  readonly path: string;
  readonly sizeBytes: number;
  readonly #growing: GrowingBlob | undefined;

  private constructor(path: string, sizeBytes: number, growing: GrowingBlob | undefined) {
    this.path = path;
    this.sizeBytes = sizeBytes;
    this.#growing = growing;
  }

  /** Waits a while for a blob that this node is about to fetch. Problem `not-found` when it does not come. */
  static async find(
    blobs: BlobStore,
    digest: string,
    within: { readonly clock: Clock; readonly waitMs: number; readonly signal: AbortSignal },
  ): Promise<ReadableBlob> {
    const late = new AbortController();
    const timer = within.clock.after(within.waitMs, () => late.abort(new Problem("not-found", "the blob is not here")));
    const signal = AbortSignal.any([within.signal, late.signal]);
    try {
      for (;;) {
        const coming = blobs.nextArrival(digest, signal);
        coming.catch(() => undefined);
        const growing = blobs.growing(digest);
        if (growing) return new ReadableBlob(growing.path, growing.sizeBytes, growing);
        const sizeBytes = await blobs.sizeBytes(digest);
        if (sizeBytes !== undefined) return new ReadableBlob(blobs.path(digest), sizeBytes, undefined);
        await coming;
      }
    } finally {
      timer.cancel();
      late.abort();
    }
  }

  async beyond(offset: number, signal: AbortSignal): Promise<number> {
    return this.#growing ? await this.#growing.beyond(offset, signal) : this.sizeBytes;
  }
}
