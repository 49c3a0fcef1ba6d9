/** The images of this node: blobs, unpacked layers and records below one directory. */
import { statfs } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { emptyDirectory, makeDirectory, removeTree } from "../host/files.ts";
import type { ImageShelf } from "./administration/image-shelf.ts";
import type { ArchivedImage } from "./archive/archived-image.ts";
import { readArchive } from "./archive/read-archive.ts";
import { spoolArchive } from "./archive/spool.ts";
import type { BlobPeers } from "./blob-source.ts";
import { BlobStore } from "./blob-store.ts";
import { type ImageRecord, ImageRecords } from "./image-records.ts";
import type { Image, ImageStore, PullOptions, PushedImage, PushOptions, RegistrySettings } from "./image-store.ts";
import type { LayerRepair, LayerStore } from "./layers/layer-store.ts";
import type { LayerStoreChoice, LayerStoreKind } from "./layers/layer-store-kind.ts";
import { type OpenedLayerStore, openLayerStore } from "./layers/open-layer-store.ts";
import { UnpackPool } from "./layers/unpack-pool.ts";
import type { Holdings } from "./peers/image-reports.ts";
import { hostPlatform } from "./platform.ts";
import { ImagePuller } from "./pull.ts";
import { pushDocument } from "./push-document.ts";
import { digestUnder, formatReference, isDigest, parseReference, type Reference } from "./reference.ts";

export interface LocalImageStoreOptions {
  /** Below the node's data directory. */
  readonly directory: string;
  /** Path of layers/unpack-worker.ts, or of its bundle. */
  readonly unpackWorkerPath: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Read at each pull: a change needs no restart. */
  readonly registries: () => readonly RegistrySettings[];
  /** `process.arch`. */
  readonly architecture: string;
  /** Other nodes, asked before the registry. */
  readonly peers?: BlobPeers | undefined;
  /** Layers unpacked at a time. Default 2. */
  readonly unpackWorkers?: number;
  /** How layers are kept. Default: the first kind that works here. */
  readonly layerStore?: LayerStoreKind | undefined;
}

/** How long a download that was cut is kept for the next attempt. */
const partialLifetimeMs = 24 * 60 * 60 * 1000;
/** Repositories that a push asks for each blob at most. */
const maxMountSources = 3;
const maxPartialBytes = 5 * 1024 * 1024 * 1024;

export class LocalImageStore implements ImageStore {
  readonly layers: LayerStore & LayerRepair;
  readonly layerStore: LayerStoreChoice;
  readonly blobs: BlobStore;
  readonly #options: LocalImageStoreOptions;
  readonly #blobs: BlobStore;
  readonly #records: ImageRecords;
  readonly #puller: ImagePuller;
  /** DiffIDs and blob digests that work in progress counts on. */
  readonly #pins = new Map<string, number>();
  #layersInUse: () => ReadonlySet<string> = () => new Set();
  #onChange: () => void = () => undefined;

  private constructor(
    options: LocalImageStoreOptions,
    blobs: BlobStore,
    records: ImageRecords,
    { store: layers, choice }: OpenedLayerStore,
  ) {
    this.#options = options;
    this.#blobs = blobs;
    this.blobs = blobs;
    this.#records = records;
    this.layers = layers;
    this.layerStore = choice;
    this.#puller = new ImagePuller({ ...options, blobs, layers, freeBytes: () => this.#freeBytes() });
  }

  static async open(options: LocalImageStoreOptions): Promise<LocalImageStore> {
    const { directory, clock, random, logger } = options;
    await makeDirectory(directory);
    await emptyDirectory(join(directory, "ingest"));
    const pool = new UnpackPool({ workerPath: options.unpackWorkerPath, clock, size: options.unpackWorkers ?? 2 });
    const { layerStore: kind } = options;
    const layers = await openLayerStore({ directory: join(directory, "layers"), pool, random, logger, kind });
    const blobs = await BlobStore.open(join(directory, "blobs"));
    const records = await ImageRecords.open(directory, logger);
    return new LocalImageStore(options, blobs, records, layers);
  }

  /** Who mounts layers says so here: those are not removed. */
  protectLayers(layersInUse: () => ReadonlySet<string>): void {
    this.#layersInUse = layersInUse;
  }

  /** Called when images or names came or went. */
  onChange(listener: () => void): void {
    this.#onChange = listener;
  }

  /** What other nodes can have from here, and what tags mean here. */
  async holdings(): Promise<Holdings> {
    const names = this.#records.all().flatMap((record) => {
      if (!this.#isWhole(record)) return [];
      const all = this.#records.namesOf(record.digest);
      return all.flatMap((name) => {
        const reference = parseReference(name);
        if (reference.digest !== undefined) return [];
        const digest = digestUnder({ digest: record.digest, names: all }, reference);
        const local = !all.some((one) => one.startsWith(`${reference.domain}/${reference.path}@`));
        return [{ name, digest, local }];
      });
    });
    return { blobs: await this.#blobs.list(), names };
  }

  async find(reference: string): Promise<Image | undefined> {
    const record = this.#lookUp(reference);
    return record && this.#isWhole(record) ? this.#image(record) : undefined;
  }

  async list(): Promise<readonly Image[]> {
    return this.#records
      .all()
      .filter((record) => this.#isWhole(record))
      .map((record) => this.#image(record));
  }

  resolve(reference: string, options: Pick<PullOptions, "credentials">, signal: AbortSignal): Promise<string> {
    return this.#puller.resolve(parseReference(reference), options, signal);
  }

  async pull(reference: string, options: PullOptions, signal: AbortSignal): Promise<Image> {
    const parsed = parseReference(reference);
    const unpin = (keys: readonly string[]): void => this.#unpin(keys);
    const record = await this.#puller.pull(parsed, options, signal, {
      pin: (keys) => this.#pin(keys),
      unpin,
      commit: (found, digest) => this.#records.add([found], this.#namesFor(parsed, digest, found, options)),
    });
    this.#onChange();
    return this.#image(record);
  }

  async load(archive: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<readonly Image[]> {
    const directory = join(this.#options.directory, "ingest", this.#options.random.uuid());
    const pinned: string[] = [];
    try {
      const spool = await spoolArchive(archive, directory, signal);
      const images = await readArchive(spool, hostPlatform(this.#options.architecture), directory);
      pinned.push(...images.flatMap((image) => keysOf(image.record)));
      this.#pin(pinned);
      for (const image of images) await this.#keep(image, signal);
      const records = images.map((image) => image.record);
      const names = new Map(images.flatMap((image) => image.names.map((name) => [name, image.record.digest] as const)));
      await this.#records.add(records, names);
      this.#onChange();
      return records.map((record) => this.#image(record));
    } finally {
      this.#unpin(pinned);
      await removeTree(directory);
    }
  }

  async push(reference: string, destination: string, options: PushOptions, signal: AbortSignal): Promise<PushedImage> {
    const record = this.#lookUp(reference);
    if (!record) throw new Problem("not-found", `image ${reference} is not on this node`);
    const target = parseReference(destination);
    const keys = keysOf(record);
    this.#pin(keys);
    try {
      const document = await pushDocument(record, this.#blobs);
      const mountFrom = this.#siblings(record, target);
      await this.#puller.push(document, target, { ...options, mountFrom }, signal);
      return { name: formatReference(target), digest: document.digest };
    } finally {
      this.#unpin(keys);
    }
  }

  /** Other repositories of the same registry that this image came from: they have its blobs. */
  #siblings(record: ImageRecord, target: Reference): readonly string[] {
    const names = this.#records.namesOf(record.digest).map(parseReference);
    const there = names.filter(({ domain, path }) => domain === target.domain && path !== target.path);
    return [...new Set(there.map(({ path }) => path))].slice(0, maxMountSources);
  }

  async remove(reference: string): Promise<void> {
    const record = this.#lookUp(reference);
    if (!record) return;
    // A name goes alone; a digest or id takes the image with all its names.
    const isName = !isIdentifier(reference) && parseReference(reference).digest === undefined;
    if (isName) await this.#records.removeNames(this.#goingWith(formatReference(parseReference(reference)), record));
    else await this.#records.remove(record.digest);
    this.#onChange();
    await this.collectGarbage();
    this.#onChange();
  }

  /** By digest for ever; by tag when the tag was asked for, has just been looked up, or is unknown here. */
  #namesFor(
    reference: Reference,
    digest: string,
    record: ImageRecord,
    { movesTag }: PullOptions,
  ): ReadonlyMap<string, string> {
    const names = new Map([[formatReference({ ...reference, digest }), record.digest]]);
    if (reference.tag === undefined) return names;
    const tagged = formatReference({ ...reference, digest: undefined });
    const moves = reference.digest === undefined || movesTag || !this.#records.byName(tagged);
    return moves ? names.set(tagged, record.digest) : names;
  }

  /** With its last tag an image loses the names by digest too. */
  #goingWith(name: string, record: ImageRecord): readonly string[] {
    const others = this.#records.namesOf(record.digest).filter((one) => one !== name);
    return others.every((one) => one.includes("@")) ? [name, ...others] : [name];
  }

  /** Removes layers and blobs that no image, no root filesystem and no work in progress needs. */
  async collectGarbage(): Promise<void> {
    // Asked anew for each: what is needed changes while files are being removed.
    const isNeeded = (key: string): boolean =>
      this.#pins.has(key) ||
      this.#layersInUse().has(key) ||
      this.#records.all().some((record) => keysOf(record).includes(key)) ||
      this.#records.isInName(key);
    for (const diffId of this.layers.list()) if (!isNeeded(diffId)) await this.layers.remove(diffId);
    for (const digest of await this.#blobs.list()) if (!isNeeded(digest)) await this.#blobs.remove(digest);
    await this.#blobs.prunePartials(this.#options.clock.nowMs() - partialLifetimeMs, maxPartialBytes);
  }

  /** For those who show, mend and tidy up what is here. */
  get shelf(): ImageShelf {
    return {
      records: this.#records,
      blobs: this.#blobs,
      layers: this.layers,
      directory: this.#options.directory,
      lookUp: (reference) => this.#lookUp(reference),
      isWhole: (record) => this.#isWhole(record),
      remove: (reference) => this.remove(reference),
      changed: () => this.#onChange(),
      holding: async (record, work) => {
        const keys = keysOf(record);
        this.#pin(keys);
        return work().finally(() => this.#unpin(keys));
      },
      fetchLayer: (reference, record, diffId, signal) => this.#puller.fetchLayer(reference, record, diffId, signal),
    };
  }

  async close(): Promise<void> {
    await this.layers.close();
    await this.#puller.close();
  }

  async #keep(image: ArchivedImage, signal: AbortSignal): Promise<void> {
    for (const blob of image.blobs) {
      if ((await this.#blobs.sizeBytes(blob.digest)) === undefined) await this.#blobs.adopt(blob.path, blob.digest);
    }
    const unpack = image.record.layers.map(({ digest, diffId }) =>
      this.layers.add({ diffId, blobPath: this.#blobs.path(digest) }, signal),
    );
    await Promise.all(unpack).catch(async (thrown) => {
      await Promise.allSettled(unpack); // nobody reads the blobs any more when this is over
      throw thrown;
    });
  }

  #lookUp(reference: string): ImageRecord | undefined {
    if (isIdentifier(reference)) {
      const digest = reference.startsWith("sha256:") ? reference : `sha256:${reference}`;
      return this.#records.byDigest(digest) ?? this.#records.byId(digest);
    }
    const parsed = parseReference(reference);
    const named = this.#records.byName(formatReference(parsed));
    if (named || parsed.digest === undefined) return named;
    // A digest names the same content in every repository; it must be known under this one.
    const record = this.#records.byDigest(parsed.digest);
    const isOfRepository = (name: string): boolean => {
      const known = parseReference(name);
      return known.domain === parsed.domain && known.path === parsed.path;
    };
    return record && this.#records.namesOf(record.digest).some(isOfRepository) ? record : undefined;
  }

  #isWhole(record: ImageRecord): boolean {
    return record.layers.every(({ diffId }) => this.layers.has(diffId));
  }

  #image(record: ImageRecord): Image {
    const diffIds = record.layers.map(({ diffId }) => diffId);
    const names = this.#records.namesOf(record.digest);
    const sizeBytes = diffIds.reduce((sum, diffId) => sum + this.layers.sizeBytes(diffId), 0);
    return { digest: record.digest, id: record.id, names, config: record.config, sizeBytes, diffIds };
  }

  async #freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#options.directory);
    return bavail * bsize;
  }

  #pin(keys: readonly string[]): void {
    for (const key of keys) this.#pins.set(key, (this.#pins.get(key) ?? 0) + 1);
  }

  #unpin(keys: readonly string[]): void {
    for (const key of keys) {
      const count = (this.#pins.get(key) ?? 0) - 1;
      if (count > 0) this.#pins.set(key, count);
      else this.#pins.delete(key);
    }
  }
}

/** All that an image is made of. */
function keysOf(record: ImageRecord): readonly string[] {
  return [record.digest, record.id, ...record.layers.flatMap(({ digest, diffId }) => [digest, diffId])];
}

function isIdentifier(reference: string): boolean {
  return /^[a-f0-9]{64}$/.test(reference) || (reference.startsWith("sha256:") && isDigest(reference));
}
