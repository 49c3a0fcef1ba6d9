/** How many different events one source may tell of one object: a burst, then one now and then. */
import type { Clock } from "#proto/kit/clock.ts";

interface Allowance {
  tokens: number;
  atMs: number;
}

const burst = 25;
const refillMs = 60_000;
const maxKnown = 4_096;

export class NoiseLimit {
  readonly #clock: Clock;
  /** Least recently used first. */
  readonly #allowances = new Map<string, Allowance>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes one from the allowance; false when there is none left. */
  admits(key: string): boolean {
    const nowMs = this.#clock.monotonicMs();
    const known = this.#allowances.get(key) ?? { tokens: burst, atMs: nowMs };
    const tokens = Math.min(burst, known.tokens + (nowMs - known.atMs) / refillMs);
    const isAdmitted = tokens >= 1;
    this.#allowances.delete(key);
    this.#allowances.set(key, { tokens: isAdmitted ? tokens - 1 : tokens, atMs: nowMs });
    const oldest = this.#allowances.size > maxKnown ? this.#allowances.keys().next().value : undefined;
    if (oldest !== undefined) this.#allowances.delete(oldest);
    return isAdmitted;
  }
}
