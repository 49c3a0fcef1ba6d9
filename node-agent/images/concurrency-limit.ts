/** At most so many at a time, first come first served. A waiter that is aborted leaves the queue. */
import { Problem } from "#proto/kit/problem.ts";

export class ConcurrencyLimit {
  readonly #size: number;
  readonly #waiting = new Set<() => void>();
  #running = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** Whether somebody waits for a place. */
  get isContended(): boolean {
    return this.#waiting.size > 0;
  }

  async run<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    if (signal.aborted) throw Problem.from(signal.reason);
    if (this.#running >= this.#size) await this.#turn(signal);
    else this.#running += 1;
    try {
      return await task();
    } finally {
      this.#next();
    }
  }

  /** Resolves with the place of one that has finished. */
  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.delete(start);
        reject(Problem.from(signal.reason));
      };
      const start = (): void => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      };
      this.#waiting.add(start);
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }

  #next(): void {
    const [start] = this.#waiting;
    if (start) {
      this.#waiting.delete(start);
      start();
    } else this.#running -= 1;
  }
}
