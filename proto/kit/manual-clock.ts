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
  #entries: Entry[] = [];
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
    this.#entries.push(entry);
    return {
      cancel: () => {
        this.#entries = this.#entries.filter((other) => other !== entry);
      },
    };
  }

  /** Monotonic instant of the next timer, or undefined when none waits. */
  nextAtMs(): number | undefined {
    return this.#next()?.atMs;
  }

  /** Moves to the next timer and fires it. Returns false when none waits. */
  fireNext(): boolean {
    const next = this.#next();
    if (!next) return false;
    this.#entries = this.#entries.filter((other) => other !== next);
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

  #next(): Entry | undefined {
    let best: Entry | undefined;
    for (const entry of this.#entries) {
      if (!best || entry.atMs < best.atMs || (entry.atMs === best.atMs && entry.sequence < best.sequence)) best = entry;
    }
    return best;
  }
}
