/** One pool of connections for each host, with the trust and the patience that are configured for it now. A change begins a new pool. */
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import type { Dispatcher } from "undici";
import type { HostSettings } from "./host-settings.ts";
import { lookupWithin } from "./name-lookup.ts";

export interface HostPoolsOptions {
  readonly connectTimeoutMs?: number | undefined;
  readonly lookupTimeoutMs?: number | undefined;
  /** Longest silence, before an answer or in the middle of it, of hosts whose settings do not say. */
  readonly stallTimeoutMs?: number | undefined;
}

interface Pool {
  /** The settings it was made with. */
  readonly key: string;
  readonly agent: Dispatcher;
}

/** Hosts that redirects lead to are many and short-lived: the pool that was used longest ago goes. */
const maxPools = 64;
const defaultStallMs = 30_000;

export class HostPools {
  readonly #options: HostPoolsOptions;
  readonly #pools = new Map<string, Pool>();

  constructor(options: HostPoolsOptions) {
    this.#options = options;
  }

  async dispatcher(settings: HostSettings): Promise<Dispatcher> {
    const { host, certificateAuthority, insecureSkipVerify = false, plainHttp = false } = settings;
    const { connectTimeoutMs, lookupTimeoutMs } = this.#options;
    const silenceMs = settings.stallTimeoutMs ?? this.#options.stallTimeoutMs ?? defaultStallMs;
    const key = `${plainHttp} ${insecureSkipVerify} ${silenceMs} ${certificateAuthority ?? ""}`;
    const known = this.#pools.get(host);
    if (known?.key === key) {
      this.#pools.delete(host);
      this.#pools.set(host, known);
      return known.agent;
    }
    // Loaded at the first pull: an agent that pulls nothing shall not pay for it.
    const { Agent } = await import("./undici.ts");
    const agent = new Agent({
      connections: 8,
      headersTimeout: silenceMs,
      bodyTimeout: silenceMs,
      keepAliveTimeout: 4_000,
      connect: {
        timeout: connectTimeoutMs ?? 10_000,
        lookup: lookupWithin(lookupTimeoutMs ?? 5_000),
        // Reading the machine's authorities takes a while: not for a host that speaks no TLS.
        ...(plainHttp ? {} : { secureContext: trusting(certificateAuthority) }),
        rejectUnauthorized: !insecureSkipVerify,
      },
    });
    // Requests under way end in peace; an error of theirs is their own.
    known?.agent.close().catch(() => undefined);
    this.#pools.set(host, { key, agent });
    this.#shrink();
    return agent;
  }

  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.agent.destroy()));
  }

  #shrink(): void {
    const [oldest] = this.#pools;
    if (this.#pools.size <= maxPools || !oldest) return;
    this.#pools.delete(oldest[0]);
    oldest[1].agent.close().catch(() => undefined);
  }
}

/** One authority when it is given; else those of this machine, where its operator adds his own; else Node's. */
function trusting(certificateAuthority: string | undefined): SecureContext {
  if (certificateAuthority !== undefined) return createSecureContext({ ca: certificateAuthority });
  const system = getCACertificates("system");
  return createSecureContext(system.length > 0 ? { ca: system } : {});
}
