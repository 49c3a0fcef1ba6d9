/**
 * Brings one blob into one repository (distribution-spec, "Pushing blobs"): not at all when it is there, mounted from another
 * repository, in one request, or in chunks that go on where a cut connection stopped.
 */
import { Problem } from "#proto/kit/problem.ts";
import type { RegistrySession } from "./registry-session.ts";
import { type RetryOptions, retrying } from "./retrying.ts";
import type { RegistryResponse } from "./transport.ts";

export interface PushBlob {
  readonly digest: string;
  readonly size: number;
  /** The bytes from `offset` up to `end` (exclusive). Called anew for each attempt. */
  read(offset: number, end: number): AsyncIterable<Uint8Array>;
}

export type BlobOutcome = "exists" | "mounted" | "uploaded";

export interface BlobUploadOptions extends RetryOptions {
  readonly session: RegistrySession;
  /** Repositories of the same registry that may have the blob. */
  readonly mountFrom: readonly string[];
  /** Blobs larger than this go in chunks of this size; smaller ones, and the others at first, in one request. */
  readonly chunkBytes: number;
  /** The blob, for messages. */
  readonly object: string;
  /** How much of it the registry has now. */
  readonly onSize?: ((bytes: number) => void) | undefined;
}

export class BlobUpload {
  readonly #options: BlobUploadOptions;
  readonly #blob: PushBlob;
  #reached = 0;

  constructor(blob: PushBlob, options: BlobUploadOptions) {
    this.#blob = blob;
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<BlobOutcome> {
    const again = <T>(attempt: () => Promise<T>): Promise<T> => {
      return retrying(this.#options, signal, attempt, () => this.#reached);
    };
    if (await again(() => this.#exists(signal))) return "exists";
    for (const repository of this.#options.mountFrom) {
      const isMounted = await again(() => this.#mount(repository, signal));
      if (isMounted) return "mounted";
    }
    let location = await again(() => this.#begin(signal));
    let isFirst = true;
    await again(async () => {
      if (!isFirst) {
        if (await this.#exists(signal)) return; // only the answer was lost
        location = (await this.#resumed(location, signal)) ?? (await this.#begin(signal));
      }
      isFirst = false;
      location = await this.#send(location, (next) => (location = next), signal);
    });
    return "uploaded";
  }

  async #exists(signal: AbortSignal): Promise<boolean> {
    const { session } = this.#options;
    const response = await session.send({
      method: "HEAD",
      url: session.url(`blobs/${this.#blob.digest}`),
      headers: {},
      signal,
    });
    await response.discard();
    if (response.status === 200) this.#advance(this.#blob.size);
    // Anything but yes means: try, and hear the reason then.
    return response.status === 200;
  }

  async #mount(repository: string, signal: AbortSignal): Promise<boolean> {
    const { session } = this.#options;
    const url = session.url("blobs/uploads/");
    url.searchParams.set("mount", this.#blob.digest);
    url.searchParams.set("from", repository);
    const response = await session.send({ method: "POST", url, headers: { "content-length": "0" }, signal });
    await response.discard();
    if (response.status === 202) await this.#cancel(response, signal);
    if (response.status === 201) this.#advance(this.#blob.size);
    return response.status === 201;
  }

  /** A mount that became an upload: the next repository may have the blob. */
  async #cancel(response: RegistryResponse, signal: AbortSignal): Promise<void> {
    const { session } = this.#options;
    const url = session.location(response);
    if (url === undefined) return;
    const answer = await session.send({ method: "DELETE", url, headers: {}, signal });
    await answer.discard();
  }

  async #begin(signal: AbortSignal): Promise<Upload> {
    const { session } = this.#options;
    const url = session.url("blobs/uploads/");
    const response = await session.send({ method: "POST", url, headers: { "content-length": "0" }, signal });
    if (response.status !== 202) throw await this.#problem(response);
    await response.discard();
    const minChunkBytes = Number(response.header("oci-chunk-min-length")[0] ?? 0) || 0;
    return { url: this.#next(response), offset: 0, minChunkBytes, isChunked: this.#isLarge };
  }

  /** Where an upload that was cut stands; undefined when the registry has forgotten it. */
  async #resumed(upload: Upload, signal: AbortSignal): Promise<Upload | undefined> {
    const { session } = this.#options;
    const response = await session.send({ method: "GET", url: upload.url, headers: {}, signal });
    await response.discard();
    if (response.status !== 204 && response.status !== 202) return undefined;
    const url = session.location(response) ?? upload.url;
    return { ...upload, url, offset: receivedBytes(response), isChunked: true };
  }

  async #send(upload: Upload, moved: (upload: Upload) => void, signal: AbortSignal): Promise<Upload> {
    const { size } = this.#blob;
    if (!upload.isChunked) {
      await this.#put(upload, this.#counted(0, size), size, signal);
      return upload;
    }
    let current = upload;
    while (current.offset < size) {
      current = await this.#patch(current, signal);
      moved(current);
      this.#advance(current.offset);
    }
    await this.#put(current, undefined, 0, signal);
    return current;
  }

  async #patch(upload: Upload, signal: AbortSignal): Promise<Upload> {
    const { session, chunkBytes } = this.#options;
    const end = Math.min(this.#blob.size, upload.offset + Math.max(chunkBytes, upload.minChunkBytes));
    const response = await session.send({
      method: "PATCH",
      url: upload.url,
      headers: {
        "content-type": "application/octet-stream",
        "content-length": String(end - upload.offset),
        "content-range": `${upload.offset}-${end - 1}`,
      },
      body: this.#blob.read(upload.offset, end),
      signal,
    });
    if (response.status === 416) {
      await response.discard();
      throw new Problem("unavailable", `${this.#options.object} went out of step with the registry's upload`);
    }
    if (response.status !== 202 && response.status !== 201) throw await this.#problem(response);
    await response.discard();
    return { ...upload, url: this.#next(response, upload.url), offset: end };
  }

  async #put(
    upload: Upload,
    body: AsyncIterable<Uint8Array> | undefined,
    length: number,
    signal: AbortSignal,
  ): Promise<void> {
    const url = new URL(upload.url);
    url.searchParams.set("digest", this.#blob.digest);
    const response = await this.#options.session.send({
      method: "PUT",
      url,
      headers: { "content-type": "application/octet-stream", "content-length": String(length) },
      ...(body === undefined ? {} : { body }),
      signal,
    });
    if (response.status !== 201 && response.status !== 204) throw await this.#problem(response);
    await response.discard();
    this.#advance(this.#blob.size);
  }

  async *#counted(offset: number, end: number): AsyncGenerator<Uint8Array> {
    let size = offset;
    for await (const chunk of this.#blob.read(offset, end)) {
      yield chunk;
      size += chunk.length;
      this.#options.onSize?.(size);
    }
  }

  #next(response: RegistryResponse, before?: URL): URL {
    const url = this.#options.session.location(response) ?? before;
    if (url !== undefined) return url;
    throw new Problem("unavailable", `registry ${this.#options.session.host} opened an upload without saying where`);
  }

  #problem(response: RegistryResponse): Promise<Problem> {
    return this.#options.session.problem(response, this.#options.object);
  }

  get #isLarge(): boolean {
    return this.#blob.size > this.#options.chunkBytes;
  }

  /** What the registry has confirmed: progress by which an upload may go on being tried. */
  #advance(bytes: number): void {
    this.#reached = Math.max(this.#reached, bytes);
    this.#options.onSize?.(bytes);
  }
}

/** An upload that the registry keeps for us. */
interface Upload {
  readonly url: URL;
  readonly offset: number;
  readonly minChunkBytes: number;
  readonly isChunked: boolean;
}

/** `Range: 0-LAST` of an upload's state. `0-0` is how registries say "nothing" as well as "one byte": from the start, then. */
function receivedBytes(response: RegistryResponse): number {
  const last = Number(/^(?:bytes=)?0-(\d+)$/.exec(response.header("range")[0] ?? "")?.[1] ?? 0);
  return last === 0 ? 0 : last + 1;
}
