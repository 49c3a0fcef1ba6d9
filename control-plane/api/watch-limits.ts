/** How many watches there may be, in all and by user. */
import { Problem } from "#proto/kit/problem.ts";

export interface WatchLimits {
  readonly total: number;
  readonly perUser: number;
}

export const defaultWatchLimits: WatchLimits = { total: 4_000, perUser: 1_000 };

export class WatchCounter {
  readonly #limits: WatchLimits;
  readonly #byUser = new Map<string, number>();
  #total = 0;

  constructor(limits: WatchLimits) {
    this.#limits = limits;
  }

  /** Throws `too-many-requests`; otherwise answers how to give the place back. */
  enter(user: string): () => void {
    const own = this.#byUser.get(user) ?? 0;
    const limit = own >= this.#limits.perUser ? `${this.#limits.perUser} of "${user}"` : `${this.#limits.total}`;
    if (own >= this.#limits.perUser || this.#total >= this.#limits.total) {
      throw new Problem("too-many-requests", `all ${limit} places for watches are taken`, {
        hint: "End watches that are no longer needed, and try again.",
        retryAfterMs: 1_000,
      });
    }
    this.#byUser.set(user, own + 1);
    this.#total++;
    return () => this.#leave(user);
  }

  #leave(user: string): void {
    const left = (this.#byUser.get(user) ?? 1) - 1;
    if (left === 0) this.#byUser.delete(user);
    else this.#byUser.set(user, left);
    this.#total--;
  }
}
