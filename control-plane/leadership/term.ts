/** One term of leadership: its lease, renewed; and the moment it is over, which this side always knows before etcd does. */
import { type Clock, sleep, type Timer } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Fence, Kv, LeaseId } from "../store/kv.ts";

export interface TermOptions {
  readonly kv: Kv;
  readonly clock: Clock;
  readonly lease: LeaseId;
  readonly fence: Fence;
  readonly ttlMs: number;
  /** Monotonic instant before the lease was asked for: etcd's own count began later. */
  readonly leasedAtMs: number;
}

export class Term {
  readonly fence: Fence;
  readonly #options: TermOptions;
  readonly #ending = new AbortController();
  #expiry: Timer | undefined;

  constructor(options: TermOptions) {
    this.#options = options;
    this.fence = options.fence;
    this.#trustUntil(options.leasedAtMs);
  }

  /** Aborts when the term is over; the reason says why. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  end(reason: string): void {
    this.#expiry?.cancel();
    this.#ending.abort(new Problem("unavailable", reason));
  }

  /** Renews the lease until the term ends. */
  async keep(): Promise<void> {
    const { kv, clock, lease, ttlMs } = this.#options;
    let waitMs = ttlMs / 3;
    while (!this.signal.aborted) {
      await sleep(clock, waitMs, this.signal).catch(() => undefined);
      if (this.signal.aborted) return;
      const sentAtMs = clock.monotonicMs();
      try {
        await kv.keepLeaseAlive(lease, this.signal);
        this.#trustUntil(sentAtMs);
        waitMs = ttlMs / 3;
      } catch (thrown) {
        if (Problem.is(thrown, "not-found")) this.end("the leader's lease has expired");
        waitMs = ttlMs / 12;
      }
    }
  }

  /** Ends the term when somebody removed or replaced the leader's key. The lease is what counts; this is faster. */
  async guard(): Promise<void> {
    const { kv, clock, fence, ttlMs } = this.#options;
    let afterRevision = fence.createRevision;
    while (!this.signal.aborted) {
      try {
        for await (const batch of kv.watch(fence.key, afterRevision, this.signal)) {
          const isTaken = batch.events.some((event) => event.createRevision !== fence.createRevision);
          if (isTaken) this.end("the leader's key was taken away");
          afterRevision = batch.revision;
        }
      } catch {
        await sleep(clock, ttlMs, this.signal).catch(() => undefined);
        afterRevision = await this.#stillOurs().catch(() => afterRevision);
      }
    }
  }

  async #stillOurs(): Promise<number> {
    const { item, revision } = await this.#options.kv.get(this.fence.key, this.signal);
    if (item?.createRevision !== this.fence.createRevision) this.end("the leader's key was taken away");
    return revision;
  }

  /** Gives the lease back, so that a successor need not wait for it to run out. */
  async release(): Promise<void> {
    this.#expiry?.cancel();
    await this.#options.kv.revokeLease(this.#options.lease).catch(() => undefined);
  }

  /** The lease is good for its time from before the renewal was sent; a sixth is kept back for what is under way. */
  #trustUntil(sentAtMs: number): void {
    const { clock, ttlMs } = this.#options;
    this.#expiry?.cancel();
    const leftMs = sentAtMs + (ttlMs * 5) / 6 - clock.monotonicMs();
    if (leftMs <= 0) this.end("the leader's lease could not be renewed in time");
    else this.#expiry = clock.after(leftMs, () => this.end("the leader's lease could not be renewed in time"));
  }
}
