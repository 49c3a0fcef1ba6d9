/**
 * Where one image comes from: the mirrors of its registry in their order, then the registry itself, each with the credentials that
 * it takes. An endpoint that fails is passed over; what the registry itself said is what the user hears.
 */
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { BlobSource, WantedBlob } from "../blob-source.ts";
import type { RegistryCredentials, RegistrySettings } from "../image-store.ts";
import type { Descriptor } from "../manifest.ts";
import { formatReference, type Reference } from "../reference.ts";
import { type Endpoint, endpointsOf } from "./host-settings.ts";
import { type FetchedManifest, RegistrySession } from "./registry-session.ts";
import type { RetryOptions } from "./retrying.ts";
import type { RegistryTransport } from "./transport.ts";

export interface ImageOriginOptions extends RetryOptions {
  readonly transport: RegistryTransport;
  readonly registries: readonly RegistrySettings[];
  readonly reference: Reference;
  /** Tried in order at the registry itself; nobody's last. Mirrors get only what is configured for them. */
  readonly credentials: readonly RegistryCredentials[];
  readonly logger: Logger;
}

type Ask<T> = (session: RegistrySession) => Promise<T>;

/** What other credentials may change. */
const refusals: ReadonlySet<Problem["code"]> = new Set(["unauthenticated", "forbidden", "not-found"]);

export class ImageOrigin {
  readonly #options: ImageOriginOptions;
  readonly #endpoints: readonly Endpoint[];
  /** The session that an endpoint has answered to. */
  readonly #proven = new Map<Endpoint, RegistrySession>();
  readonly #object: string;

  constructor(options: ImageOriginOptions) {
    this.#options = options;
    this.#endpoints = endpointsOf(options.registries, options.reference);
    this.#object = `image ${formatReference(options.reference)}`;
  }

  /** By tag or digest. */
  manifest(reference: string, signal: AbortSignal): Promise<FetchedManifest> {
    const isTag = !reference.includes(":");
    const able = this.#endpoints.filter(({ resolvesTags }) => resolvesTags || !isTag);
    return this.#anywhere(able, (session) => session.manifest(reference, this.#object, signal), signal);
  }

  smallBlob(descriptor: Descriptor, object: string, signal: AbortSignal): Promise<Buffer> {
    return this.#anywhere(this.#endpoints, (session) => session.smallBlob(descriptor, object, signal), signal);
  }

  /** Each endpoint as a source of this blob. */
  sources(wanted: WantedBlob): readonly BlobSource[] {
    const object = `layer ${wanted.digest} of ${this.#object}`;
    const alive = this.#endpoints.filter((endpoint) => !this.#isDead(endpoint));
    return alive.map((endpoint) => ({
      name: `${endpoint.mirrorOf === undefined ? "registry" : "mirror"} ${endpoint.host}`,
      open: (offset, signal) =>
        this.#at(endpoint, (session) => session.blob(wanted.digest, offset, object, signal), signal),
    }));
  }

  async #anywhere<T>(endpoints: readonly Endpoint[], ask: Ask<T>, signal: AbortSignal): Promise<T> {
    const failures: { readonly endpoint: Endpoint; readonly problem: Problem }[] = [];
    const tried = endpoints.filter((endpoint) => !this.#isDead(endpoint));
    for (const endpoint of tried) {
      try {
        return await this.#at(endpoint, ask, signal);
      } catch (thrown) {
        const problem = Problem.from(thrown);
        if (signal.aborted) throw problem;
        failures.push({ endpoint, problem });
        if (endpoint.mirrorOf === undefined) continue;
        const { host } = endpoint;
        this.#options.logger.info({ mirror: host, image: this.#object, error: problem.message }, "a mirror failed");
      }
    }
    const own = failures.at(-1)?.problem ?? new Problem("internal", `${this.#object} was not asked for`);
    throw failures.length > 1 ? withMirrors(own, failures.slice(0, -1)) : own;
  }

  /** A mirror that could not be reached just now is passed over; the registry itself never is. */
  #isDead({ host, mirrorOf }: Endpoint): boolean {
    return mirrorOf !== undefined && this.#options.transport.isUnreachable(host);
  }

  /** Tries each set of credentials, then none. What the first one met is what the user hears. */
  async #at<T>(endpoint: Endpoint, ask: Ask<T>, signal: AbortSignal): Promise<T> {
    const proven = this.#proven.get(endpoint);
    if (proven) return ask(proven);
    let refusal: Problem | undefined;
    for (const credentials of this.#credentialsFor(endpoint)) {
      const session = this.#session(endpoint, credentials);
      try {
        const answer = await ask(session);
        this.#proven.set(endpoint, session);
        return answer;
      } catch (thrown) {
        const problem = Problem.from(thrown);
        if (!refusals.has(problem.code) || signal.aborted) throw problem;
        refusal ??= problem;
      }
    }
    throw refusal ?? new Problem("internal", `${this.#object} was not asked for`);
  }

  #credentialsFor(endpoint: Endpoint): readonly (RegistryCredentials | undefined)[] {
    const given = endpoint.mirrorOf === undefined ? this.#options.credentials : [];
    const configured = endpoint.credentials === undefined ? [] : [endpoint.credentials];
    return [...given, ...configured, undefined];
  }

  #session(endpoint: Endpoint, credentials: RegistryCredentials | undefined): RegistrySession {
    const { transport, clock, random, backoff } = this.#options;
    // Behind a mirror there is another source: waiting for it would only cost time.
    const maxAttempts = endpoint.mirrorOf === undefined ? undefined : 1;
    return new RegistrySession({ transport, endpoint, credentials, clock, random, backoff, maxAttempts });
  }
}

function withMirrors(
  own: Problem,
  failures: readonly { readonly endpoint: Endpoint; readonly problem: Problem }[],
): Problem {
  const mirrors = failures.map(({ endpoint, problem }) => `mirror ${endpoint.host}: ${problem.message}`).join("; ");
  return new Problem(own.code, `${own.message} (before that, ${mirrors})`, {
    retry: own.retry,
    ...(own.hint === undefined ? {} : { hint: own.hint }),
    ...(own.retryAfterMs === undefined ? {} : { retryAfterMs: own.retryAfterMs }),
    cause: own,
  });
}
