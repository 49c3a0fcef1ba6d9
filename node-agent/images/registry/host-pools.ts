/** One pool of connections for each host, with the trust that is configured for it now. A change of trust begins a new pool. */
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import type { Dispatcher } from "undici";
import type { HostSettings } from "./host-settings.ts";
import { lookupWithin } from "./name-lookup.ts";

export interface HostPoolsOptions {
  readonly connectTimeoutMs?: number | undefined;
  readonly lookupTimeoutMs?: number | undefined;
  readonly headersTimeoutMs?: number | undefined;
  /** Longest silence within a body. */
  readonly stallTimeoutMs?: number | undefined;
}

interface Pool {
  readonly trust: string;
  readonly agent: Dispatcher;
}

/** Hosts that redirects lead to are many and short-lived: the pool that was used longest ago goes. */
const maxPools = 64;

export class HostPools {
  readonly #options: HostPoolsOptions;
  readonly #pools = new Map<string, Pool>();

  constructor(options: HostPoolsOptions) {
    this.#options = options;
  }

  async dispatcher(settings: HostSettings): Promise<Dispatcher> {
    const { host, certificateAuthority, insecureSkipVerify = false, plainHttp = false } = settings;
    const trust = `${plainHttp} ${insecureSkipVerify} ${certificateAuthority ?? ""}`;
    const known = this.#pools.get(host);
    if (known?.trust === trust) {
      this.#pools.delete(host);
      this.#pools.set(host, known);
      return known.agent;
    }
    // Loaded at the first pull: an agent that pulls nothing shall not pay for it.
    const { Agent } = await import("./undici.ts");
    const { connectTimeoutMs, lookupTimeoutMs, headersTimeoutMs, stallTimeoutMs } = this.#options;
    const agent = new Agent({
      connections: 8,
      headersTimeout: headersTimeoutMs ?? 30_000,
      bodyTimeout: stallTimeoutMs ?? 30_000,
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
    this.#pools.set(host, { trust, agent });
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
