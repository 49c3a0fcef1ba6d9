/**
 * A watch below `registry/` hears nothing of writes elsewhere (leader's key, sessions, events), so a cache that is complete
 * may not know that it has reached a revision. etcd's progress requests would tell, but 3.4 may answer them ahead of events.
 * A write of our own comes through the watch in order: when it arrives, everything before it has.
 */
import { progressKey } from "#control-plane/store/keyspace.ts";
import type { Kv } from "#control-plane/store/kv.ts";
import type { Clock, Timer } from "#proto/kit/clock.ts";

/** The event of an ordinary write is here sooner. */
const patienceMs = 5;
const retryMs = 1000;

export class ProgressNudge {
  readonly #kv: Kv;
  readonly #clock: Clock;
  /** The highest revision that somebody waits for and that has not been reached, 0 for none. */
  readonly #awaited: () => number;
  #timer: Timer | undefined;
  /** Waiting for more than this is waiting for the future: nudging would only bring it about. */
  #nudgedTo = 0;

  constructor(kv: Kv, clock: Clock, awaited: () => number) {
    this.#kv = kv;
    this.#clock = clock;
    this.#awaited = awaited;
  }

  /** Somebody waits. Writes soon, unless the wait is over by then. */
  soon(): void {
    this.#schedule(patienceMs);
  }

  #schedule(delayMs: number): void {
    this.#timer ??= this.#clock.after(delayMs, () => {
      this.#timer = undefined;
      if (this.#awaited() > this.#nudgedTo) void this.#write();
    });
  }

  async #write(): Promise<void> {
    try {
      const { revision } = await this.#kv.transact([{ kind: "put", key: progressKey, value: new Uint8Array() }]);
      this.#nudgedTo = revision;
    } catch {
      this.#schedule(retryMs);
    }
  }
}
