/** The images of this node: blobs, unpacked layers and records below one directory. */
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
import { type DiskRoom, defaultWatermarks, type Watermarks } from "./garbage/disk-room.ts";
import { ImageJanitor, type JanitorOptions } from "./garbage/image-janitor.ts";
import { ImageUpkeep, keysOf } from "./garbage/image-upkeep.ts";
import { isIdentifier, lookUp, lookUpNamed, lookUpTyped } from "./image-lookup.ts";
import { type ImageRecord, ImageRecords } from "./image-records.ts";
import type { Image, ImageStore, PullOptions, PushedImage, PushOptions, RegistrySettings } from "./image-store.ts";
import type { LayerRepair, LayerStore } from "./layers/layer-store.ts";
import type { LayerStoreChoice, LayerStoreKind } from "./layers/layer-store-kind.ts";
import { type OpenedLayerStore, openLayerStore } from "./layers/open-layer-store.ts";
import { UnpackPool } from "./layers/unpack-pool.ts";
import type { Holdings } from "./peers/image-reports.ts";
import { hostPlatform } from "./platform.ts";
import { ImagePuller, type ImagePullerOptions } from "./pull.ts";
import { pushDocument } from "./push-document.ts";
import { digestUnder, formatReference, parseReference, type Reference } from "./reference.ts";

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
  /** For tests of registries that hang. */
  readonly impatience?: ImagePullerOptions["impatience"];
  /** What garbage collection goes by. */
  readonly garbage?: GarbageOptions | undefined;
  /** Layers unpacked at a time. Default 2. */
  readonly unpackWorkers?: number;
  /** How layers are kept. Default: the first kind that works here. */
  readonly layerStore?: LayerStoreKind | undefined;
}

/** Repositories that a push asks for each blob at most. */
const maxMountSources = 3;
/** As the kubelet: a pod may be about to name an image that has just come. */
const defaultMinAgeMs = 2 * 60_000;

export interface GarbageOptions {
  readonly watermarks?: Watermarks;
  readonly minAgeMs?: number;
  /** Images that the pods of this node name. */
  readonly podImages?: () => readonly string[];
  readonly neededNames?: JanitorOptions["neededNames"];
  readonly warn?: JanitorOptions["warn"];
}

export class LocalImageStore implements ImageStore {
  readonly layers: LayerStore & LayerRepair;
  readonly layerStore: LayerStoreChoice;
  readonly blobs: BlobStore;
  readonly #options: LocalImageStoreOptions;
  readonly #blobs: BlobStore;
  readonly #records: ImageRecords;
  readonly #puller: ImagePuller;
  readonly #upkeep: ImageUpkeep;
  readonly #janitor: ImageJanitor;
  #onChange: () => void = () => undefined;
  #adopting: Promise<void> = Promise.resolve();

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
    const { directory, clock, logger, garbage = {} } = options;
    this.#upkeep = new ImageUpkeep({
      ...{ directory, records, blobs, layers },
      lookUp: (reference) => lookUpNamed(records, reference),
      podImages: garbage.podImages ?? (() => []),
      clock,
      onRemoved: () => this.#onChange(),
    });
    this.#janitor = new ImageJanitor({
      store: this.#upkeep,
      watermarks: garbage.watermarks ?? defaultWatermarks,
      minAgeMs: garbage.minAgeMs ?? defaultMinAgeMs,
      neededNames: garbage.neededNames ?? (async () => undefined),
      warn: garbage.warn ?? (() => undefined),
      ...{ clock, logger },
    });
    const makeRoom = (bytes: number): Promise<DiskRoom> => this.#janitor.makeRoom(bytes);
    this.#puller = new ImagePuller({ ...options, blobs, layers, makeRoom });
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
    this.#upkeep.protectLayers(layersInUse);
  }

  /** From now on the disk is kept below its watermark. What a crash left of a pull waits for the next attempt. */
  startUpkeep(): void {
    const adopted = this.#upkeep.adoptUnfinished().catch((thrown: unknown) => {
      const error = Problem.from(thrown).message;
      this.#options.logger.error(
        { error },
        "what an earlier agent had fetched cannot be looked up; it is fetched again",
      );
    });
    this.#adopting = adopted.then(() => this.#sweepSoon());
    this.#janitor.start();
  }

  /** Does the work, then removes what nobody needs, also what failed pulls have left. Returns the bytes that were freed. */
  async tidy(work: () => Promise<void>): Promise<number> {
    const before = this.#upkeep.freedBytes;
    await work();
    await this.#upkeep.sweep("unwanted");
    this.#onChange();
    return this.#upkeep.freedBytes - before;
  }

  /** Removes what nobody needs until `bytes` can be used, or nothing more may go. */
  async makeRoom(bytes: number): Promise<void> {
    await this.#janitor.makeRoom(bytes);
    await this.#upkeep.settled();
  }

  /** What was removed is gone from the disk. */
  async settled(): Promise<void> {
    await this.#adopting;
    await this.#upkeep.settled();
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
    const record = lookUp(this.#records, reference);
    if (!record || !this.#isWhole(record)) return undefined;
    await this.#used(record);
    return this.#image(record);
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
    const { unfinished } = this.#upkeep;
    const name = formatReference(parsed);
    const wasWanted = unfinished.isWanted(name);
    const keys: string[] = [];
    const pulling = this.#puller.pull(parsed, options, signal, {
      pin: (more) => {
        keys.push(...more);
        this.#upkeep.pin(more);
      },
      unpin: (all) => this.#upkeep.unpin(all),
      commit: (found, digest) => this.#records.add([found], this.#namesFor(parsed, digest, found, options)),
    });
    const record = await pulling.catch((thrown: unknown) => {
      // What is broken or hostile will not get better: nothing of it is kept for another attempt.
      if (Problem.from(thrown).code === "invalid") this.#sweepSoon();
      else unfinished.failed(name, keys, wasWanted);
      throw thrown;
    });
    unfinished.finished(keysOf(record));
    await this.#used(record);
    this.#onChange();
    return this.#image(record);
  }

  #used(record: ImageRecord): Promise<void> {
    return this.#records.touch(record.digest, this.#options.clock.nowMs());
  }

  async load(archive: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<readonly Image[]> {
    const directory = join(this.#options.directory, "ingest", this.#options.random.uuid());
    const pinned: string[] = [];
    try {
      const spool = await spoolArchive(archive, directory, signal);
      const images = await readArchive(spool, hostPlatform(this.#options.architecture), directory);
      pinned.push(...images.flatMap((image) => keysOf(image.record)));
      this.#upkeep.pin(pinned);
      for (const image of images) await this.#keep(image, signal);
      const records = images.map((image) => image.record);
      const names = new Map(images.flatMap((image) => image.names.map((name) => [name, image.record.digest] as const)));
      await this.#records.add(records, names);
      for (const record of records) await this.#used(record);
      this.#onChange();
      return records.map((record) => this.#image(record));
    } finally {
      this.#upkeep.unpin(pinned);
      await removeTree(directory);
    }
  }

  async push(reference: string, destination: string, options: PushOptions, signal: AbortSignal): Promise<PushedImage> {
    const record = lookUpTyped(this.#records, reference);
    if (!record) throw new Problem("not-found", `image ${reference} is not on this node`);
    const target = parseReference(destination);
    const keys = keysOf(record);
    this.#upkeep.pin(keys);
    try {
      const document = await pushDocument(record, this.#blobs);
      const mountFrom = this.#siblings(record, target);
      await this.#puller.push(document, target, { ...options, mountFrom }, signal);
      return { name: formatReference(target), digest: document.digest };
    } finally {
      this.#upkeep.unpin(keys);
    }
  }

  /** Other repositories of the same registry that this image came from: they have its blobs. */
  #siblings(record: ImageRecord, target: Reference): readonly string[] {
    const names = this.#records.namesOf(record.digest).map(parseReference);
    const there = names.filter(({ domain, path }) => domain === target.domain && path !== target.path);
    return [...new Set(there.map(({ path }) => path))].slice(0, maxMountSources);
  }

  async remove(reference: string): Promise<void> {
    const record = lookUpTyped(this.#records, reference);
    if (!record) return;
    // A name goes alone; a digest or id takes the image with all its names.
    const isName = !isIdentifier(reference) && parseReference(reference).digest === undefined;
    if (isName) await this.#records.removeNames(this.#goingWith(formatReference(parseReference(reference)), record));
    else await this.#records.remove(record.digest);
    this.#onChange();
    this.#sweepSoon();
  }

  /** In the background: for whoever removed something it is gone already. */
  #sweepSoon(): void {
    this.#upkeep.sweep().then(
      () => this.#onChange(),
      (thrown: unknown) => {
        const error = Problem.from(thrown).message;
        this.#options.logger.error({ error }, "what no image needs could not be removed; it is tried again later");
      },
    );
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

  /** For those who show, mend and tidy up what is here. */
  get shelf(): ImageShelf {
    return {
      records: this.#records,
      blobs: this.#blobs,
      layers: this.layers,
      directory: this.#options.directory,
      lookUp: (reference) => lookUpTyped(this.#records, reference),
      isWhole: (record) => this.#isWhole(record),
      remove: (reference) => this.remove(reference),
      tidy: (work) => this.tidy(work),
      changed: () => this.#onChange(),
      holding: async (record, work) => {
        const keys = keysOf(record);
        this.#upkeep.pin(keys);
        return work().finally(() => this.#upkeep.unpin(keys));
      },
      fetchLayer: (reference, record, diffId, signal) => this.#puller.fetchLayer(reference, record, diffId, signal),
    };
  }

  async close(): Promise<void> {
    await this.#janitor.stop();
    await this.settled();
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

  #isWhole(record: ImageRecord): boolean {
    return record.layers.every(({ diffId }) => this.layers.has(diffId));
  }

  #image(record: ImageRecord): Image {
    const diffIds = record.layers.map(({ diffId }) => diffId);
    const names = this.#records.namesOf(record.digest);
    const sizeBytes = diffIds.reduce((sum, diffId) => sum + this.layers.sizeBytes(diffId), 0);
    return { digest: record.digest, id: record.id, names, config: record.config, sizeBytes, diffIds };
  }
}
