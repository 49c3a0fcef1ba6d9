/**
 * HTTP to registries on undici: one connection pool for each host with its own trust, bounded waits and redirects. Credentials never
 * travel to another host, and never back from HTTPS to HTTP.
 */

import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import type { Dispatcher } from "undici";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import type { RegistrySettings } from "../image-store.ts";

export interface RegistryResponse {
  readonly status: number;
  /** All values of a header, by its lower-case name. */
  header(name: string): readonly string[];
  readonly body: AsyncIterable<Buffer>;
  /** Drops the rest of the body so that the connection can be used again. */
  discard(): Promise<void>;
}

export interface RegistryRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** For the host of `url` only. */
  readonly authorization?: string | undefined;
  readonly signal: AbortSignal;
}

export interface TransportOptions {
  readonly registries: () => readonly RegistrySettings[];
  readonly connectTimeoutMs?: number;
  readonly headersTimeoutMs?: number;
  /** Longest silence within a body. */
  readonly stallTimeoutMs?: number;
}

const maxRedirects = 5;
const redirectStatuses: readonly number[] = [301, 302, 303, 307, 308];

interface Pool {
  readonly certificateAuthority: string | undefined;
  readonly agent: Dispatcher;
}

export class RegistryTransport {
  readonly #options: TransportOptions;
  readonly #pools = new Map<string, Pool>();

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  settings(host: string): RegistrySettings {
    return this.#options.registries().find((settings) => settings.host === host) ?? { host };
  }

  baseUrl(host: string): URL {
    return new URL(`${this.settings(host).plainHttp ? "http" : "https"}://${host}/v2/`);
  }

  /** Follows redirects. Problems: `unavailable`, `timeout`, `forbidden` (a redirect to where we do not go), `canceled`. */
  async get(request: RegistryRequest): Promise<RegistryResponse> {
    let { url } = request;
    for (let hop = 0; hop <= maxRedirects; hop++) {
      const isSameHost = url.host === request.url.host && url.protocol === request.url.protocol;
      const authorization = isSameHost ? request.authorization : undefined;
      const response = await this.#send(url, { ...request, authorization });
      const [location] = response.header("location");
      if (!redirectStatuses.includes(response.status) || location === undefined) return response;
      await response.discard();
      url = this.#redirected(url, location);
    }
    throw new Problem("unavailable", `${request.url.host} redirects more than ${maxRedirects} times`, {
      retry: "never",
    });
  }

  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.agent.destroy()));
  }

  #redirected(from: URL, location: string): URL {
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

  async #send(url: URL, request: RegistryRequest): Promise<RegistryResponse> {
    // Loaded at the first pull: an agent that pulls nothing shall not pay for it.
    const { request: send } = await import("./undici.ts");
    try {
      const response = await send(url, {
        method: "GET",
        dispatcher: await this.#agent(url.host),
        signal: request.signal,
        headers: {
          "user-agent": "orch",
          ...request.headers,
          ...(request.authorization === undefined ? {} : { authorization: request.authorization }),
        },
      });
      return asResponse(response, url, request.signal);
    } catch (thrown) {
      throw transportProblem(thrown, url, request.signal);
    }
  }

  async #agent(host: string): Promise<Dispatcher> {
    const { certificateAuthority } = this.settings(host);
    const known = this.#pools.get(host);
    if (known && known.certificateAuthority === certificateAuthority) return known.agent;
    const { Agent } = await import("./undici.ts");
    void known?.agent.close();
    const agent = new Agent({
      connections: 8,
      headersTimeout: this.#options.headersTimeoutMs ?? 30_000,
      bodyTimeout: this.#options.stallTimeoutMs ?? 30_000,
      keepAliveTimeout: 4_000,
      connect: {
        timeout: this.#options.connectTimeoutMs ?? 10_000,
        secureContext: trusting(certificateAuthority),
      },
    });
    this.#pools.set(host, { certificateAuthority, agent });
    return agent;
  }
}

/** One authority when it is given; else those of this machine, where its operator adds his own; else Node's. */
function trusting(certificateAuthority: string | undefined): SecureContext {
  if (certificateAuthority !== undefined) return createSecureContext({ ca: certificateAuthority });
  const system = getCACertificates("system");
  return createSecureContext(system.length > 0 ? { ca: system } : {});
}

function asResponse(response: Dispatcher.ResponseData, url: URL, signal: AbortSignal): RegistryResponse {
  return {
    status: response.statusCode,
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
    throw transportProblem(thrown, url, signal);
  }
}

function transportProblem(thrown: unknown, url: URL, signal: AbortSignal): Problem {
  if (thrown instanceof Problem) return thrown;
  if (signal.aborted) return Problem.from(signal.reason);
  const code = errnoOf(thrown) ?? "";
  const host = url.host;
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER" || code === "ERR_SSL_PACKET_LENGTH_TOO_LONG" || code === "EPROTO") {
    return new Problem("unavailable", `registry ${host} does not speak HTTPS`, {
      cause: thrown,
      hint: plainHttpHint(host),
      retry: "never",
    });
  }
  if (/CERT|SIGNATURE|ISSUER|ALTNAME/.test(code)) {
    return new Problem("unavailable", `registry ${host} has a certificate that is not trusted here (${code})`, {
      cause: thrown,
      hint: `install the certificate authority of ${host} on the nodes, as update-ca-certificates(8) does, and restart their agents`,
      retry: "never",
    });
  }
  if (code.startsWith("UND_ERR_") && code.endsWith("_TIMEOUT")) {
    return new Problem("timeout", `registry ${host} did not answer in time`, { cause: thrown });
  }
  const reasons: Readonly<Record<string, string>> = {
    ECONNREFUSED: "it refuses connections",
    ENOTFOUND: "its name is unknown",
    EAI_AGAIN: "its name cannot be looked up now",
    ECONNRESET: "it closed the connection",
    UND_ERR_SOCKET: "it closed the connection",
    EHOSTUNREACH: "there is no route to it",
    ENETUNREACH: "there is no route to it",
  };
  const reason = reasons[code] ?? (thrown instanceof Error ? thrown.message : String(thrown));
  return new Problem("unavailable", `registry ${host} cannot be reached: ${reason}`, { cause: thrown });
}

function plainHttpHint(host: string): string {
  return `if it shall be used without TLS, start the control plane with --plain-http-registry ${host}`;
}
