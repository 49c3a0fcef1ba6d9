/** Layers as plain directories: `layers/sha256/HEX/{fs, layer.json}`. A directory is renamed into place only when all of it is on the disk. */
import { mkdir, readdir, readFile, rename, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "#proto/kit/logger.ts";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { emptyDirectory, makeDirectory, removeTree, syncDirectory } from "../../host/files.ts";
import { chainId } from "../digest.ts";
import { isDigest } from "../reference.ts";
import { SingleFlight } from "../single-flight.ts";
import { findMisplacedParents, type LayerView, writeParents } from "./implicit-parents.ts";
import type { DirectoryAttributes, LayerRecord, LayerSource, LayerStack, LayerStore } from "./layer-store.ts";
import type { UnpackPool } from "./unpack-pool.ts";

export interface ExtractedLayerStoreOptions {
  readonly directory: string;
  readonly pool: UnpackPool;
  readonly random: Random;
  readonly logger: Logger;
}

interface KnownLayer {
  readonly sizeBytes: number;
  readonly implicit: ReadonlySet<string>;
}

/** Left free on the disk, for the node's own records: a twentieth of it, but no more than this. */
const maxReserveBytes = 64 * 1024 * 1024;

export class ExtractedLayerStore implements LayerStore {
  readonly #options: ExtractedLayerStoreOptions;
  readonly #layers = new Map<string, KnownLayer>();
  readonly #unpacking = new SingleFlight<void>();
  /** The corrected parents of a chain of layers; undefined when it needs none. */
  readonly #parents = new Map<string, Promise<string | undefined>>();

  private constructor(options: ExtractedLayerStoreOptions) {
    this.#options = options;
  }

  /** Finds what is whole and removes what a crash left half done. */
  static async open(options: ExtractedLayerStoreOptions): Promise<ExtractedLayerStore> {
    const store = new ExtractedLayerStore(options);
    await makeDirectory(options.directory);
    for (const name of ["sha256", "parents"])
      await mkdir(join(options.directory, name), { recursive: true, mode: 0o700 });
    await emptyDirectory(join(options.directory, "tmp"));
    for (const hex of await readdir(join(options.directory, "sha256"))) await store.#adopt(`sha256:${hex}`);
    return store;
  }

  has(diffId: string): boolean {
    return this.#layers.has(diffId);
  }

  sizeBytes(diffId: string): number {
    return this.#layers.get(diffId)?.sizeBytes ?? 0;
  }

  list(): readonly string[] {
    return [...this.#layers.keys()];
  }

  async add(source: LayerSource, signal: AbortSignal): Promise<void> {
    if (this.has(source.diffId)) return;
    await this.#unpacking.run(source.diffId, signal, (flight) => this.#unpack(source, flight));
  }

  async acquire(_owner: string, diffIds: readonly string[]): Promise<LayerStack> {
    const views = diffIds.map((diffId) => this.#view(diffId));
    const chain = chainId(diffIds);
    const parents = this.#parents.get(chain) ?? this.#correctParents(chain, views);
    this.#parents.set(chain, parents);
    parents.catch(() => this.#parents.delete(chain));
    const extra = await parents;
    const directories = [...views.map((view) => view.directory), ...(extra === undefined ? [] : [extra])];
    return { directories, root: await rootAttributes(views) };
  }

  /** Directories need no mounts. */
  async release(_owner: string): Promise<void> {}

  async resume(_owners: ReadonlyMap<string, readonly string[]>): Promise<void> {}

  async remove(diffId: string): Promise<void> {
    if (!this.#layers.delete(diffId)) return;
    const trash = this.#temporary("removed");
    await rename(this.#path(diffId), trash).catch(ignoreMissing); // from here on it is gone, also after a crash
    await removeTree(trash);
  }

  async close(): Promise<void> {
    await this.#options.pool.close();
  }

  async #unpack(source: LayerSource, signal: AbortSignal): Promise<void> {
    if (this.has(source.diffId)) return;
    const directory = this.#temporary("unpacking");
    try {
      const { blobPath, diffId } = source;
      const maxBytes = await this.#freeBytes();
      const record = await this.#options.pool.run({ blobPath, diffId, directory, maxBytes }, signal);
      await rename(directory, this.#path(diffId));
      await syncDirectory(join(this.#options.directory, "sha256"));
      this.#layers.set(diffId, known(record));
    } catch (thrown) {
      await removeTree(directory);
      throw thrown;
    }
  }

  async #freeBytes(): Promise<number> {
    const { bavail, blocks, bsize } = await statfs(this.#options.directory);
    return Math.max(0, Math.floor(bavail * bsize - Math.min(maxReserveBytes, (blocks * bsize) / 20)));
  }

  async #correctParents(chain: string, views: readonly LayerView[]): Promise<string | undefined> {
    const path = join(this.#options.directory, "parents", chain.replace("sha256:", ""));
    if (await stat(path).catch(() => undefined)) return path;
    const parents = await findMisplacedParents(views);
    if (parents.size === 0) return undefined;
    const temporary = this.#temporary("parents");
    await mkdir(temporary, { mode: 0o755 });
    await writeParents(temporary, parents);
    await rename(temporary, path);
    return path;
  }

  /** A directory without a readable record is not ours to trust: it goes, and the next pull brings it back. */
  async #adopt(diffId: string): Promise<void> {
    try {
      if (!isDigest(diffId)) throw new Error("not a digest");
      const record = JSON.parse(await readFile(join(this.#path(diffId), "layer.json"), "utf8")) as LayerRecord;
      if (record.diffId !== diffId) throw new Error(`record is of ${record.diffId}`);
      this.#layers.set(diffId, known(record));
    } catch (thrown) {
      this.#options.logger.warn({ diffId, err: thrown }, "removing a layer without a valid record");
      await removeTree(join(this.#options.directory, "sha256", diffId.slice("sha256:".length)));
    }
  }

  #view(diffId: string): LayerView {
    const layer = this.#layers.get(diffId);
    if (!layer) throw new Problem("not-found", `layer ${diffId} is not on this node`);
    return { directory: join(this.#path(diffId), "fs"), implicit: layer.implicit };
  }

  #path(diffId: string): string {
    return join(this.#options.directory, "sha256", diffId.replace("sha256:", ""));
  }

  #temporary(purpose: string): string {
    return join(this.#options.directory, "tmp", `${purpose}-${this.#options.random.uuid()}`);
  }
}

async function rootAttributes(layers: readonly LayerView[]): Promise<DirectoryAttributes> {
  const view = layers.findLast((layer) => !layer.implicit.has(""));
  if (!view) return { mode: 0o755, uid: 0, gid: 0 };
  const stats = await stat(view.directory);
  return { mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid };
}

function known(record: LayerRecord): KnownLayer {
  return { sizeBytes: record.sizeBytes, implicit: new Set(record.implicitDirectories) };
}

function ignoreMissing(thrown: unknown): void {
  if (errnoOf(thrown) !== "ENOENT") throw thrown;
}
