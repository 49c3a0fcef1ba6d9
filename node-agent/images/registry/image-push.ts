/** Pushes an image or an index: blobs first, a few at a time, then manifests, children before what names them. */
import { Problem } from "#proto/kit/problem.ts";
import { ConcurrencyLimit } from "../concurrency-limit.ts";
import { verifyBytes } from "../digest.ts";
import type { RegistryCredentials } from "../image-store.ts";
import { formatReference, type Reference, registryHost } from "../reference.ts";
import { type BlobOutcome, BlobUpload, type PushBlob } from "./blob-upload.ts";
import { RegistrySession } from "./registry-session.ts";
import { type RetryOptions, retrying } from "./retrying.ts";
import type { RegistryTransport } from "./transport.ts";

/** A manifest with its blobs, or an index with its manifests. The bytes are pushed as they are: their digest names them. */
export interface PushDocument {
  readonly mediaType: string;
  readonly digest: string;
  readonly content: Uint8Array;
  /** Config and layers of a manifest. */
  readonly blobs: readonly PushBlob[];
  /** Of an index. */
  readonly manifests: readonly PushDocument[];
}

export interface PushProgress {
  readonly digest: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** Undefined while it is under way. */
  readonly outcome?: BlobOutcome;
}

export interface ImagePushOptions extends RetryOptions {
  readonly transport: RegistryTransport;
  /** Where it goes, with its tag. */
  readonly destination: Reference;
  /** Tried in order, then none. */
  readonly credentials: readonly RegistryCredentials[];
  /** Repositories of the same registry, to mount blobs from. */
  readonly mountFrom?: readonly string[];
  readonly chunkBytes?: number;
  readonly onProgress?: ((progress: PushProgress) => void) | undefined;
}

const defaultChunkBytes = 64 * 1024 * 1024;
const blobsAtOnce = 3;
const refusals: ReadonlySet<Problem["code"]> = new Set(["unauthenticated", "forbidden"]);

/** Resolves when the registry has all of it under its tag. Problems name the blob or manifest. */
export async function pushImage(image: PushDocument, options: ImagePushOptions, signal: AbortSignal): Promise<void> {
  let refusal: Problem | undefined;
  for (const credentials of [...options.credentials, undefined]) {
    try {
      return await new Push(image, options, credentials).run(signal);
    } catch (thrown) {
      const problem = Problem.from(thrown);
      if (!refusals.has(problem.code) || signal.aborted) throw problem;
      refusal ??= problem;
    }
  }
  throw refusal ?? new Problem("internal", "nothing was pushed");
}

class Push {
  readonly #image: PushDocument;
  readonly #options: ImagePushOptions;
  readonly #session: RegistrySession;
  readonly #object: string;

  constructor(image: PushDocument, options: ImagePushOptions, credentials: RegistryCredentials | undefined) {
    const { transport, clock, random, backoff, destination, mountFrom = [] } = options;
    this.#image = image;
    this.#options = options;
    this.#object = `image ${formatReference(destination)}`;
    this.#session = new RegistrySession({
      transport,
      endpoint: { host: registryHost(destination.domain), repository: destination.path, mirrorOf: undefined },
      credentials,
      actions: "pull,push",
      mountFrom,
      clock,
      random,
      backoff,
    });
  }

  async run(signal: AbortSignal): Promise<void> {
    const blobs = new Map(documentsOf(this.#image).flatMap(({ blobs }) => blobs.map((blob) => [blob.digest, blob])));
    const uploads = new ConcurrencyLimit(blobsAtOnce);
    const failure = new AbortController();
    const both = AbortSignal.any([signal, failure.signal]);
    const tasks = [...blobs.values()].map((blob) => uploads.run(both, () => this.#pushBlob(blob, both)));
    for (const task of tasks) task.catch((thrown) => failure.abort(thrown));
    await Promise.allSettled(tasks);
    if (signal.aborted) throw Problem.from(signal.reason);
    if (failure.signal.aborted) throw Problem.from(failure.signal.reason);
    for (const document of documentsOf(this.#image)) {
      const isTop = document === this.#image;
      const { tag } = this.#options.destination;
      await this.#pushManifest(document, isTop && tag !== undefined ? tag : document.digest, signal);
    }
  }

  async #pushBlob(blob: PushBlob, signal: AbortSignal): Promise<void> {
    const { clock, random, backoff, mountFrom = [], chunkBytes = defaultChunkBytes, onProgress } = this.#options;
    const upload = new BlobUpload(blob, {
      session: this.#session,
      mountFrom,
      chunkBytes,
      object: `blob ${blob.digest} of ${this.#object}`,
      onSize: (doneBytes) => onProgress?.({ digest: blob.digest, doneBytes, totalBytes: blob.size }),
      clock,
      random,
      backoff,
    });
    const outcome = await upload.run(signal);
    onProgress?.({ digest: blob.digest, doneBytes: blob.size, totalBytes: blob.size, outcome });
  }

  async #pushManifest(document: PushDocument, name: string, signal: AbortSignal): Promise<void> {
    verifyBytes(document.content, { digest: document.digest }, `the manifest of ${this.#object}`);
    await retrying(this.#options, signal, async () => {
      const response = await this.#session.send({
        method: "PUT",
        url: this.#session.url(`manifests/${name}`),
        headers: { "content-type": document.mediaType, "content-length": String(document.content.length) },
        body: document.content,
        signal,
      });
      if (response.status !== 201 && response.status !== 200 && response.status !== 202) {
        throw await this.#session.problem(response, `the manifest of ${this.#object}`);
      }
      await response.discard();
      const kept = response.header("docker-content-digest")[0];
      if (kept !== undefined && kept !== document.digest) {
        throw new Problem("invalid", `the registry keeps ${this.#object} as ${kept} instead of ${document.digest}`);
      }
    });
  }
}

/** Children first. */
function documentsOf(document: PushDocument): readonly PushDocument[] {
  return [...document.manifests.flatMap(documentsOf), document];
}
