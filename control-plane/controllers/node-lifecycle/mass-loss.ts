/** Slows eviction down when many nodes seem lost at once: then the network is the likelier culprit than the nodes. */

export interface MassLossOptions {
  /** Share of lost nodes above which eviction slows down. */
  readonly share: number;
  readonly intervalMs: number;
}

export class MassLoss {
  readonly #options: MassLossOptions;
  readonly #allowed = new Set<string>();
  readonly #told = new Set<string>();
  #nextAtMs: number | undefined;

  constructor(options: MassLossOptions) {
    this.#options = options;
  }

  /** Whether pods of this lost node may be replaced now, and when to ask again. */
  ask(node: string, lost: number, total: number, nowMs: number): { readonly may: boolean; readonly againAtMs: number } {
    const isMass = lost / total > this.#options.share;
    if (!isMass) {
      this.#nextAtMs = undefined;
      this.#allowed.add(node);
      return { may: true, againAtMs: nowMs };
    }
    this.#nextAtMs ??= nowMs + this.#options.intervalMs;
    if (this.#allowed.has(node)) return { may: true, againAtMs: nowMs };
    // With no node left there is nowhere to go; the first to return decides.
    if (lost < total && nowMs >= this.#nextAtMs) {
      this.#nextAtMs = nowMs + this.#options.intervalMs;
      this.#allowed.add(node);
      return { may: true, againAtMs: nowMs };
    }
    return { may: false, againAtMs: Math.max(this.#nextAtMs, nowMs + 1_000) };
  }

  /** True the first time a node's pods wait in one outage: then it is worth saying. */
  isNews(node: string): boolean {
    if (this.#told.has(node)) return false;
    this.#told.add(node);
    return true;
  }

  returned(node: string): void {
    this.#allowed.delete(node);
    this.#told.delete(node);
  }
}
