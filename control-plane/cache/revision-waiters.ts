/** Callers that wait until the cache has reached a revision. */
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";

interface Waiter {
  readonly revision: number;
  readonly done: (thrown?: unknown) => void;
}

export class RevisionWaiters {
  readonly #clock: Clock;
  readonly #waiters = new Set<Waiter>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The highest revision waited for, 0 for none. */
  get awaited(): number {
    let highest = 0;
    for (const { revision } of this.#waiters) highest = Math.max(highest, revision);
    return highest;
  }

  /** Resolves once `reached` is told `revision` or more; at once when `current` is there already. */
  wait(revision: number, current: number, timeoutMs: number, signal?: AbortSignal): Promise<void> {
    if (current >= revision) return Promise.resolve();
    if (signal?.aborted) return Promise.reject(Problem.from(signal.reason));
    return new Promise((resolve, reject) => {
      const done = (thrown?: unknown): void => {
        this.#waiters.delete(waiter);
        timer.cancel();
        signal?.removeEventListener("abort", onAbort);
        if (thrown === undefined) resolve();
        else reject(thrown);
      };
      const onAbort = (): void => done(Problem.from(signal?.reason));
      const waiter: Waiter = { revision, done };
      const late = (): void => done(new Problem("timeout", `the cache did not reach revision ${revision} in time`));
      const timer = this.#clock.after(timeoutMs, late);
      this.#waiters.add(waiter);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  reached(revision: number): void {
    for (const waiter of [...this.#waiters]) if (waiter.revision <= revision) waiter.done();
  }
}
