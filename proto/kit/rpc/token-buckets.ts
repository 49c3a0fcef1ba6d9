/** A token bucket for each key: full at first, filling at a steady rate. Keys that are full again are forgotten. */
import type { Clock } from "../clock.ts";

export interface Rate {
  readonly perSecond: number;
  /** What a bucket holds: so much may come at once. */
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Beyond so many keys the oldest is forgotten: an attacker with many names gains a full bucket, and we keep our memory. */
const maxKeys = 10_000;

export class TokenBuckets {
  readonly #clock: Clock;
  readonly #rate: Rate;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock, rate: Rate) {
    this.#clock = clock;
    this.#rate = rate;
  }

  /** Takes `cost` tokens and answers 0, or takes none and answers in how many milliseconds there will be enough. */
  take(key: string, cost = 1): number {
    const bucket = this.#filled(key);
    // A cost above the whole bucket is served from a full one, else it never would be.
    const wanted = Math.min(cost, this.#rate.burst);
    if (bucket.tokens >= wanted) {
      bucket.tokens -= cost;
      return 0;
    }
    return Math.ceil(((wanted - bucket.tokens) / this.#rate.perSecond) * 1000);
  }

  get size(): number {
    return this.#buckets.size;
  }

  #filled(key: string): Bucket {
    const nowMs = this.#clock.monotonicMs();
    const { perSecond, burst } = this.#rate;
    const bucket = this.#buckets.get(key) ?? { tokens: burst, atMs: nowMs };
    bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.atMs) / 1000) * perSecond);
    bucket.atMs = nowMs;
    if (this.#buckets.size >= maxKeys && !this.#buckets.has(key)) this.#forgetOne();
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #forgetOne(): void {
    const oldest = this.#buckets.keys().next();
    if (!oldest.done) this.#buckets.delete(oldest.value);
  }
}
