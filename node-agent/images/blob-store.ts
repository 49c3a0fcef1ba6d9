/**
 * Content-addressed blobs: `blobs/ALGORITHM/HEX`, whole and verified. A download that was cut stays in `partial/` and goes on from
 * where it stopped, also after a restart.
 */
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, readFile, rename, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { diskProblem } from "../host/disk-problem.ts";
import { makeDirectory, syncDirectory, writeFileAtomic } from "../host/files.ts";
import { verifier, verifyBytes } from "./digest.ts";
import type { Descriptor } from "./manifest.ts";
import { isDigest } from "./reference.ts";
import { SingleFlight } from "./single-flight.ts";

/** Content from an offset on. `offset` of the answer is what the source really starts at: 0 when it cannot resume. */
export type BlobFetch = (
  offset: number,
  signal: AbortSignal,
) => Promise<{ readonly offset: number; readonly chunks: AsyncIterable<Uint8Array> }>;

type BlobId = Pick<Descriptor, "digest" | "size">;

export class BlobStore {
  readonly #directory: string;
  readonly #fetching = new SingleFlight<void>();

  private constructor(directory: string) {
    this.#directory = directory;
  }

  static async open(directory: string): Promise<BlobStore> {
    await makeDirectory(directory);
    for (const name of ["sha256", "sha512", "partial"])
      await mkdir(join(directory, name), { recursive: true, mode: 0o700 });
    return new BlobStore(directory);
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
  async put(content: Uint8Array, expected: BlobId, object: string): Promise<void> {
    verifyBytes(content, expected, object);
    if ((await this.sizeBytes(expected.digest)) === content.length) return;
    await writeFileAtomic(this.path(expected.digest), content);
  }

  /** Takes over a file whose digest the caller has computed while writing it, on the same file system. It is synced first. */
  async adopt(path: string, digest: string): Promise<void> {
    const target = this.path(digest);
    const file = await open(path, "r");
    try {
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(path, target);
    await syncDirectory(dirname(target));
  }

  /**
   * Makes sure the blob is here. Single-flight per digest. `onBytes` hears of bytes that arrived for this caller's flight.
   * Problems: what `fetch` throws, `invalid` (wrong size or digest; the content is thrown away), `too-large` (disk full).
   */
  async ensure(
    expected: BlobId,
    object: string,
    fetch: BlobFetch,
    signal: AbortSignal,
    onBytes?: (count: number) => void,
  ): Promise<void> {
    if ((await this.sizeBytes(expected.digest)) === expected.size) return;
    await this.#fetching.run(expected.digest, signal, (flight) =>
      this.#fetch(expected, object, fetch, flight, onBytes),
    );
  }

  async remove(digest: string): Promise<void> {
    await unlink(this.path(digest)).catch(ignoreMissing);
    await unlink(this.#partialPath(digest)).catch(ignoreMissing);
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

  /** Removes what downloads left that nobody has gone on with since `olderThanMs` (wall clock). */
  async removeStalePartials(olderThanMs: number): Promise<void> {
    for (const name of await readdir(join(this.#directory, "partial"))) {
      const path = join(this.#directory, "partial", name);
      const stats = await stat(path).catch(ignoreMissing);
      if (stats && stats.mtimeMs < olderThanMs) await unlink(path).catch(ignoreMissing);
    }
  }

  async #fetch(
    expected: BlobId,
    object: string,
    fetch: BlobFetch,
    signal: AbortSignal,
    onBytes: ((count: number) => void) | undefined,
  ): Promise<void> {
    const partial = this.#partialPath(expected.digest);
    const check = verifier(expected, object);
    const kept = await this.#hashPartial(partial, expected.size, check);
    const source = kept === expected.size ? undefined : await fetch(kept, signal);
    // A source that starts over makes us start over.
    const isResumed = source === undefined || source.offset === kept;
    if (!isResumed && kept > 0) await unlink(partial).catch(ignoreMissing);
    const fresh = isResumed ? check : verifier(expected, object);
    const file = await open(partial, isResumed ? "a" : "w", 0o600);
    let size = isResumed ? kept : 0;
    try {
      for await (const chunk of source?.chunks ?? []) {
        fresh.update(chunk);
        await file.writeFile(chunk);
        size += chunk.length;
        onBytes?.(chunk.length);
      }
      if (size < expected.size) {
        throw new Problem("unavailable", `${object}: the connection ended after ${size} of ${expected.size} bytes`);
      }
      fresh.finish();
      await file.datasync();
    } catch (thrown) {
      throw await this.#fetchProblem(thrown, partial, expected, object);
    } finally {
      await file.close();
    }
    await rename(partial, this.path(expected.digest));
    await syncDirectory(dirname(this.path(expected.digest)));
  }

  /** Feeds what a cut download left to the hash; returns how much that is. */
  async #hashPartial(path: string, size: number, check: { update(chunk: Uint8Array): void }): Promise<number> {
    const kept = (await stat(path).catch(ignoreMissing))?.size ?? 0;
    if (kept > size) {
      await unlink(path).catch(ignoreMissing);
      return 0;
    }
    if (kept === 0) return 0;
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) check.update(chunk as Buffer);
    return kept;
  }

  async #fetchProblem(thrown: unknown, partial: string, expected: BlobId, object: string): Promise<Problem> {
    // Wrong content is of no use to a later attempt; what a cut connection left is.
    const problem = diskProblem(thrown, `store ${object}, which has ${expected.size} bytes`);
    if (problem.code === "invalid" || problem.code === "too-large") await unlink(partial).catch(ignoreMissing);
    return problem;
  }

  #partialPath(digest: string): string {
    this.path(digest); // checks it
    return join(this.#directory, "partial", digest.replace(":", "-"));
  }
}

function ignoreMissing(thrown: unknown): undefined {
  if (errnoOf(thrown) === "ENOENT") return undefined;
  throw thrown;
}
