/** One repository at one endpoint, with one set of credentials: manifests and blobs, each verified. */
import { Problem } from "#proto/kit/problem.ts";
import type { BlobContent } from "../blob-source.ts";
import { sha256, verifyBytes } from "../digest.ts";
import type { RegistryCredentials } from "../image-store.ts";
import { acceptedManifestTypes, type Descriptor, maxManifestBytes } from "../manifest.ts";
import { Authorizer } from "./authorizer.ts";
import type { Endpoint } from "./host-settings.ts";
import { readBounded } from "./read-bounded.ts";
import { responseProblem } from "./response-problem.ts";
import { type RetryOptions, retrying } from "./retrying.ts";
import type { RegistryRequest, RegistryResponse, RegistryTransport } from "./transport.ts";

export interface RegistrySessionOptions extends RetryOptions {
  readonly transport: RegistryTransport;
  readonly endpoint: Pick<Endpoint, "host" | "repository" | "mirrorOf">;
  readonly credentials: RegistryCredentials | undefined;
  /** Rights to ask for, besides reading the repository. */
  readonly actions?: "pull" | "pull,push";
  /** Other repositories of the registry, to mount blobs from. */
  readonly mountFrom?: readonly string[];
}

export interface FetchedManifest {
  readonly digest: string;
  readonly mediaType: string | undefined;
  readonly content: Buffer;
}

export class RegistrySession {
  readonly #options: RegistrySessionOptions;
  readonly #authorizer: Authorizer;

  constructor(options: RegistrySessionOptions) {
    this.#options = options;
    const { transport, clock, endpoint, credentials, actions = "pull", mountFrom = [] } = options;
    const { host, repository } = endpoint;
    const scopes = [`repository:${repository}:${actions}`, ...mountFrom.map((other) => `repository:${other}:pull`)];
    this.#authorizer = new Authorizer({ transport, clock, host, scopes, credentials });
  }

  get host(): string {
    return this.#options.endpoint.host;
  }

  /** By tag or digest. `object` names the image in messages. */
  async manifest(reference: string, object: string, signal: AbortSignal): Promise<FetchedManifest> {
    return retrying(this.#options, signal, async () => {
      const headers = { accept: acceptedManifestTypes.join(", ") };
      const response = await this.#get(`manifests/${reference}`, headers, object, signal);
      const content = await readBounded(response.body, maxManifestBytes, `the manifest of ${object}`);
      const announced = reference.includes(":") ? reference : response.header("docker-content-digest")[0];
      if (announced !== undefined) verifyBytes(content, { digest: announced }, `the manifest of ${object}`);
      return { digest: announced ?? sha256(content), mediaType: response.header("content-type")[0], content };
    });
  }

  /** A small blob, whole and verified. */
  async smallBlob(descriptor: Descriptor, object: string, signal: AbortSignal): Promise<Buffer> {
    return retrying(this.#options, signal, async () => {
      const response = await this.#get(`blobs/${descriptor.digest}`, {}, object, signal);
      const content = await readBounded(response.body, descriptor.size, object);
      verifyBytes(content, descriptor, object);
      return content;
    });
  }

  /** A blob's bytes from `offset` on, or from 0 when the registry cannot resume. One attempt. The caller verifies. */
  async blob(digest: string, offset: number, object: string, signal: AbortSignal): Promise<BlobContent> {
    const headers: Record<string, string> = offset > 0 ? { range: `bytes=${offset}-` } : {};
    const response = await this.#get(`blobs/${digest}`, headers, object, signal);
    const range = /^bytes (\d+)-/.exec(response.header("content-range")[0] ?? "");
    const start = response.status === 206 && range ? Number(range[1]) : 0;
    if (start !== offset && start !== 0) {
      await response.discard();
      throw new Problem("unavailable", `registry ${this.host} sent another part of ${object} than was asked for`);
    }
    return { offset: start, chunks: response.body };
  }

  /** URL of something in the repository, as `blobs/DIGEST`. A mirror is told whose repository is meant. */
  url(path: string): URL {
    const { transport, endpoint } = this.#options;
    const url = new URL(`${endpoint.repository}/${path}`, transport.baseUrl(endpoint.host));
    if (endpoint.mirrorOf !== undefined) url.searchParams.set("ns", endpoint.mirrorOf);
    return url;
  }

  /** Where an answer sends us on to, checked; undefined when it does not say. */
  location(response: RegistryResponse): URL | undefined {
    const [location] = response.header("location");
    return location === undefined ? undefined : this.#options.transport.target(response.url, location);
  }

  /**
   * Sends with what the registry wants as proof, and once more with a new one when it is refused. A body that is a stream is sent
   * once: then the 401 is the answer. Any status comes back.
   */
  async send(request: Omit<RegistryRequest, "authorization">): Promise<RegistryResponse> {
    const { transport, endpoint } = this.#options;
    const isOwn = request.url.host === transport.baseUrl(endpoint.host).host;
    const isRepeatable = request.body === undefined || request.body instanceof Uint8Array;
    for (let round = 0; ; round++) {
      const used = isOwn ? await this.#authorizer.fresh(request.signal) : undefined;
      const response = await transport.send({ ...request, authorization: used });
      if (response.status !== 401 || !isOwn || !isRepeatable || round >= 2) return response;
      const challenges = response.header("www-authenticate");
      if (!(await this.#authorizer.refresh(challenges, used, request.signal))) return response;
      await response.discard();
    }
  }

  async problem(response: RegistryResponse, object: string): Promise<Problem> {
    const { credentials, actions } = this.#options;
    const isPush = actions === "pull,push";
    return responseProblem(response, { host: this.host, object, hasCredentials: credentials !== undefined, isPush });
  }

  async #get(
    path: string,
    headers: Record<string, string>,
    object: string,
    signal: AbortSignal,
  ): Promise<RegistryResponse> {
    const response = await this.send({ url: this.url(path), headers, signal });
    if (response.status === 200 || response.status === 206) return response;
    if (response.status === 416 && headers.range !== undefined) {
      // What we have of it is no part of what the registry has: from the start, then.
      await response.discard();
      return this.#get(path, {}, object, signal);
    }
    throw await this.problem(response, object);
  }
}
