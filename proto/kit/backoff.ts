/** Exponential back-off with full jitter on the upper half: pure, so that it can be tested and replayed. */
import type { Random } from "./random.ts";

export interface BackoffOptions {
  readonly initialMs: number;
  readonly maxMs: number;
  readonly factor?: number;
}

/** Delay before attempt number `attempt` (0 = first retry). Between half and the whole of initial × factor^attempt, capped. */
export function backoffMs(options: BackoffOptions, attempt: number, random: Random): number {
  const whole = Math.min(options.maxMs, options.initialMs * (options.factor ?? 2) ** Math.min(attempt, 60));
  return Math.round(whole / 2 + (whole / 2) * random.next());
}
