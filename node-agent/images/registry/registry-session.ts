/** One repository of one registry, with one set of credentials: manifests and blobs, each verified. */
import type { BackoffOptions } from "#proto/kit/backoff.ts";
import { backoffMs } from "#proto/kit/backoff.ts";
import { type Clock, sleep } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { sha256, verifyBytes } from "../digest.ts";
import type { RegistryCredentials } from "../image-store.ts";
import { acceptedManifestTypes, type Descriptor, maxManifestBytes } from "../manifest.ts";
import { registryHost } from "../reference.ts";
import { Authorizer, readBounded } from "./authorizer.ts";
import { responseProblem } from "./response-problem.ts";
import type { RegistryResponse, RegistryTransport } from "./transport.ts";

export interface RegistrySessionOptions {
  readonly transport: RegistryTransport;
  readonly domain: string;
  readonly repository: string;
  readonly credentials: RegistryCredentials | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly backoff?: BackoffOptions;
}

export interface FetchedManifest {
  readonly digest: string;
  readonly mediaType: string | undefined;
  readonly content: Buffer;
}

const maxAttempts = 4;
const defaultBackoff: BackoffOptions = { initialMs: 300, maxMs: 10_000 };
/** Longer waits are the caller's: it has its own back-off, and other work. */
const maxRetryAfterMs = 30_000;

export class RegistrySession {
  readonly #options: RegistrySessionOptions;
  readonly #authorizer: Authorizer;
  readonly #host: string;

  constructor(options: RegistrySessionOptions) {
    this.#options = options;
    this.#host = registryHost(options.domain);
    this.#authorizer = new Authorizer({
      transport: options.transport,
      host: this.#host,
      repository: options.repository,
      credentials: options.credentials,
    });
  }

  /** By tag or digest. `object` names the image in messages. */
  async manifest(reference: string, object: string, signal: AbortSignal): Promise<FetchedManifest> {
    return this.#retrying(signal, async () => {
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
    return this.#retrying(signal, async () => {
      const response = await this.#get(`blobs/${descriptor.digest}`, {}, object, signal);
      const content = await readBounded(response.body, descriptor.size, object);
      verifyBytes(content, descriptor, object);
      return content;
    });
  }

  /** A blob's bytes from `offset` on, or from 0 when the registry cannot resume. The caller verifies. */
  async blob(
    digest: string,
    offset: number,
    object: string,
    signal: AbortSignal,
  ): Promise<{ readonly offset: number; readonly chunks: AsyncIterable<Buffer> }> {
    const headers: Record<string, string> = offset > 0 ? { range: `bytes=${offset}-` } : {};
    const response = await this.#get(`blobs/${digest}`, headers, object, signal);
    const range = /^bytes (\d+)-/.exec(response.header("content-range")[0] ?? "");
    const start = response.status === 206 && range ? Number(range[1]) : 0;
    if (start !== offset && start !== 0) {
      await response.discard();
      throw new Problem("unavailable", `registry ${this.#host} sent another part of ${object} than was asked for`);
    }
    return { offset: start, chunks: response.body };
  }

  /** Tries again what a later attempt may do better; each attempt is whole. */
  async #retrying<T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
    return retrying(this.#options, signal, attempt);
  }

  async #get(
    path: string,
    headers: Record<string, string>,
    object: string,
    signal: AbortSignal,
  ): Promise<RegistryResponse> {
    const { transport, repository, credentials } = this.#options;
    const url = new URL(`${repository}/${path}`, transport.baseUrl(this.#host));
    for (let round = 0; ; round++) {
      const used = this.#authorizer.header;
      const response = await transport.get({ url, headers, authorization: used, signal });
      if (response.status === 200 || response.status === 206) return response;
      const isRefused = response.status === 401 && round < 2;
      if (isRefused && (await this.#authorizer.refresh(response.header("www-authenticate"), used, signal))) {
        await response.discard();
        continue;
      }
      throw await responseProblem(response, { host: this.#host, object, hasCredentials: credentials !== undefined });
    }
  }
}

/** Runs `attempt` until it succeeds, fails for good, or has been tried often enough. */
export async function retrying<T>(
  options: Pick<RegistrySessionOptions, "clock" | "random" | "backoff">,
  signal: AbortSignal,
  attempt: (number: number) => Promise<T>,
): Promise<T> {
  for (let number = 0; ; number++) {
    try {
      return await attempt(number);
    } catch (thrown) {
      if (!Problem.is(thrown) || thrown.retry === "never" || number + 1 >= maxAttempts) throw thrown;
      const ownMs = backoffMs(options.backoff ?? defaultBackoff, number, options.random);
      const waitMs = Math.max(ownMs, thrown.retryAfterMs ?? 0);
      if (waitMs > maxRetryAfterMs) throw thrown;
      await sleep(options.clock, waitMs, signal).catch((reason: unknown) => {
        throw Problem.from(reason);
      });
    }
  }
}
