/** What the other side still lets us send. Writers wait in order for room. */
import { Problem } from "#proto/kit/problem.ts";

/** What each side may send before the other has granted anything: part of the protocol. */
export const initialCreditBytes = 512 * 1024;

export class SendWindow {
  #left = initialCreditBytes;
  #closed: unknown;
  #wake: (() => void)[] = [];

  grant(bytes: number): void {
    if (bytes <= 0) return;
    this.#left = Math.min(Number.MAX_SAFE_INTEGER, this.#left + bytes);
    this.#wakeAll();
  }

  /** Waits for room; returns how many of `wanted` bytes may go now (at least one). Rejects once closed. */
  async take(wanted: number): Promise<number> {
    while (this.#left === 0 && this.#closed === undefined) {
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
    if (this.#closed !== undefined) throw this.#closed;
    const taken = Math.min(wanted, this.#left);
    this.#left -= taken;
    return taken;
  }

  close(reason: unknown = new Problem("canceled", "the stream has ended")): void {
    this.#closed ??= reason;
    this.#wakeAll();
  }

  #wakeAll(): void {
    const waiting = this.#wake;
    this.#wake = [];
    for (const wake of waiting) wake();
  }
}
