/** What of this node's images is needed, by whom, and since when not: removes what is not. */
import type { Clock } from "#proto/kit/clock.ts";
import type { BlobStore } from "../blob-store.ts";
import type { ImageRecord, ImageRecords } from "../image-records.ts";
import type { LayerStore } from "../layers/layer-store.ts";
import { type DiskRoom, readDisk } from "./disk-room.ts";
import type { JanitorStore, KeptImage } from "./image-janitor.ts";
import { type Release, UnfinishedPulls } from "./unfinished-pulls.ts";

export interface ImageUpkeepOptions {
  readonly directory: string;
  readonly records: ImageRecords;
  readonly blobs: BlobStore;
  readonly layers: LayerStore;
  /** Record of an image as a pod names it. */
  readonly lookUp: (reference: string) => ImageRecord | undefined;
  /** Images that the pods of this node name. */
  readonly podImages: () => readonly string[];
  readonly clock: Clock;
  /** Blobs or images are gone. */
  readonly onRemoved: () => void;
}

/** How long a download that was cut is kept for the next attempt, and how much of such there may be. */
const partialLifetimeMs = 24 * 60 * 60 * 1000;
const maxPartialBytes = 5 * 1024 * 1024 * 1024;

export class ImageUpkeep implements JanitorStore {
  readonly #options: ImageUpkeepOptions;
  /** DiffIDs and blob digests that work in progress counts on. */
  readonly #pins = new Map<string, number>();
  /** What pulls that failed have left for the next attempt. */
  readonly unfinished: UnfinishedPulls;
  #layersInUse: () => ReadonlySet<string> = () => new Set();
  #sweeping: Promise<unknown> = Promise.resolve();
  /** Since the start. */
  #freedBytes = 0;

  constructor(options: ImageUpkeepOptions) {
    this.#options = options;
    const { podImages, clock } = options;
    this.unfinished = new UnfinishedPulls({
      pin: (keys) => this.pin(keys),
      unpin: (keys) => this.unpin(keys),
      podImages,
      monotonicMs: () => clock.monotonicMs(),
    });
  }

  /** Who mounts layers says so here: those are not removed. */
  protectLayers(layersInUse: () => ReadonlySet<string>): void {
    this.#layersInUse = layersInUse;
  }

  pin(keys: Iterable<string>): void {
    for (const key of keys) this.#pins.set(key, (this.#pins.get(key) ?? 0) + 1);
  }

  unpin(keys: Iterable<string>): void {
    for (const key of keys) {
      const count = (this.#pins.get(key) ?? 0) - 1;
      if (count > 0) this.#pins.set(key, count);
      else this.#pins.delete(key);
    }
  }

  /** Freed by sweeps since the start. */
  get freedBytes(): number {
    return this.#freedBytes;
  }

  /** One after the other: resolves when all that was of no use at the call is gone. `release`: of what failed pulls have left. */
  sweep(release: Release = "stale"): Promise<void> {
    const done = this.#sweeping.then(() => this.#sweep(release));
    this.#sweeping = done.catch(() => undefined);
    return done;
  }

  async sweepStale(): Promise<void> {
    if (this.unfinished.hasStale) await this.sweep();
  }

  /** At the start: what is here and belongs to no image was being fetched when the agent before ended, as likely as not. */
  async adoptUnfinished(): Promise<void> {
    const { records, layers, blobs } = this.#options;
    const all = [...layers.list(), ...(await blobs.list())];
    this.unfinished.found(all.filter((key) => !records.isPart(key) && !records.isInName(key)));
  }

  /** Nothing is being removed. */
  async settled(): Promise<void> {
    await this.#sweeping;
  }

  async kept(nowMs: number): Promise<readonly KeptImage[]> {
    const { records, podImages, lookUp } = this.#options;
    const mounted = this.#layersInUse();
    const named = new Set(podImages().map((image) => lookUp(image)?.digest));
    const kept: KeptImage[] = [];
    for (const record of records.all()) {
      const isMounted = record.layers.length > 0 && record.layers.every(({ diffId }) => mounted.has(diffId));
      const isInUse = isMounted || named.has(record.digest) || this.#pins.has(record.digest);
      if (isInUse) await records.touch(record.digest, nowMs);
      const names = records.namesOf(record.digest);
      const isLocal = !names.some((name) => name.includes("@"));
      const usedAtMs = records.usedAtMs(record.digest) ?? nowMs;
      kept.push({ digest: record.digest, names, usedAtMs, isInUse, isLocal, blobs: await this.#layerBlobs(record) });
    }
    return kept;
  }

  async removeBlob(digest: string): Promise<void> {
    if (this.#pins.has(digest)) return;
    await this.#options.blobs.remove(digest);
    this.#options.onRemoved();
  }

  async removeImage(digest: string): Promise<void> {
    await this.#options.records.remove(digest);
    await this.sweep();
    this.#options.onRemoved();
  }

  disk(): Promise<DiskRoom> {
    return readDisk(this.#options.directory);
  }

  async #layerBlobs(record: ImageRecord): Promise<KeptImage["blobs"]> {
    const found: { readonly digest: string; readonly size: number }[] = [];
    for (const { digest } of record.layers) {
      const size = this.#pins.has(digest) ? undefined : await this.#options.blobs.sizeBytes(digest);
      if (size !== undefined) found.push({ digest, size });
    }
    return found;
  }

  /** Removes layers and blobs that no image, no root filesystem and no work in progress needs. */
  async #sweep(release: Release): Promise<void> {
    const { records, layers, blobs, clock } = this.#options;
    // Asked anew for each: what is needed changes while files are being removed.
    const isNeeded = (key: string): boolean =>
      this.#pins.has(key) || this.#layersInUse().has(key) || records.isPart(key) || records.isInName(key);
    const released = new Set(this.unfinished.release(release));
    for (const diffId of layers.list()) {
      if (isNeeded(diffId)) continue;
      this.#freedBytes += layers.sizeBytes(diffId);
      await layers.remove(diffId);
    }
    for (const digest of await blobs.list()) {
      const bytes = await blobs.presentBytes(digest);
      if (isNeeded(digest)) continue; // no moment between this look and the removal
      this.#freedBytes += bytes;
      await blobs.remove(digest);
    }
    const olderThanMs = clock.nowMs() - partialLifetimeMs;
    this.#freedBytes += await blobs.prunePartials(maxPartialBytes, ({ digest, mtimeMs }) => {
      if (this.#pins.has(digest)) return false;
      return release !== "stale" || released.has(digest) || mtimeMs < olderThanMs;
    });
  }
}

/** All that an image is made of. */
export function keysOf(record: ImageRecord): readonly string[] {
  return [record.digest, record.id, ...record.layers.flatMap(({ digest, diffId }) => [digest, diffId])];
}
