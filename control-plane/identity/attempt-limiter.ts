/** Slows down whoever shows wrong tokens, by address. Right ones are never counted. Memory is bounded. */
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";

export interface AttemptLimiterOptions {
  readonly clock: Clock;
  readonly maxFailures: number;
  readonly windowMs: number;
  readonly maxAddresses: number;
}

export class AttemptLimiter {
  readonly #options: AttemptLimiterOptions;
  readonly #failures = new Map<string, { count: number; readonly sinceMs: number }>();

  constructor(options: AttemptLimiterOptions) {
    this.#options = options;
  }

  /** Throws Problem `too-many-requests` when the address has failed too often lately. */
  assertAllowed(address: string): void {
    const entry = this.#current(address);
    if (!entry || entry.count < this.#options.maxFailures) return;
    const retryAfterMs = Math.ceil(entry.sinceMs + this.#options.windowMs - this.#options.clock.monotonicMs());
    throw new Problem("too-many-requests", `too many wrong join tokens from ${address}`, {
      hint: `Wait ${Math.ceil(retryAfterMs / 1000)} s, then try with a token from \`orchctl node join\`.`,
      retryAfterMs,
    });
  }

  failed(address: string): void {
    const entry = this.#current(address);
    if (entry) {
      entry.count++;
      return;
    }
    const oldest = this.#failures.keys().next();
    if (this.#failures.size >= this.#options.maxAddresses && !oldest.done) this.#failures.delete(oldest.value);
    this.#failures.set(address, { count: 1, sinceMs: this.#options.clock.monotonicMs() });
  }

  #current(address: string): { count: number; readonly sinceMs: number } | undefined {
    const entry = this.#failures.get(address);
    if (entry && this.#options.clock.monotonicMs() - entry.sinceMs >= this.#options.windowMs) {
      this.#failures.delete(address);
      return undefined;
    }
    return entry;
  }
}
