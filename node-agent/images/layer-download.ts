/** Fetches an image's layers side by side and unpacks each as soon as it is here. Each blob comes from the first source that has it. */
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { BlobContent, BlobPeers, BlobSource, WantedBlob } from "./blob-source.ts";
import type { BlobStore } from "./blob-store.ts";
import { ConcurrencyLimit } from "./concurrency-limit.ts";
import type { ImageRecord } from "./image-records.ts";
import type { LayerProgress, PullOptions } from "./image-store.ts";
import type { LayerStore } from "./layers/layer-store.ts";
import type { Reference } from "./reference.ts";
import type { ImageOrigin } from "./registry/image-origin.ts";
import { type RetryOptions, retrying } from "./registry/retrying.ts";

export interface LayerDownloadOptions extends RetryOptions {
  readonly blobs: BlobStore;
  readonly layers: LayerStore;
  readonly peers: BlobPeers;
  readonly origin: ImageOrigin;
  readonly image: Reference;
  readonly record: ImageRecord;
  /** The image, for messages. */
  readonly object: string;
  readonly onProgress: PullOptions["onProgress"];
  readonly onLayer?: PullOptions["onLayer"];
  readonly layersAtOnce: number;
  readonly logger: Logger;
}

type Layer = ImageRecord["layers"][number];

export class LayerDownload {
  readonly #options: LayerDownloadOptions;
  readonly #totalBytes: number;
  #doneBytes = 0;
  /** By digest: ends the wait for a download that was not needed. */
  readonly #arrivals = new Map<string, AbortController>();

  constructor(options: LayerDownloadOptions) {
    this.#options = options;
    this.#totalBytes = options.record.layers.reduce((sum, layer) => sum + layer.size, 0);
  }

  async run(signal: AbortSignal): Promise<void> {
    const { layers, blobs, record, layersAtOnce } = this.#options;
    const downloads = new ConcurrencyLimit(layersAtOnce);
    const failure = new AbortController();
    const both = AbortSignal.any([signal, failure.signal]);
    // The largest first: what is left for the end is soon done, by whoever is free.
    const largestFirst = uniqueLayers(record).toSorted((one, other) => other.size - one.size);
    const tasks = largestFirst.map(async (layer) => {
      if (layers.has(layer.diffId)) return this.#present(layer);
      const isUnpacked = await this.#fetchAndUnpack(layer, downloads, both);
      if (!isUnpacked) {
        this.#tell(layer, { doneBytes: layer.size, state: "unpacking" });
        await layers.add({ diffId: layer.diffId, blobPath: blobs.path(layer.digest) }, both);
      }
      return this.#tell(layer, { doneBytes: layer.size, state: "done" });
    });
    // The first failure stops the others; none may still be writing when we return.
    for (const task of tasks) task.catch((thrown) => failure.abort(thrown));
    await Promise.allSettled(tasks);
    if (signal.aborted) throw Problem.from(signal.reason);
    if (failure.signal.aborted) throw Problem.from(failure.signal.reason);
  }

  /** True when the layer was unpacked while it came: that is worth a try, and nothing but time is lost when it fails. */
  async #fetchAndUnpack(layer: Layer, downloads: ConcurrencyLimit, signal: AbortSignal): Promise<boolean> {
    const stop = new AbortController();
    const early = this.#unpackAlong(layer, AbortSignal.any([signal, stop.signal])).catch((thrown: unknown) => {
      const error = Problem.from(thrown).message;
      if (!stop.signal.aborted) this.#options.logger.info({ blob: layer.digest, error }, "unpacking along failed");
      return false;
    });
    try {
      await downloads.run(signal, () => this.fetch(layer, signal));
    } catch (thrown) {
      stop.abort(thrown);
      await early; // nobody may still be writing
      throw thrown;
    }
    this.#arrivals.get(layer.digest)?.abort();
    this.#tell(layer, { doneBytes: layer.size, state: "unpacking" });
    return early;
  }

  /** Waits for the download to begin, then reads along. False when there was nothing to read along. */
  async #unpackAlong(layer: Layer, signal: AbortSignal): Promise<boolean> {
    const { blobs, layers } = this.#options;
    const here = new AbortController();
    this.#arrivals.set(layer.digest, here);
    const begun = blobs.nextArrival(layer.digest, AbortSignal.any([signal, here.signal]));
    begun.catch(() => undefined);
    if (!blobs.growing(layer.digest)) await begun.catch(() => undefined);
    signal.throwIfAborted();
    const arriving = blobs.growing(layer.digest);
    if (!arriving) return false;
    await layers.add({ diffId: layer.diffId, blobPath: arriving.path, arriving }, signal);
    return true;
  }

  #present(layer: Layer): void {
    this.#advance(layer.size);
    this.#tell(layer, { doneBytes: layer.size, state: "here" });
  }

  #tell(layer: Layer, progress: Pick<LayerProgress, "doneBytes" | "state" | "source">): void {
    this.#options.onLayer?.({ digest: layer.digest, totalBytes: layer.size, ...progress });
  }

  /** The layer's blob alone. Each attempt goes on from where the one before was cut, whatever its source. */
  async fetch(layer: Layer, signal: AbortSignal): Promise<void> {
    const { blobs, peers, image, object } = this.#options;
    const wanted: WantedBlob = { digest: layer.digest, size: layer.size, image };
    if ((await blobs.sizeBytes(layer.digest)) === layer.size) return this.#advance(layer.size);
    let reached = 0;
    const onSize = (bytes: number): void => {
      if (bytes <= reached) return;
      this.#advance(bytes - reached);
      reached = bytes;
    };
    const name = `layer ${layer.digest} of ${object}`;
    const attempt = (): Promise<void> => this.#fromAnySource(wanted, layer, name, signal, onSize);
    try {
      await retrying(this.#options, signal, attempt, () => reached);
    } catch (thrown) {
      peers.failed(wanted);
      throw thrown;
    }
    onSize(layer.size); // another image's download may have brought it
    peers.stored(wanted);
  }

  async #fromAnySource(
    wanted: WantedBlob,
    layer: Layer,
    name: string,
    signal: AbortSignal,
    onSize: (bytes: number) => void,
  ): Promise<void> {
    const { blobs, peers, origin } = this.#options;
    const sources: readonly BlobSource[] = [...(await peers.sources(wanted, signal)), ...origin.sources(wanted)];
    let last: Problem | undefined;
    for (const source of sources) {
      const keptBytes = await blobs.presentBytes(wanted.digest);
      last = await this.#fromSource(source, layer, name, signal, onSize);
      // What an earlier source left may be what was wrong: it is thrown away by now, and this one begins at the start.
      if (last?.code === "invalid" && keptBytes > 0) last = await this.#fromSource(source, layer, name, signal, onSize);
      if (!last) return;
    }
    throw last ?? new Problem("internal", `${name} has no source`);
  }

  /** What it failed with; throws what is no fault of the source. */
  async #fromSource(
    source: BlobSource,
    layer: Layer,
    name: string,
    signal: AbortSignal,
    onSize: (bytes: number) => void,
  ): Promise<Problem | undefined> {
    const onBytes = (doneBytes: number): void => {
      onSize(doneBytes);
      this.#tell(layer, { doneBytes, state: "fetching", source: source.name });
    };
    try {
      const open = (offset: number, flight: AbortSignal): Promise<BlobContent> => source.open(offset, flight);
      await this.#options.blobs.ensure(layer, name, open, signal, onBytes);
      return undefined;
    } catch (thrown) {
      const problem = Problem.from(thrown);
      // A full disk is full for every source.
      if (signal.aborted || problem.code === "too-large") throw problem;
      const fields = { blob: layer.digest, source: source.name, error: problem.message };
      this.#options.logger.info(fields, "a source of a layer failed");
      return problem;
    }
  }

  #advance(bytes: number): void {
    this.#doneBytes = Math.min(this.#totalBytes, this.#doneBytes + bytes);
    this.#options.onProgress?.({ doneBytes: this.#doneBytes, totalBytes: this.#totalBytes });
  }
}

/** Images may name one layer twice. */
function uniqueLayers(record: ImageRecord): ImageRecord["layers"] {
  return [...new Map(record.layers.map((layer) => [layer.diffId, layer])).values()];
}
