/** The clock as one process has it: its wall clock may be wrong, and while the process is frozen its timers wait. */
import type { Clock, Timer } from "#proto/kit/clock.ts";
import type { Turns } from "./turns.ts";

export class ProcessClock implements Clock {
  readonly #machine: Clock;
  readonly #turns: Turns;
  #frozenUntilMs = Number.NEGATIVE_INFINITY;
  /** Of the wall clock. */
  offsetMs = 0;

  constructor(machine: Clock, turns: Turns) {
    this.#machine = machine;
    this.#turns = turns;
  }

  get isFrozen(): boolean {
    return this.#machine.monotonicMs() < this.#frozenUntilMs;
  }

  nowMs(): number {
    return this.#machine.nowMs() + this.offsetMs;
  }

  /** Goes on while the process does not, as CLOCK_MONOTONIC does. */
  monotonicMs(): number {
    return this.#machine.monotonicMs();
  }

  after(delayMs: number, run: () => void): Timer {
    const fire = (): void => {
      if (this.isFrozen) timer = this.#machine.after(this.#frozenUntilMs - this.#machine.monotonicMs(), fire);
      else run();
    };
    let timer = this.#machine.after(delayMs, fire);
    return { cancel: () => timer.cancel() };
  }

  afterTurn(run: () => void): void {
    this.#turns.after(run);
  }

  freeze(forMs: number): void {
    this.#frozenUntilMs = this.#machine.monotonicMs() + forMs;
  }
}
