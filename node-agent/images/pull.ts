/** Pulls one image: resolve, choose, fetch layers side by side, unpack each as soon as it is here, record when all is whole. */
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import type { BlobStore } from "./blob-store.ts";
import { ConcurrencyLimit } from "./concurrency-limit.ts";
import { sha256 } from "./digest.ts";
import type { ImageRecord } from "./image-records.ts";
import type { PullOptions, RegistryCredentials, RegistrySettings } from "./image-store.ts";
import { offeredPlatforms, runnableManifests } from "./index-choice.ts";
import type { LayerStore } from "./layers/layer-store.ts";
import {
  checkLayerCount,
  type Descriptor,
  type Manifest,
  maxConfigBytes,
  parseConfig,
  parseManifest,
} from "./manifest.ts";
import { checkPlatform, formatPlatform, hostPlatform } from "./platform.ts";
import { formatReference, type Reference } from "./reference.ts";
import { type FetchedManifest, RegistrySession, retrying } from "./registry/registry-session.ts";
import { RegistryTransport } from "./registry/transport.ts";
import { SingleFlight } from "./single-flight.ts";

export interface ImagePullerOptions {
  readonly blobs: BlobStore;
  readonly layers: LayerStore;
  readonly registries: () => readonly RegistrySettings[];
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly architecture: string;
  readonly freeBytes: () => Promise<number>;
}

export interface PullHooks {
  /** Keeps digests from being collected as garbage. */
  readonly pin: (keys: readonly string[]) => void;
  readonly unpin: (keys: readonly string[]) => void;
  readonly commit: (record: ImageRecord) => Promise<void>;
}

interface Resolved {
  readonly session: RegistrySession;
  readonly manifest: FetchedManifest;
}

const layersAtOnce = 3;
const maxIndexDepth = 5;

export class ImagePuller {
  readonly #options: ImagePullerOptions;
  readonly #transport: RegistryTransport;
  readonly #pulling = new SingleFlight<ImageRecord>();

  constructor(options: ImagePullerOptions) {
    this.#options = options;
    this.#transport = new RegistryTransport({ registries: options.registries });
  }

  /** Single-flight per reference and credentials: nobody gets an image by another's password. */
  async pull(reference: Reference, options: PullOptions, signal: AbortSignal, hooks: PullHooks): Promise<ImageRecord> {
    const key = `${formatReference(reference)} ${sha256(JSON.stringify(options.credentials))}`;
    return this.#pulling.run(key, signal, (flight) => this.#pull(reference, options, flight, hooks));
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  async #pull(reference: Reference, options: PullOptions, signal: AbortSignal, hooks: PullHooks): Promise<ImageRecord> {
    const object = `image ${formatReference(reference)}`;
    const { session, manifest: top } = await this.#resolve(reference, options.credentials, object, signal);
    const { manifest, digest, content } = await this.#choose(session, top, object, signal);
    const record = await this.#readConfig(session, manifest, digest, object, signal);
    const keys = [record.digest, record.id, ...record.layers.flatMap((layer) => [layer.digest, layer.diffId])];
    hooks.pin(keys);
    try {
      await this.#checkSpace(record, object);
      await this.#options.blobs.put(content, { digest, size: content.length }, object);
      await this.#fetchLayers(session, record, object, signal, options.onProgress);
      await hooks.commit(record);
    } finally {
      hooks.unpin(keys);
    }
    return record;
  }

  /** Tries each set of credentials, then none. What the first one met is what the user hears. */
  async #resolve(
    reference: Reference,
    credentials: readonly RegistryCredentials[],
    object: string,
    signal: AbortSignal,
  ): Promise<Resolved> {
    let refusal: Problem | undefined;
    for (const candidate of [...credentials, undefined]) {
      const session = this.#session(reference, candidate);
      try {
        return {
          session,
          manifest: await session.manifest(reference.digest ?? reference.tag ?? "latest", object, signal),
        };
      } catch (thrown) {
        const problem = Problem.from(thrown);
        if (!["unauthenticated", "forbidden", "not-found"].includes(problem.code)) throw problem;
        refusal ??= problem;
      }
    }
    throw refusal ?? new Problem("internal", `${object} was not asked for`);
  }

  #session(reference: Reference, credentials: RegistryCredentials | undefined): RegistrySession {
    const { clock, random } = this.#options;
    const { domain, path } = reference;
    return new RegistrySession({ transport: this.#transport, domain, repository: path, credentials, clock, random });
  }

  async #choose(
    session: RegistrySession,
    top: FetchedManifest,
    object: string,
    signal: AbortSignal,
  ): Promise<{ readonly manifest: Manifest; readonly digest: string; readonly content: Buffer }> {
    const host = hostPlatform(this.#options.architecture);
    let { digest, content, mediaType } = top;
    for (let depth = 0; depth < maxIndexDepth; depth++) {
      const document = parseManifest(content, mediaType, object);
      if (document.kind === "manifest") return { manifest: document, digest, content };
      const [chosen] = runnableManifests(document, host);
      if (!chosen) {
        const offered = offeredPlatforms(document);
        throw new Problem("unsupported", `${object} is there for ${offered}; this node is ${formatPlatform(host)}`);
      }
      ({ digest, content } = await session.manifest(chosen.digest, object, signal));
      ({ mediaType } = chosen);
    }
    throw new Problem("invalid", `${object} is broken: its indexes are nested too deep`);
  }

  async #readConfig(
    session: RegistrySession,
    manifest: Manifest,
    digest: string,
    object: string,
    signal: AbortSignal,
  ): Promise<ImageRecord> {
    const { blobs, architecture } = this.#options;
    const id = manifest.config.digest;
    const known = await blobs.read(id, maxConfigBytes);
    const bytes = known ?? (await session.smallBlob(manifest.config, `the config of ${object}`, signal));
    if (!known) await blobs.put(bytes, manifest.config, `the config of ${object}`);
    const document = parseConfig(bytes, object);
    checkPlatform(document, hostPlatform(architecture), object);
    checkLayerCount(manifest.layers.length, document.diffIds.length, object);
    const layers = manifest.layers.map((layer, index) => ({
      digest: layer.digest,
      mediaType: layer.mediaType,
      size: layer.size,
      diffId: document.diffIds[index] ?? "",
    }));
    return { digest, id, config: document.config, layers };
  }

  /** Unpacked, a layer takes at least what its blob takes: what cannot fit is refused before anything is fetched. */
  async #checkSpace(record: ImageRecord, object: string): Promise<void> {
    const { blobs, layers, freeBytes } = this.#options;
    let neededBytes = 0;
    for (const layer of record.layers.filter(({ diffId }) => !layers.has(diffId))) {
      neededBytes += layer.size + Math.max(0, layer.size - (await blobs.presentBytes(layer.digest)));
    }
    const availableBytes = await freeBytes();
    if (neededBytes <= availableBytes) return;
    throw new Problem(
      "too-large",
      `${object} needs at least ${neededBytes} bytes of disk; ${availableBytes} are free`,
      {
        hint: "free some space on this node's data directory, or remove images",
      },
    );
  }

  async #fetchLayers(
    session: RegistrySession,
    record: ImageRecord,
    object: string,
    signal: AbortSignal,
    onProgress: PullOptions["onProgress"],
  ): Promise<void> {
    const downloads = new ConcurrencyLimit(layersAtOnce);
    const failure = new AbortController();
    const both = AbortSignal.any([signal, failure.signal]);
    const totalBytes = record.layers.reduce((sum, layer) => sum + layer.size, 0);
    let doneBytes = 0;
    const onBytes = (count: number): void => {
      doneBytes = Math.min(totalBytes, doneBytes + count);
      onProgress?.({ doneBytes, totalBytes });
    };
    const tasks = uniqueLayers(record).map(async (layer) => {
      if (this.#options.layers.has(layer.diffId)) return onBytes(layer.size);
      await downloads.run(both, () => this.#fetchBlob(session, layer, object, both, onBytes));
      const blobPath = this.#options.blobs.path(layer.digest);
      return this.#options.layers.add({ diffId: layer.diffId, blobPath }, both);
    });
    // The first failure stops the others; none may still be writing when we return.
    for (const task of tasks) task.catch((thrown) => failure.abort(thrown));
    await Promise.allSettled(tasks);
    if (signal.aborted) throw Problem.from(signal.reason);
    if (failure.signal.aborted) throw Problem.from(failure.signal.reason);
  }

  async #fetchBlob(
    session: RegistrySession,
    layer: Pick<Descriptor, "digest" | "size">,
    object: string,
    signal: AbortSignal,
    onBytes: (count: number) => void,
  ): Promise<void> {
    const name = `layer ${layer.digest} of ${object}`;
    // Each attempt goes on from where the one before was cut.
    await retrying(this.#options, signal, () =>
      this.#options.blobs.ensure(
        layer,
        name,
        (offset, flight) => session.blob(layer.digest, offset, name, flight),
        signal,
        onBytes,
      ),
    );
  }
}

/** Images may name one layer twice. */
function uniqueLayers(record: ImageRecord): ImageRecord["layers"] {
  return [...new Map(record.layers.map((layer) => [layer.diffId, layer])).values()];
}
