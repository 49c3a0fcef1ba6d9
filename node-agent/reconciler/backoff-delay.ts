/** PURE. Waits between tries. Without jitter: they belong to one pod on one node, and people read them. */
import type { Failure } from "../journal/record.ts";
import type { BackoffLimits } from "./view.ts";

/** Wait before try number `tries` + 1 (1 = after the first failure). */
export function delayMs(limits: BackoffLimits, tries: number): number {
  return tries <= 0 ? 0 : Math.min(limits.maxMs, limits.initialMs * 2 ** Math.min(tries - 1, 40));
}

export interface FailureWords {
  readonly reason: string;
  readonly message: string;
  /** It will fail for at least so long. */
  readonly retryAfterMs?: number;
}

export function failedAgain(
  before: Failure | undefined,
  { reason, message, retryAfterMs = 0 }: FailureWords,
  limits: BackoffLimits,
  bootMs: number,
): Failure {
  const failures = (before?.failures ?? 0) + 1;
  return { reason, message, failures, notBeforeMs: bootMs + Math.max(delayMs(limits, failures), retryAfterMs) };
}
