/**
 * What images are known, by digest, and under which names. Two kinds of files: `images/HEX.json`, written once, and `names.json`, which
 * alone makes an image visible under a name: it is replaced as a whole, so that names move all together or not at all.
 */
import { mkdir, readdir, readFile, stat, unlink, utimes } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "#proto/kit/logger.ts";
import { errnoOf } from "#proto/kit/problem.ts";
import { writeFileAtomic } from "../host/files.ts";
import type { ImageConfig } from "./image-store.ts";
import { isDigest } from "./reference.ts";

export interface ImageRecord {
  /** Of the manifest, or of the config when there is none. */
  readonly digest: string;
  /** Of the config. */
  readonly id: string;
  readonly config: ImageConfig;
  readonly layers: readonly {
    readonly digest: string;
    readonly mediaType: string;
    readonly size: number;
    readonly diffId: string;
  }[];
}

export class ImageRecords {
  readonly #directory: string;
  readonly #records = new Map<string, ImageRecord>();
  /** How many images consist of it, by digest or DiffID. */
  readonly #parts = new Map<string, number>();
  readonly #usedAtMs = new Map<string, number>();
  #names = new Map<string, string>();
  #writing: Promise<void> = Promise.resolve();

  private constructor(directory: string) {
    this.#directory = directory;
  }

  static async open(directory: string, logger: Logger): Promise<ImageRecords> {
    const store = new ImageRecords(directory);
    await mkdir(join(directory, "images"), { recursive: true, mode: 0o700 });
    for (const file of await readdir(join(directory, "images"))) {
      try {
        const path = join(directory, "images", file);
        const record = JSON.parse(await readFile(path, "utf8")) as ImageRecord;
        if (!isDigest(record.digest) || fileName(record.digest) !== file) throw new Error("another image's record");
        const config = { ...record.config, stopSignal: record.config.stopSignal }; // JSON drops what is undefined
        store.#take({ ...record, config }, (await stat(path)).mtimeMs);
      } catch (thrown) {
        logger.warn({ file, err: thrown }, "ignoring an image record that cannot be read");
      }
    }
    const names = await readFile(join(directory, "names.json"), "utf8").catch(ignoreMissing);
    try {
      const known = Object.entries(JSON.parse(names ?? "{}") as Record<string, string>);
      store.#names = new Map(known.filter(([, digest]) => store.#records.has(digest)));
    } catch (thrown) {
      logger.warn({ err: thrown }, "ignoring the names of images: the file cannot be read");
    }
    return store;
  }

  byDigest(digest: string): ImageRecord | undefined {
    return this.#records.get(digest);
  }

  byName(name: string): ImageRecord | undefined {
    const digest = this.#names.get(name);
    return digest === undefined ? undefined : this.#records.get(digest);
  }

  /** By the config's digest, Docker's image id. */
  byId(id: string): ImageRecord | undefined {
    return [...this.#records.values()].find((record) => record.id === id);
  }

  all(): readonly ImageRecord[] {
    return [...this.#records.values()];
  }

  namesOf(digest: string): readonly string[] {
    return [...this.#names].flatMap(([name, target]) => (target === digest ? [name] : [])).sort();
  }

  /** Whether an image is known by this digest, which may be that of the index it was chosen from. */
  isInName(digest: string): boolean {
    return [...this.#names.keys()].some((name) => name.endsWith(`@${digest}`));
  }

  /** Whether an image consists of this blob or layer. */
  isPart(key: string): boolean {
    return this.#parts.has(key);
  }

  /** Wall clock; undefined before the first `touch` of a new image. */
  usedAtMs(digest: string): number | undefined {
    return this.#usedAtMs.get(digest);
  }

  /** The image is being used. Kept as the time of its record's file, to the minute. */
  async touch(digest: string, nowMs: number): Promise<void> {
    if (!this.#records.has(digest) || nowMs - (this.#usedAtMs.get(digest) ?? 0) < touchEveryMs) return;
    this.#usedAtMs.set(digest, nowMs);
    await utimes(join(this.#directory, "images", fileName(digest)), nowMs / 1000, nowMs / 1000).catch(ignoreMissing);
  }

  /** Keeps the records, then points the names at them: all or none. A name that pointed elsewhere moves. */
  async add(records: readonly ImageRecord[], names: ReadonlyMap<string, string>): Promise<void> {
    await this.#exclusively(async () => {
      for (const record of records) {
        if (this.#records.has(record.digest)) continue;
        await writeFileAtomic(join(this.#directory, "images", fileName(record.digest)), JSON.stringify(record));
        this.#take(record, undefined);
      }
      await this.#writeNames(new Map([...this.#names, ...names]));
    });
  }

  /** Removes the names; an image that has none left goes too. */
  async removeNames(names: readonly string[]): Promise<void> {
    await this.#exclusively(async () => {
      const touched = new Set(names.flatMap((name) => this.#names.get(name) ?? []));
      await this.#writeNames(new Map([...this.#names].filter(([name]) => !names.includes(name))));
      for (const digest of touched) if (this.namesOf(digest).length === 0) await this.#removeRecord(digest);
    });
  }

  /** Removes an image with all its names. */
  async remove(digest: string): Promise<void> {
    await this.#exclusively(async () => {
      await this.#writeNames(new Map([...this.#names].filter(([, target]) => target !== digest)));
      await this.#removeRecord(digest);
    });
  }

  async #removeRecord(digest: string): Promise<void> {
    await unlink(join(this.#directory, "images", fileName(digest))).catch(ignoreMissing);
    for (const key of keysOf(this.#records.get(digest))) {
      const others = (this.#parts.get(key) ?? 0) - 1;
      if (others > 0) this.#parts.set(key, others);
      else this.#parts.delete(key);
    }
    this.#records.delete(digest);
    this.#usedAtMs.delete(digest);
  }

  #take(record: ImageRecord, usedAtMs: number | undefined): void {
    this.#records.set(record.digest, record);
    for (const key of keysOf(record)) this.#parts.set(key, (this.#parts.get(key) ?? 0) + 1);
    if (usedAtMs !== undefined) this.#usedAtMs.set(record.digest, usedAtMs);
  }

  async #writeNames(names: Map<string, string>): Promise<void> {
    const same =
      names.size === this.#names.size && [...names].every(([name, digest]) => this.#names.get(name) === digest);
    if (same) return;
    await writeFileAtomic(join(this.#directory, "names.json"), JSON.stringify(Object.fromEntries(names)));
    this.#names = names;
  }

  #exclusively(work: () => Promise<void>): Promise<void> {
    const done = this.#writing.then(work);
    this.#writing = done.catch(() => undefined);
    return done;
  }
}

/** All that an image is made of, without what it is named twice. */
function keysOf(record: ImageRecord | undefined): ReadonlySet<string> {
  if (!record) return new Set();
  return new Set([record.digest, record.id, ...record.layers.flatMap(({ digest, diffId }) => [digest, diffId])]);
}

const touchEveryMs = 60_000;

function fileName(digest: string): string {
  return `${digest.replace(":", "-")}.json`;
}

function ignoreMissing(thrown: unknown): undefined {
  if (errnoOf(thrown) === "ENOENT") return undefined;
  throw thrown;
}
