/**
 * The layers of this node. New ones go to the first storage; what another storage holds already is used from there, so that a changed
 * setting, kernel or version of the agent costs nothing.
 */
import { stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { diskProblem } from "../../host/disk-problem.ts";
import { emptyDirectory, makeDirectory, removeTree } from "../../host/files.ts";
import { getXattr } from "../../host/syscalls.ts";
import { chainId } from "../digest.ts";
import { SingleFlight } from "../single-flight.ts";
import { findMisplacedParents, type LayerView, writeCorrections } from "./corrections.ts";
import { hexOf, type LayerStorage, type StorageKey, type StoredLayer } from "./layer-storage.ts";
import type {
  DirectoryAttributes,
  LayerFinding,
  LayerRepair,
  LayerSource,
  LayerStack,
  LayerStore,
} from "./layer-store.ts";
import { openOutput } from "./unpack-layer.ts";
import type { UnpackPool } from "./unpack-pool.ts";

export interface LocalLayerStoreOptions {
  readonly directory: string;
  /** The first one takes what is new. */
  readonly storages: readonly [LayerStorage, ...LayerStorage[]];
  readonly pool: UnpackPool;
  readonly random: Random;
  readonly logger: Logger;
}

interface KnownLayer extends StoredLayer {
  readonly storage: LayerStorage;
}

/** Of layers on top of each other. */
interface StackFacts {
  /** The lowest layer that shows: one may hide all that is below. */
  readonly firstShown: number;
  readonly root: DirectoryAttributes;
  readonly isCorrected: boolean;
}

const maxKnownStacks = 256;
/** Left free on the disk, for the node's own records: a twentieth of it, but no more than this. */
const maxReserveBytes = 64 * 1024 * 1024;
const maxCorrectionBytes = 256 * 1024 * 1024;

export class LocalLayerStore implements LayerStore, LayerRepair {
  readonly #options: LocalLayerStoreOptions;
  readonly #layers = new Map<StorageKey, KnownLayer>();
  readonly #unpacking = new SingleFlight<void>();
  /** Who uses what: layers and corrections. */
  readonly #owners = new Map<string, ReadonlySet<StorageKey>>();
  /** By chain id. */
  readonly #stacks = new Map<StorageKey, StackFacts>();
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(options: LocalLayerStoreOptions) {
    this.#options = options;
  }

  /** Finds what is whole and removes what a crash left half done. */
  static async open(options: LocalLayerStoreOptions): Promise<LocalLayerStore> {
    const store = new LocalLayerStore(options);
    await makeDirectory(options.directory);
    await makeDirectory(store.#temporaryDirectory);
    await emptyDirectory(store.#temporaryDirectory);
    for (const storage of options.storages) {
      for (const [diffId, layer] of await storage.scan()) {
        const key = keyOf(diffId);
        if (!store.#layers.has(key)) store.#layers.set(key, { ...layer, storage });
      }
    }
    return store;
  }

  has(diffId: string): boolean {
    return this.#layers.has(keyOf(diffId));
  }

  prepare(layers: number): void {
    this.#options.pool.prepare(layers);
  }

  sizeBytes(diffId: string): number {
    return this.#layers.get(keyOf(diffId))?.sizeBytes ?? 0;
  }

  list(): readonly string[] {
    return [...this.#layers.keys()];
  }

  async add(source: LayerSource, signal: AbortSignal): Promise<void> {
    if (this.has(source.diffId)) return;
    await this.#unpacking.run(source.diffId, signal, async (flight) => {
      if (!this.has(source.diffId)) await this.#unpack(source, flight);
    });
  }

  async repair(source: LayerSource, signal: AbortSignal): Promise<void> {
    await this.#unpacking.run(`repair ${source.diffId}`, signal, (flight) => this.#unpack(source, flight));
  }

  async acquire(owner: string, diffIds: readonly string[]): Promise<LayerStack> {
    return this.#exclusively(async () => {
      const keys = diffIds.map(keyOf);
      const chain = chainKey(diffIds);
      const storages = keys.map((key) => this.#known(key).storage);
      const before = this.#owners.get(owner) ?? new Set();
      this.#owners.set(owner, new Set([...before, ...keys, chain])); // first: what is in use is never detached
      const attached: string[] = [];
      for (const [index, storage] of storages.entries()) attached.push(await storage.attach(keys[index] ?? chain));
      const { firstShown, root, isCorrected } = await this.#facts(chain, keys, storages, attached);
      const [storage] = this.#options.storages;
      const extra = isCorrected ? [await storage.attach(chain)] : [];
      return { directories: [...attached.slice(firstShown), ...extra], root };
    });
  }

  async release(owner: string): Promise<void> {
    await this.#exclusively(async () => {
      const keys = this.#owners.get(owner);
      this.#owners.delete(owner);
      if (keys && !this.#areAllUsed(keys)) await this.#detachUnused();
    });
  }

  async resume(owners: ReadonlyMap<string, readonly string[]>): Promise<void> {
    await this.#exclusively(async () => {
      for (const [owner, diffIds] of owners) {
        this.#owners.set(owner, new Set([...diffIds.map(keyOf), chainKey(diffIds)]));
      }
      await this.#detachUnused();
    });
  }

  async remove(diffId: string): Promise<void> {
    const key = keyOf(diffId);
    const known = this.#layers.get(key);
    this.#layers.delete(key); // at once: whoever needs it from now on unpacks it anew
    await this.#exclusively(async () => known?.storage.remove(key));
  }

  async verify(
    diffIds: readonly string[],
    signal: AbortSignal,
    onProgress?: (progress: { readonly doneBytes: number; readonly totalBytes: number }) => void,
  ): Promise<readonly LayerFinding[]> {
    const sizes = diffIds.map((diffId) => this.#layers.get(keyOf(diffId))?.storage.verifiedBytes(keyOf(diffId)) ?? 0);
    const totalBytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    let doneBytes = 0;
    const findings: LayerFinding[] = [];
    for (const diffId of diffIds) {
      const found = await this.#layers.get(keyOf(diffId))?.storage.verify(keyOf(diffId), signal, (bytes) => {
        doneBytes += bytes;
        onProgress?.({ doneBytes: Math.min(doneBytes, totalBytes), totalBytes });
      });
      const finding = findingOf(diffId, found ?? "it is not on this node");
      if (finding) findings.push(finding);
    }
    return findings;
  }

  async close(): Promise<void> {
    await this.#options.pool.close();
    for (const storage of this.#options.storages) await storage.close();
  }

  async #unpack(source: LayerSource, signal: AbortSignal): Promise<void> {
    const [storage] = this.#options.storages;
    const path = this.#temporary();
    try {
      const { blobPath, diffId, arriving } = source;
      const maxBytes = await this.#freeBytes();
      await this.#options.pool.run({ blobPath, diffId, format: storage.format, path, maxBytes }, signal, arriving);
      await this.#exclusively(async () => {
        const key = keyOf(diffId);
        const before = this.#layers.get(key);
        this.#layers.set(key, { ...(await storage.adopt(key, path)), storage });
        this.#stacks.clear();
        if (before && before.storage !== storage) await before.storage.remove(key);
      });
    } catch (thrown) {
      await removeTree(path);
      throw diskProblem(thrown, "keep an unpacked layer");
    }
  }

  async #freeBytes(): Promise<number> {
    const { bavail, blocks, bsize } = await statfs(this.#options.directory);
    return Math.max(0, Math.floor(bavail * bsize - Math.min(maxReserveBytes, (blocks * bsize) / 20)));
  }

  /** What a stack needs besides its layers is the same each time. */
  async #facts(
    chain: StorageKey,
    keys: readonly StorageKey[],
    storages: readonly LayerStorage[],
    attached: readonly string[],
  ): Promise<StackFacts> {
    const known = this.#stacks.get(chain);
    if (known && (!known.isCorrected || (await this.#options.storages[0].has(chain)))) return known;
    const views: LayerView[] = [];
    for (const [index, storage] of storages.entries()) {
      const implicit = await storage.implicitDirectories(keys[index] ?? chain);
      views.push({ directory: attached[index] ?? "", implicit });
    }
    const firstShown = Math.max(0, views.findLastIndex(hidesAllBelow));
    const shown = views.slice(firstShown);
    const isCorrected = await this.#correct(chain, shown);
    const facts = { firstShown, root: await rootAttributes(shown), isCorrected };
    if (this.#stacks.size >= maxKnownStacks) this.#stacks.clear();
    this.#stacks.set(chain, facts);
    return facts;
  }

  /** Makes the corrections of a stack; false when it needs none. */
  async #correct(chain: StorageKey, views: readonly LayerView[]): Promise<boolean> {
    const [storage] = this.#options.storages;
    if (await storage.has(chain)) return true;
    const corrections = await findMisplacedParents(views);
    if (corrections.size === 0) return false;
    const path = this.#temporary();
    try {
      writeCorrections(await openOutput(storage.format, path, maxCorrectionBytes), corrections);
      await storage.adopt(chain, path);
    } catch (thrown) {
      await removeTree(path);
      throw thrown;
    }
    return true;
  }

  /** Corrections are made anew when they are needed again. */
  /** The usual case where many containers have one image: nothing to look for on the disk. */
  #areAllUsed(keys: ReadonlySet<StorageKey>): boolean {
    return [...keys].every((key) => [...this.#owners.values()].some((owned) => owned.has(key)));
  }

  async #detachUnused(): Promise<void> {
    const used = new Set([...this.#owners.values()].flatMap((keys) => [...keys]));
    for (const storage of this.#options.storages) {
      for (const key of await storage.attached()) if (!used.has(key)) await storage.detach(key);
      for (const key of await storage.corrections()) if (!used.has(key)) await storage.remove(key);
    }
  }

  #known(key: StorageKey): KnownLayer {
    const layer = this.#layers.get(key);
    if (!layer) throw new Problem("not-found", `layer ${key} is not on this node`);
    return layer;
  }

  /** Mounts and records change one after the other: each change takes a moment. */
  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  get #temporaryDirectory(): string {
    return join(this.#options.directory, "tmp");
  }

  #temporary(): string {
    return join(this.#temporaryDirectory, `unpacking-${this.#options.random.uuid()}`);
  }
}

function keyOf(diffId: string): StorageKey {
  return `sha256:${diffId.replace("sha256:", "")}`;
}

function chainKey(diffIds: readonly string[]): StorageKey {
  return `chain:${hexOf(keyOf(chainId(diffIds)))}`;
}

/** overlayfs asks no layer's root whether it hides the ones below; an archive may say so. */
function hidesAllBelow(view: LayerView): boolean {
  return getXattr(view.directory, "trusted.overlay.opaque") !== undefined;
}

async function rootAttributes(layers: readonly LayerView[]): Promise<DirectoryAttributes> {
  const view = layers.findLast((layer) => !layer.implicit.has(""));
  if (!view) return { mode: 0o755, uid: 0, gid: 0 };
  const stats = await stat(view.directory);
  return { mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid };
}

function findingOf(diffId: string, found: LayerFinding["damaged"] | string): LayerFinding | undefined {
  if (typeof found === "string") return { diffId, message: found, damaged: [] };
  if (found.length === 0) return undefined;
  const bytes = found.reduce((sum, { length }) => sum + length, 0);
  const message = `${found.length} of its parts (${bytes} bytes) are not what was written`;
  return { diffId, message, damaged: found };
}
