/** A clock that moves only when told: for tests and the simulation. Timers fire in order of time, then of creation. */
import type { Clock, Timer } from "./clock.ts";

interface Entry {
  readonly atMs: number;
  readonly sequence: number;
  readonly run: () => void;
}

export class ManualClock implements Clock {
  #nowMs: number;
  #sequence = 0;
  /** Latest first, so that the next one is taken from the end. */
  readonly #entries: Entry[] = [];
  #epochMs: number;

  constructor(epochMs = Date.UTC(2026, 0, 1)) {
    this.#epochMs = epochMs;
    this.#nowMs = 0;
  }

  nowMs(): number {
    return this.#epochMs + this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): Timer {
    const entry: Entry = { atMs: this.#nowMs + Math.max(0, delayMs), sequence: this.#sequence++, run };
    this.#entries.splice(this.#placeOf(entry), 0, entry);
    return {
      cancel: () => {
        const at = this.#placeOf(entry);
        if (this.#entries[at] === entry) this.#entries.splice(at, 1);
      },
    };
  }

  /** Monotonic instant of the next timer, or undefined when none waits. */
  nextAtMs(): number | undefined {
    return this.#entries.at(-1)?.atMs;
  }

  /** Moves to the next timer and fires it. Returns false when none waits. */
  fireNext(): boolean {
    const next = this.#entries.pop();
    if (!next) return false;
    this.#nowMs = Math.max(this.#nowMs, next.atMs);
    next.run();
    return true;
  }

  /** Somebody sets the wall clock; nothing else moves. */
  stepWall(ms: number): void {
    this.#epochMs += ms;
  }

  /** Moves time forward by `ms`, firing what falls due. Promise continuations need a turn of the loop in between: see `settle`. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (let at = this.nextAtMs(); at !== undefined && at <= untilMs; at = this.nextAtMs()) this.fireNext();
    this.#nowMs = untilMs;
  }

  /** Where it stands, or would. */
  #placeOf(entry: Entry): number {
    let low = 0;
    for (let high = this.#entries.length; low < high; ) {
      const middle = (low + high) >>> 1;
      const other = this.#entries[middle];
      if (other && isLater(other, entry)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const isLater = (a: Entry, b: Entry): boolean => a.atMs > b.atMs || (a.atMs === b.atMs && a.sequence > b.sequence);
