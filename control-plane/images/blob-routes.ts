/**
 * Who fetches a blob from where. The first node that asks for a blob nobody has is sent to the registry; whoever asks while that lasts is
 * sent to it, and reads along; later ones are spread over all that have it, the least busy first. A node that failed somebody is not offered
 * to him again, so that a blob whose fetcher died or hangs is fetched anew by the next who asks.
 */
import type { Clock } from "#proto/kit/clock.ts";

export interface BlobRoutesOptions {
  readonly clock: Clock;
  readonly holders: (digest: string) => ReadonlySet<string>;
  /** Whether others can fetch from the node. */
  readonly serves: (node: string) => boolean;
}

export type Route = { readonly kind: "peers"; readonly nodes: readonly string[] } | { readonly kind: "registry" };

interface Fetch {
  /** Undefined: the registry. */
  readonly from: string | undefined;
  readonly sinceMs: number;
}

/** A fetch that nobody heard of for so long is over. */
const fetchLifetimeMs = 10 * 60_000;
const maxOffered = 3;

export class BlobRoutes {
  readonly #options: BlobRoutesOptions;
  /** By digest, by node. */
  readonly #fetches = new Map<string, Map<string, Fetch>>();
  /** By node, how many fetch from it now. */
  readonly #load = new Map<string, number>();

  constructor(options: BlobRoutesOptions) {
    this.#options = options;
  }

  route(node: string, digest: string, avoid: ReadonlySet<string>): Route {
    this.#prune(digest);
    this.ended(node, digest);
    const nodes = this.#candidates(node, digest, avoid);
    const [best] = nodes;
    this.#begin(node, digest, best);
    return best === undefined ? { kind: "registry" } : { kind: "peers", nodes: nodes.slice(0, maxOffered) };
  }

  /** It has the blob, or gave up. */
  ended(node: string, digest: string): void {
    const fetches = this.#fetches.get(digest);
    const fetch = fetches?.get(node);
    if (!fetches || !fetch) return;
    fetches.delete(node);
    if (fetches.size === 0) this.#fetches.delete(digest);
    if (fetch.from !== undefined) this.#addLoad(fetch.from, -1);
  }

  /** The node is not connected any more. */
  forget(node: string): void {
    for (const digest of [...this.#fetches.keys()]) this.ended(node, digest);
  }

  #begin(node: string, digest: string, from: string | undefined): void {
    const fetches = this.#fetches.get(digest) ?? new Map<string, Fetch>();
    this.#fetches.set(digest, fetches.set(node, { from, sinceMs: this.#options.clock.monotonicMs() }));
    if (from !== undefined) this.#addLoad(from, 1);
  }

  /** Whole copies and growing ones, the least busy first; of two alike the whole one. */
  #candidates(node: string, digest: string, avoid: ReadonlySet<string>): readonly string[] {
    const { holders, serves } = this.#options;
    const whole = holders(digest);
    const growing = [...(this.#fetches.get(digest)?.keys() ?? [])].filter((one) => !whole.has(one));
    return [...whole, ...growing.filter((one) => this.#isFed(one, digest, node))]
      .filter((one) => one !== node && !avoid.has(one) && serves(one))
      .map((name) => ({ name, load: this.#load.get(name) ?? 0 }))
      .sort((a, b) => a.load - b.load)
      .map(({ name }) => name);
  }

  /** Whether what `fetcher` reads comes from a registry or a whole copy in the end, and not from `asker`, who has nothing. */
  #isFed(fetcher: string, digest: string, asker: string): boolean {
    const whole = this.#options.holders(digest);
    const seen = new Set([asker]);
    for (let at: string | undefined = fetcher; at !== undefined; ) {
      if (whole.has(at)) return true;
      const fetch: Fetch | undefined = this.#fetches.get(digest)?.get(at);
      if (seen.has(at) || !fetch) return false;
      seen.add(at);
      at = fetch.from;
    }
    return true;
  }

  #prune(digest: string): void {
    const oldestMs = this.#options.clock.monotonicMs() - fetchLifetimeMs;
    for (const [node, { sinceMs }] of this.#fetches.get(digest) ?? []) if (sinceMs < oldestMs) this.ended(node, digest);
  }

  #addLoad(node: string, change: number): void {
    const load = (this.#load.get(node) ?? 0) + change;
    if (load > 0) this.#load.set(node, load);
    else this.#load.delete(node);
  }
}
