/**
 * Timers that wake the process together. A wake-up costs a resting process far more than the few lines that it then runs, so timers of
 * half a second or more fall due on a common grid, up to a quarter of a second late.
 */
const gridMs = 250;
/** Shorter ones are exact. */
const leastSharedMs = 500;
/** Of one setTimeout. */
const mostDelayMs = 0x7fffffff;

interface Cancellable {
  cancel(): void;
}

/** The two of `Clock`, exact. */
export interface ExactTimers {
  monotonicMs(): number;
  after(delayMs: number, run: () => void): Cancellable;
}

interface Slot {
  readonly atMs: number;
  readonly runs: Set<() => void>;
  readonly timer: Cancellable;
}

export class SharedWakeUps {
  readonly #exact: ExactTimers;
  readonly #slots = new Map<number, Slot>();
  /** While a slot runs, the instant it stands for: a timer that sets itself anew keeps its period. */
  #slotAtMs = Number.NEGATIVE_INFINITY;

  constructor(exact: ExactTimers) {
    this.#exact = exact;
  }

  /** See `Clock.after`. */
  after(delayMs: number, run: () => void): Cancellable {
    const boundedMs = Math.max(0, Math.min(delayMs, mostDelayMs - gridMs));
    if (boundedMs < leastSharedMs) return this.#exact.after(boundedMs, run);
    const nowMs = this.#exact.monotonicMs();
    // A slot that itself came late is no measure for what follows.
    const fromMs = nowMs - this.#slotAtMs < gridMs ? this.#slotAtMs : nowMs;
    const atMs = Math.ceil((fromMs + boundedMs) / gridMs) * gridMs;
    const slot = this.#slots.get(atMs) ?? this.#newSlot(atMs, nowMs);
    // A wrapper of its own: two timers may share a function.
    const own = (): void => run();
    slot.runs.add(own);
    return { cancel: () => this.#cancel(slot, own) };
  }

  #cancel(slot: Slot, run: () => void): void {
    slot.runs.delete(run);
    if (slot.runs.size > 0 || this.#slots.get(slot.atMs) !== slot) return;
    this.#slots.delete(slot.atMs);
    slot.timer.cancel();
  }

  #newSlot(atMs: number, nowMs: number): Slot {
    const timer = this.#exact.after(Math.ceil(atMs - nowMs), () => this.#run(slot));
    const slot: Slot = { atMs, runs: new Set(), timer };
    this.#slots.set(atMs, slot);
    return slot;
  }

  /** In the order in which they were asked for; one that an earlier one cancels does not run. */
  #run(slot: Slot): void {
    if (this.#slots.get(slot.atMs) === slot) this.#slots.delete(slot.atMs);
    this.#slotAtMs = slot.atMs;
    try {
      for (const run of slot.runs) {
        slot.runs.delete(run);
        run();
      }
    } finally {
      this.#slotAtMs = Number.NEGATIVE_INFINITY;
      // One threw: that is the process's affair, as with any timer; the others still get their turn.
      if (slot.runs.size > 0) this.#exact.after(0, () => this.#run(slot));
    }
  }
}
