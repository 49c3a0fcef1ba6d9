/** Time as an argument. Only this file reads the machine's clocks; tests and the simulation pass their own. */
import { type ExactTimers, SharedWakeUps } from "./shared-wake-ups.ts";

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Wall clock, milliseconds since the epoch. For stamps that people read; never compared between machines. */
  nowMs(): number;
  /** Monotonic clock, milliseconds from an arbitrary start. For durations and deadlines. */
  monotonicMs(): number;
  /**
   * Calls `run` once after `delayMs`, a delay of half a second or more up to a quarter of a second later (`shared-wake-ups.ts`).
   * Never keeps the process alive by itself.
   */
  after(delayMs: number, run: () => void): Timer;
  /** Calls `run` once everything that waits now has had its turn. Absent: a turn is one of the event loop. */
  afterTurn?(run: () => void): void;
}

const exact: ExactTimers = {
  monotonicMs() {
    // Not performance.now(): the modules behind it are loaded at its first use, which takes a short command 3 ms.
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1e3 + nanoseconds / 1e6;
  },
  after(delayMs, run) {
    const handle = setTimeout(run, delayMs);
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
};

const shared = new SharedWakeUps(exact);

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: exact.monotonicMs,
  after: (delayMs, run) => shared.after(delayMs, run),
};

/** Resolves after `delayMs`, or rejects with the signal's reason as soon as it aborts. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = clock.after(delayMs, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** RFC 3339 in UTC with whole seconds: the form of Kubernetes' `metav1.Time`. */
export function toTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, "YYYY-MM-DDThh:mm:ss".length)}Z`;
}
