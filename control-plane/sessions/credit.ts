/** Credit of one direction of a stream: how many data bytes the sender may still send. */
import { Problem } from "#proto/kit/problem.ts";

/** What each side may send before the other has granted anything: part of the protocol. */
export const initialCreditBytes = 512 * 1024;

export class Credit {
  #granted = initialCreditBytes;
  #used = 0;

  /** All that was ever granted. */
  get grantedBytes(): number {
    return this.#granted;
  }

  get usedBytes(): number {
    return this.#used;
  }

  get leftBytes(): number {
    return this.#granted - this.#used;
  }

  grant(bytes: number): void {
    if (bytes > 0) this.#granted = Math.min(Number.MAX_SAFE_INTEGER, this.#granted + bytes);
  }

  /** Throws Problem `too-many-requests` when the sender goes beyond what it was granted. */
  use(bytes: number, who: string): void {
    this.#used += bytes;
    if (this.#used <= this.#granted) return;
    throw new Problem("too-many-requests", `${who} sent more than it was allowed to; the stream is cut`);
  }
}
