/** One time for several waits: each gets what the ones before left over. */
import type { Clock } from "#proto/kit/clock.ts";

export interface Deadline {
  readonly timeoutMs: number;
  /** At least 1: a wait whose turn comes late still looks once. */
  remainingMs(): number;
}

export function startDeadline(clock: Clock, timeoutMs: number): Deadline {
  const endMs = clock.monotonicMs() + timeoutMs;
  return { timeoutMs, remainingMs: () => Math.max(1, endMs - clock.monotonicMs()) };
}
