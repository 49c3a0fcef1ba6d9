/**
 * Content-addressed blobs: `blobs/ALGORITHM/HEX`, whole and verified. A download that was cut stays in `partial/` and goes on from
 * where it stopped, also after a restart.
 */
import { mkdir, readdir, readFile, rename, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Problem } from "#proto/kit/problem.ts";
import { makeDirectory, syncDirectory, syncFile, writeFileAtomic } from "../host/files.ts";
import type { BlobContent } from "./blob-source.ts";
import { verifyBytes } from "./digest.ts";
import { GrowingBlob } from "./growing-blob.ts";
import { cutShort, downloadProblem, type ExpectedBlob, ignoreMissing, PartialBlob } from "./partial-blob.ts";
import { isDigest } from "./reference.ts";
import { SingleFlight } from "./single-flight.ts";

export type BlobFetch = (offset: number, signal: AbortSignal) => Promise<BlobContent>;

/** A download that is not whole. */
export interface PartialDownload {
  readonly digest: string;
  readonly size: number;
  /** When its last bytes came; wall clock. */
  readonly mtimeMs: number;
}

export class BlobStore {
  readonly #directory: string;
  readonly #fetching = new SingleFlight<void>();
  readonly #growing = new Map<string, GrowingBlob>();
  readonly #awaited = new Map<string, Set<() => void>>();
  readonly #removing = new Map<string, Promise<void>>();

  private constructor(directory: string) {
    this.#directory = directory;
  }

  static async open(directory: string): Promise<BlobStore> {
    await makeDirectory(directory);
    for (const name of ["sha256", "sha512", "partial"])
      await mkdir(join(directory, name), { recursive: true, mode: 0o700 });
    return new BlobStore(directory);
  }

  /** The blob as it is being downloaded; undefined when it is not. */
  growing(digest: string): GrowingBlob | undefined {
    return this.#growing.get(digest);
  }

  /** Resolves when the blob is put here or its download begins, after this call. */
  nextArrival(digest: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = this.#awaited.get(digest) ?? new Set();
      const leave = (): void => {
        signal.removeEventListener("abort", onAbort);
        waiting.delete(arrive);
        if (waiting.size === 0 && this.#awaited.get(digest) === waiting) this.#awaited.delete(digest);
      };
      const arrive = (): void => {
        leave();
        resolve();
      };
      const onAbort = (): void => {
        leave();
        reject(signal.reason);
      };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener("abort", onAbort, { once: true });
      this.#awaited.set(digest, waiting.add(arrive));
    });
  }

  #arrived(digest: string): void {
    for (const arrive of [...(this.#awaited.get(digest) ?? [])]) arrive();
  }

  /** Where a blob is or would be. */
  path(digest: string): string {
    const [algorithm = "", encoded = ""] = digest.split(":");
    if (!isDigest(digest) || !/^sha(256|512)$/.test(algorithm)) {
      throw new Problem("unsupported", `${JSON.stringify(digest)} is not a digest that can be stored`);
    }
    return join(this.#directory, algorithm, encoded);
  }

  /** Size, or undefined when it is not here. */
  async sizeBytes(digest: string): Promise<number | undefined> {
    await this.#removing.get(digest)?.catch(() => undefined); // said to who removes it
    return (await stat(this.path(digest)).catch(ignoreMissing))?.size;
  }

  /** Bytes that are here of a blob, partial ones included. */
  async presentBytes(digest: string): Promise<number> {
    return (await this.sizeBytes(digest)) ?? (await stat(this.#partialPath(digest)).catch(ignoreMissing))?.size ?? 0;
  }

  async read(digest: string, limitBytes: number): Promise<Buffer | undefined> {
    const size = await this.sizeBytes(digest);
    if (size === undefined || size > limitBytes) return undefined;
    return readFile(this.path(digest)).catch(ignoreMissing);
  }

  /** Keeps bytes that are in memory already. */
  async put(content: Uint8Array, expected: ExpectedBlob, object: string): Promise<void> {
    verifyBytes(content, expected, object);
    if ((await this.sizeBytes(expected.digest)) === content.length) return;
    await writeFileAtomic(this.path(expected.digest), content);
    this.#arrived(expected.digest);
  }

  /** Takes over a file whose digest the caller has computed while writing it, on the same file system. It is synced first. */
  async adopt(path: string, digest: string): Promise<void> {
    const target = this.path(digest);
    await syncFile(path);
    await rename(path, target);
    await syncDirectory(dirname(target));
    this.#arrived(digest);
  }

  /**
   * Makes sure the blob is here. Single-flight per digest. `onSize` hears how much of it is here, as long as the flight is this
   * caller's own; less than before when a source begins anew.
   * Problems: what `fetch` throws, `invalid` (wrong size or digest; the content is thrown away), `too-large` (disk full).
   */
  async ensure(
    expected: ExpectedBlob,
    object: string,
    fetch: BlobFetch,
    signal: AbortSignal,
    onSize?: (bytes: number) => void,
  ): Promise<void> {
    const { digest } = expected;
    for (let isOwn = false; (await this.sizeBytes(digest)) !== expected.size; ) {
      try {
        await this.#fetching.run(digest, signal, (flight) => {
          isOwn = true;
          return this.#fetch(expected, object, fetch, flight, onSize);
        });
        return;
      } catch (thrown) {
        // Somebody else's source failed: ours may do better.
        if (isOwn || signal.aborted) throw thrown;
      }
    }
  }

  /** Whoever asks for it from now on waits until it is gone. */
  async remove(digest: string): Promise<void> {
    const before = this.#removing.get(digest);
    const gone = (async () => {
      await before?.catch(() => undefined);
      await unlink(this.path(digest)).catch(ignoreMissing);
      await unlink(this.#partialPath(digest)).catch(ignoreMissing);
    })();
    this.#removing.set(digest, gone);
    try {
      await gone;
    } finally {
      if (this.#removing.get(digest) === gone) this.#removing.delete(digest);
    }
  }

  async list(): Promise<readonly string[]> {
    const digests: string[] = [];
    for (const algorithm of ["sha256", "sha512"]) {
      for (const name of await readdir(join(this.#directory, algorithm))) {
        if (isDigest(`${algorithm}:${name}`)) digests.push(`${algorithm}:${name}`);
      }
    }
    return digests;
  }

  /**
   * Removes of what cut downloads left all that `isStale`, and of the rest the oldest beyond `maxBytes`. Downloads under way are left
   * alone. Returns the bytes that were freed.
   */
  async prunePartials(maxBytes: number, isStale: (partial: PartialDownload) => boolean): Promise<number> {
    let [keptBytes, freedBytes] = [0, 0];
    for (const partial of (await this.partials()).toSorted((a, b) => b.mtimeMs - a.mtimeMs)) {
      if (this.#fetching.has(partial.digest)) continue;
      const goes = isStale(partial) || keptBytes + partial.size > maxBytes;
      if (goes) await unlink(this.#partialPath(partial.digest)).catch(ignoreMissing);
      if (goes) freedBytes += partial.size;
      else keptBytes += partial.size;
    }
    return freedBytes;
  }

  /** Downloads that were cut, and those under way. */
  async partials(): Promise<readonly PartialDownload[]> {
    const found: PartialDownload[] = [];
    for (const name of await readdir(join(this.#directory, "partial"))) {
      const digest = name.replace("-", ":");
      const stats = isDigest(digest)
        ? await stat(join(this.#directory, "partial", name)).catch(ignoreMissing)
        : undefined;
      if (stats) found.push({ digest, size: stats.size, mtimeMs: stats.mtimeMs });
    }
    return found;
  }

  async #fetch(
    expected: ExpectedBlob,
    object: string,
    fetch: BlobFetch,
    signal: AbortSignal,
    onSize: ((bytes: number) => void) | undefined,
  ): Promise<void> {
    const path = this.#partialPath(expected.digest);
    const growing = new GrowingBlob(path, expected.size);
    try {
      const partial = await PartialBlob.resume(path, expected, object);
      partial.onWritten((bytes) => growing.reach(bytes));
      this.#growing.set(expected.digest, growing);
      this.#arrived(expected.digest);
      try {
        onSize?.(partial.size);
        if (!partial.isComplete) await receive(partial, fetch, signal, onSize);
        if (!partial.isComplete) throw cutShort(partial.size, expected, object);
        await partial.finish();
      } catch (thrown) {
        // Nothing came: there is nothing to go on with.
        if (partial.size === 0) await unlink(path).catch(ignoreMissing);
        throw thrown;
      } finally {
        await partial.close();
      }
      await rename(path, this.path(expected.digest));
      growing.finish();
      await syncDirectory(dirname(this.path(expected.digest)));
    } catch (thrown) {
      const problem = await downloadProblem(thrown, path, expected, object);
      growing.fail(problem);
      throw problem;
    } finally {
      if (this.#growing.get(expected.digest) === growing) this.#growing.delete(expected.digest);
    }
  }

  #partialPath(digest: string): string {
    this.path(digest); // checks it
    return join(this.#directory, "partial", digest.replace(":", "-"));
  }
}

async function receive(
  partial: PartialBlob,
  fetch: BlobFetch,
  signal: AbortSignal,
  onSize: ((bytes: number) => void) | undefined,
): Promise<void> {
  const { offset, chunks } = await fetch(partial.size, signal);
  if (offset !== partial.size) await partial.restart();
  for await (const chunk of chunks) {
    await partial.append(chunk);
    onSize?.(partial.size);
  }
}
