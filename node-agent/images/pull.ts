/** Pulls one image: resolve, choose, fetch layers side by side, unpack each as soon as it is here, record when all is whole. */
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { type BlobPeers, noPeers } from "./blob-source.ts";
import type { BlobStore } from "./blob-store.ts";
import { sha256, verifyBytes } from "./digest.ts";
import { type DiskRoom, formatSize, reserveBytes, usableBytes } from "./garbage/disk-room.ts";
import type { ImageRecord } from "./image-records.ts";
import type { PullOptions, RegistrySettings } from "./image-store.ts";
import { offeredPlatforms, runnableManifests } from "./index-choice.ts";
import { LayerDownload } from "./layer-download.ts";
import type { LayerStore } from "./layers/layer-store.ts";
import {
  checkLayerCount,
  type Descriptor,
  type Manifest,
  maxConfigBytes,
  maxManifestBytes,
  parseConfig,
  parseManifest,
} from "./manifest.ts";
import { checkPlatform, formatPlatform, hostPlatform, otherPlatformHint } from "./platform.ts";
import { pullProblem } from "./pull-problem.ts";
import { formatReference, type Reference } from "./reference.ts";
import type { HostPoolsOptions } from "./registry/host-pools.ts";
import { registryOf } from "./registry/host-settings.ts";
import { ImageOrigin } from "./registry/image-origin.ts";
import { type ImagePushOptions, type PushDocument, pushImage } from "./registry/image-push.ts";
import { readBounded } from "./registry/read-bounded.ts";
import type { FetchedManifest } from "./registry/registry-session.ts";
import type { RetryOptions } from "./registry/retrying.ts";
import { RegistryTransport } from "./registry/transport.ts";
import { SingleFlight } from "./single-flight.ts";

export interface ImagePullerOptions {
  readonly blobs: BlobStore;
  readonly layers: LayerStore;
  readonly registries: () => readonly RegistrySettings[];
  /** Other nodes, asked before the registry. */
  readonly peers?: BlobPeers | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly architecture: string;
  /** For tests of registries that hang. */
  readonly impatience?: (HostPoolsOptions & Pick<RetryOptions, "backoff">) | undefined;
  /** Removes what nothing needs when there is less than this; what there is then comes back. */
  readonly makeRoom: (bytes: number) => Promise<DiskRoom>;
}

export interface PullHooks {
  /** Keeps digests from being collected as garbage. */
  readonly pin: (keys: readonly string[]) => void;
  readonly unpin: (keys: readonly string[]) => void;
  /** `digest` is what the reference means: of an index, if it is one. */
  readonly commit: (record: ImageRecord, digest: string) => Promise<void>;
}

/** One pull under way. */
interface Pull {
  readonly hooks: Pick<PullHooks, "pin">;
  readonly reference: Reference;
  readonly options: PullOptions;
  readonly origin: ImageOrigin;
  /** The image, for messages. */
  readonly object: string;
  readonly signal: AbortSignal;
}

const defaultLayersAtOnce = 3;
const maxIndexDepth = 5;

export class ImagePuller {
  readonly #options: ImagePullerOptions;
  readonly #transport: RegistryTransport;
  readonly #peers: BlobPeers;
  readonly #pulling = new SingleFlight<ImageRecord>();

  constructor(options: ImagePullerOptions) {
    this.#options = options;
    this.#peers = options.peers ?? noPeers;
    this.#transport = new RegistryTransport({
      ...options.impatience,
      registries: options.registries,
      clock: options.clock,
    });
  }

  /** Single-flight per reference and credentials: nobody gets an image by another's password. */
  async pull(reference: Reference, options: PullOptions, signal: AbortSignal, hooks: PullHooks): Promise<ImageRecord> {
    const key = `${formatReference(reference)} ${sha256(JSON.stringify(options.credentials))}`;
    return this.#pulling.run(key, signal, (flight) => {
      const object = `image ${formatReference(reference)}`;
      const origin = this.#origin(reference, options);
      const pinned: string[] = [];
      const pin = (keys: readonly string[]): void => {
        pinned.push(...keys);
        hooks.pin(keys);
      };
      const pull = { reference, options, origin, object, signal: flight, hooks: { pin } };
      return this.#pull(pull, hooks)
        .catch((thrown: unknown) => {
          throw pullProblem(thrown, reference);
        })
        .finally(() => hooks.unpin(pinned));
    });
  }

  /** Sends a document with its blobs to where `destination` says. */
  async push(
    document: PushDocument,
    destination: Reference,
    options: Pick<ImagePushOptions, "credentials" | "mountFrom" | "onProgress">,
    signal: AbortSignal,
  ): Promise<void> {
    const { registries } = this.#options;
    const configured = registryOf(registries(), destination)?.credentials;
    const credentials = [...options.credentials, ...(configured === undefined ? [] : [configured])];
    await pushImage(
      document,
      { ...options, credentials, transport: this.#transport, destination, ...this.#retry },
      signal,
    );
  }

  /** The digest that the registry names, with what it stands for kept for the pull that follows. */
  async resolve(reference: Reference, options: PullOptions, signal: AbortSignal): Promise<string> {
    if (reference.digest !== undefined) return reference.digest;
    const object = `image ${formatReference(reference)}`;
    const found = await this.#origin(reference, options)
      .manifest(reference.tag ?? "latest", signal)
      .catch((thrown: unknown) => {
        throw pullProblem(thrown, reference);
      });
    await this.#options.blobs.put(found.content, { digest: found.digest, size: found.content.length }, object);
    return found.digest;
  }

  /** One layer's blob of an image that is known: to mend what was damaged. */
  async fetchLayer(reference: Reference, record: ImageRecord, diffId: string, signal: AbortSignal): Promise<void> {
    const layer = record.layers.find((one) => one.diffId === diffId);
    if (!layer) throw new Problem("not-found", `the image has no layer ${diffId}`);
    const { blobs, layers, logger } = this.#options;
    const download = new LayerDownload({
      ...{ blobs, layers, peers: this.#peers, ...this.#retry, logger, layersAtOnce: 1, record },
      origin: this.#origin(reference, { credentials: [] }),
      image: reference,
      object: `image ${formatReference(reference)}`,
      onProgress: undefined,
    });
    await download.fetch(layer, signal);
  }

  get #retry(): RetryOptions {
    const { clock, random, impatience } = this.#options;
    return { clock, random, backoff: impatience?.backoff };
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  #origin(reference: Reference, { credentials }: PullOptions): ImageOrigin {
    const { registries, logger } = this.#options;
    return new ImageOrigin({
      transport: this.#transport,
      registries: registries(),
      reference,
      credentials,
      ...this.#retry,
      logger,
    });
  }

  async #pull(pull: Pull, hooks: PullHooks): Promise<ImageRecord> {
    const { reference, origin, object, signal, options } = pull;
    const { blobs, layers, logger, registries } = this.#options;
    const top = await this.#manifest(pull, reference.digest ?? reference.tag ?? "latest");
    const { manifest, digest } = await this.#choose(pull, top);
    layers.prepare(await this.#missingBlobs(manifest));
    const record = await this.#readConfig(pull, manifest, digest);
    const keys = [record.digest, record.id, ...record.layers.flatMap((layer) => [layer.digest, layer.diffId])];
    pull.hooks.pin(keys);
    await this.#checkSpace(record, object);
    const layersAtOnce = registryOf(registries(), reference)?.maxConcurrentDownloads ?? defaultLayersAtOnce;
    const { onProgress, onLayer } = options;
    const shared = { blobs, layers, peers: this.#peers, ...this.#retry, logger, layersAtOnce };
    await new LayerDownload({ ...shared, origin, image: reference, record, object, onProgress, onLayer }).run(signal);
    await hooks.commit(record, top.digest);
    return record;
  }

  async #missingBlobs({ layers }: Manifest): Promise<number> {
    const sizes = await Promise.all(layers.map(({ digest }) => this.#options.blobs.sizeBytes(digest)));
    return sizes.filter((size) => size === undefined).length;
  }

  /** By tag or digest; from peers only what is named by digest, and only for whom the control plane vouches. */
  async #manifest(pull: Pull, name: string): Promise<FetchedManifest> {
    const found = await this.#findManifest(pull, name);
    const { digest, content } = found;
    // Kept: what it names is asked of other nodes with it, and they come for it themselves.
    pull.hooks.pin([digest]);
    await this.#options.blobs.put(content, { digest, size: content.length }, pull.object);
    this.#peers.stored({ digest, size: content.length, image: pull.reference });
    return found;
  }

  async #findManifest(pull: Pull, name: string): Promise<FetchedManifest> {
    const { origin, signal, options } = pull;
    if (!options.isVouchedFor || !name.includes(":")) return origin.manifest(name, signal);
    const content = await this.#fromPeers(pull, { digest: name, size: undefined }, maxManifestBytes);
    return content ? { digest: name, mediaType: undefined, content } : origin.manifest(name, signal);
  }

  /** A small blob of ours or of a peer, verified; undefined when nobody has it. */
  async #fromPeers(
    { reference: image, object, signal }: Pull,
    blob: { readonly digest: string; readonly size: number | undefined },
    limitBytes: number,
  ): Promise<Buffer | undefined> {
    const own = await this.#options.blobs.read(blob.digest, limitBytes);
    if (own) return own;
    for (const source of await this.#peers.sources({ ...blob, image }, signal)) {
      try {
        const { chunks } = await source.open(0, signal);
        const content = await readBounded(chunks, limitBytes, object);
        verifyBytes(content, { digest: blob.digest }, object);
        return content;
      } catch (thrown) {
        if (signal.aborted) throw Problem.from(signal.reason);
        const error = Problem.from(thrown).message;
        this.#options.logger.info({ blob: blob.digest, source: source.name, error }, "a peer failed");
      }
    }
    return undefined;
  }

  async #choose(pull: Pull, top: FetchedManifest): Promise<{ readonly manifest: Manifest; readonly digest: string }> {
    const { object } = pull;
    const host = hostPlatform(this.#options.architecture);
    let { digest, content, mediaType } = top;
    for (let depth = 0; depth < maxIndexDepth; depth++) {
      const document = parseManifest(content, mediaType, object);
      if (document.kind === "manifest") return { manifest: document, digest };
      const [chosen] = runnableManifests(document, host);
      if (!chosen) {
        const offered = offeredPlatforms(document);
        throw new Problem("unsupported", `${object} is there for ${offered}; this node is ${formatPlatform(host)}`, {
          hint: otherPlatformHint,
        });
      }
      ({ digest, content } = await this.#manifest(pull, chosen.digest));
      ({ mediaType } = chosen);
    }
    throw new Problem("invalid", `${object} is broken: its indexes are nested too deep`);
  }

  async #readConfig(pull: Pull, manifest: Manifest, digest: string): Promise<ImageRecord> {
    const { architecture } = this.#options;
    const { object } = pull;
    const bytes = await this.#config(pull, manifest.config);
    const document = parseConfig(bytes, object);
    checkPlatform(document, hostPlatform(architecture), object);
    checkLayerCount(manifest.layers.length, document.diffIds.length, object);
    const layers = manifest.layers.map((layer, index) => ({
      digest: layer.digest,
      mediaType: layer.mediaType,
      size: layer.size,
      diffId: document.diffIds[index] ?? "",
    }));
    return { digest, id: manifest.config.digest, config: document.config, layers };
  }

  async #config(pull: Pull, config: Descriptor): Promise<Buffer> {
    const { blobs } = this.#options;
    const { origin, object, signal } = pull;
    pull.hooks.pin([config.digest]); // before anything else: what is in use is never swept
    const known = await blobs.read(config.digest, maxConfigBytes);
    if (known) return known;
    const name = `the config of ${object}`;
    const near = await this.#fromPeers(pull, config, config.size);
    const bytes = near ?? (await origin.smallBlob(config, name, signal));
    await blobs.put(bytes, config, name);
    this.#peers.stored({ digest: config.digest, size: config.size, image: pull.reference });
    return bytes;
  }

  /** Unpacked, a layer takes at least what its blob takes: what cannot fit is refused before anything is fetched. */
  async #checkSpace(record: ImageRecord, object: string): Promise<void> {
    const { blobs, layers, makeRoom } = this.#options;
    let neededBytes = 0;
    for (const layer of record.layers.filter(({ diffId }) => !layers.has(diffId))) {
      neededBytes += layer.size + Math.max(0, layer.size - (await blobs.presentBytes(layer.digest)));
    }
    if (neededBytes === 0) return;
    const disk = await makeRoom(neededBytes);
    if (neededBytes <= usableBytes(disk)) return;
    throw new Problem(
      "too-large",
      `${object} needs at least ${formatSize(neededBytes)} of disk; ${formatSize(disk.availableBytes)} are free, of which ` +
        `${formatSize(reserveBytes(disk))} are kept for the node itself. Images that nothing needs were removed before`,
      {
        hint: "free some space on this node's data directory, or remove images",
      },
    );
  }
}
