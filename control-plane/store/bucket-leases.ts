/** Leases shared by all that is written within one stretch of time: a lease per event would cost etcd more than the event. */
import type { Clock } from "#proto/kit/clock.ts";
import type { Kv, LeaseId } from "./kv.ts";

export interface BucketLeasesOptions {
  readonly kv: Kv;
  readonly clock: Clock;
  /** What is written lives at least so long, and at most a bucket longer. */
  readonly ttlMs: number;
}

const bucketsPerTtl = 12;

export class BucketLeases {
  readonly #options: BucketLeasesOptions;
  #lease: Promise<LeaseId> | undefined;
  #untilMs = 0;

  constructor(options: BucketLeasesOptions) {
    this.#options = options;
  }

  /** The lease of the bucket under way. */
  current(): Promise<LeaseId> {
    const { kv, clock, ttlMs } = this.#options;
    const nowMs = clock.monotonicMs();
    if (!this.#lease || nowMs >= this.#untilMs) {
      const bucketMs = ttlMs / bucketsPerTtl;
      this.#untilMs = nowMs + bucketMs;
      const lease = kv.grantLease(ttlMs + bucketMs);
      this.#lease = lease;
      lease.catch(() => {
        if (this.#lease === lease) this.#lease = undefined;
      });
    }
    return this.#lease;
  }

  /** The lease turned out to be gone: the next call takes a new one. */
  forget(): void {
    this.#lease = undefined;
  }
}
