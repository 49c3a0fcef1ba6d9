/**
 * HTTP to registries on undici: one connection pool for each host with its own trust, bounded waits and redirects. Credentials never
 * travel to another host, and never back from HTTPS to HTTP.
 */
import { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { RegistrySettings } from "../image-store.ts";
import { HostGates } from "./host-gate.ts";
import { HostPools, type HostPoolsOptions } from "./host-pools.ts";
import { type HostSettings, hostSettings } from "./host-settings.ts";
import { retryAfterMs } from "./retry-after.ts";
import { plainHttpHint, transportProblem } from "./transport-problem.ts";

export interface RegistryResponse {
  readonly status: number;
  /** Where the answer came from, after redirects. */
  readonly url: URL;
  /** All values of a header, by its lower-case name. */
  header(name: string): readonly string[];
  readonly body: AsyncIterable<Buffer>;
  /** Drops the rest of the body so that the connection can be used again. */
  discard(): Promise<void>;
}

export interface RegistryRequest {
  /** GET when absent. Only GET and HEAD follow redirects. */
  readonly method?: "GET" | "HEAD" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** With its length in `headers`, as `content-length`. */
  readonly body?: Uint8Array | AsyncIterable<Uint8Array>;
  /** For the host of `url` only. */
  readonly authorization?: string | undefined;
  readonly signal: AbortSignal;
}

export interface TransportOptions extends HostPoolsOptions {
  readonly clock: Clock;
  readonly registries: () => readonly RegistrySettings[];
}

const maxRedirects = 5;
const redirectStatuses: readonly number[] = [301, 302, 303, 307, 308];

export class RegistryTransport {
  readonly #registries: () => readonly RegistrySettings[];
  readonly #pools: HostPools;
  readonly #gates: HostGates;
  readonly #clock: Clock;
  /** Hosts to which the last connection failed, and when. */
  readonly #failedAtMs = new Map<string, number>();

  constructor(options: TransportOptions) {
    this.#registries = options.registries;
    this.#pools = new HostPools(options);
    this.#gates = new HostGates(options.clock);
    this.#clock = options.clock;
  }

  /** Whether a connection to it has failed within the last seconds, and none succeeded since. */
  isUnreachable(host: string): boolean {
    const failedAtMs = this.#failedAtMs.get(host);
    return failedAtMs !== undefined && this.#clock.monotonicMs() - failedAtMs < unreachableMs;
  }

  settings(host: string): HostSettings {
    return hostSettings(this.#registries(), host);
  }

  baseUrl(host: string): URL {
    return new URL(`${this.settings(host).plainHttp ? "http" : "https"}://${host}/v2/`);
  }

  /** Problems: `unavailable`, `timeout`, `forbidden` (a redirect to where we do not go), `too-many-requests`, `canceled`. */
  async send(request: RegistryRequest): Promise<RegistryResponse> {
    let { url } = request;
    const isReading = request.method === undefined || request.method === "GET" || request.method === "HEAD";
    for (let hop = 0; hop <= maxRedirects; hop++) {
      const isSameHost = url.host === request.url.host && url.protocol === request.url.protocol;
      const authorization = isSameHost ? request.authorization : undefined;
      const response = await this.#send(url, { ...request, authorization });
      const [location] = response.header("location");
      const isRedirect = isReading && redirectStatuses.includes(response.status);
      if (!isRedirect || location === undefined) return response;
      await response.discard();
      url = this.target(url, location);
    }
    throw new Problem("unavailable", `${request.url.host} redirects more than ${maxRedirects} times`, {
      retry: "never",
    });
  }

  async close(): Promise<void> {
    await this.#pools.close();
  }

  /** Where a `Location` leads, checked: what a registry says is not where we must go. */
  target(from: URL, location: string): URL {
    const url = URL.canParse(location, from) ? new URL(location, from) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
      throw new Problem("forbidden", `${from.host} redirects to an address that cannot be used`);
    }
    this.checkScheme(url, from);
    return url;
  }

  /** Plain HTTP only to hosts that were configured so. */
  checkScheme(url: URL, from: URL): void {
    if (url.protocol === "https:" || this.settings(url.host).plainHttp) return;
    throw new Problem("forbidden", `${from.host} sends us on to ${url.origin}, which is plain HTTP`, {
      hint: plainHttpHint(url.host),
    });
  }

  #noteFailure(host: string): void {
    const [oldest] = this.#failedAtMs.keys();
    if (this.#failedAtMs.size >= maxFailures && oldest !== undefined) this.#failedAtMs.delete(oldest);
    this.#failedAtMs.set(host, this.#clock.monotonicMs());
  }

  async #send(url: URL, request: RegistryRequest): Promise<RegistryResponse> {
    const settings = this.settings(url.host);
    await this.#gates.pass(url.host, settings.requestsPerSecond, request.signal);
    // Loaded at the first pull: an agent that pulls nothing shall not pay for it.
    const { request: send } = await import("./undici.ts");
    try {
      const sent = await send(url, {
        method: request.method ?? "GET",
        dispatcher: await this.#pools.dispatcher(settings),
        signal: request.signal,
        headers: {
          "user-agent": "orch",
          ...request.headers,
          ...(request.authorization === undefined ? {} : { authorization: request.authorization }),
        },
        body: sendable(request.body),
      });
      this.#failedAtMs.delete(url.host);
      const response = asResponse(sent, url, request.signal);
      const waitMs = retryAfterMs(response);
      if (waitMs !== undefined) this.#gates.close(url.host, waitMs);
      return response;
    } catch (thrown) {
      if (!request.signal.aborted) this.#noteFailure(url.host);
      throw transportProblem(thrown, url.host, request.signal);
    }
  }
}

/** How long a mirror that cannot be reached is passed over. */
const unreachableMs = 30_000;
const maxFailures = 256;

function sendable(body: RegistryRequest["body"]): Uint8Array | Readable | null {
  if (body === undefined || body instanceof Uint8Array) return body ?? null;
  return Readable.from(body, { objectMode: false });
}

function asResponse(response: Dispatcher.ResponseData, url: URL, signal: AbortSignal): RegistryResponse {
  return {
    status: response.statusCode,
    url,
    header(name) {
      const value = response.headers[name];
      if (value === undefined) return [];
      return typeof value === "string" ? [value] : value;
    },
    body: bodyOf(response, url, signal),
    discard: () => response.body.dump({ limit: 64 * 1024 }).catch(() => undefined),
  };
}

async function* bodyOf(response: Dispatcher.ResponseData, url: URL, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of response.body) yield chunk as Buffer;
  } catch (thrown) {
    throw transportProblem(thrown, url.host, signal);
  }
}
