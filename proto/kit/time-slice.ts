/** Keeps long loops from holding the event loop: ask `isOver` in the loop, and `await pause()` when it is. */
import type { Clock } from "./clock.ts";

const defaultSliceMs = 10;

export class TimeSlice {
  readonly #clock: Clock;
  readonly #sliceMs: number;
  #startedAtMs: number;

  constructor(clock: Clock, sliceMs = defaultSliceMs) {
    this.#clock = clock;
    this.#sliceMs = sliceMs;
    this.#startedAtMs = clock.monotonicMs();
  }

  get isOver(): boolean {
    return this.#clock.monotonicMs() - this.#startedAtMs >= this.#sliceMs;
  }

  /** Lets everything else that waits have its turn, then starts the next slice. */
  async pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.#clock.afterTurn) this.#clock.afterTurn(resolve);
      else setImmediate(resolve);
    });
    this.#startedAtMs = this.#clock.monotonicMs();
  }
}
