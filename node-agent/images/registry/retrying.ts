/** Tries again what a later attempt may do better, with back-off and jitter, and as long as there is progress. */
import { type BackoffOptions, backoffMs } from "#proto/kit/backoff.ts";
import { type Clock, sleep } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { maxGateWaitMs } from "./host-gate.ts";

export interface RetryOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly backoff?: BackoffOptions | undefined;
  /** Failures in a row that are one too many. Default 4. */
  readonly maxAttempts?: number | undefined;
}

const defaultAttempts = 4;
/** No attempt begins later than this after the last progress: the pod's own back-off goes on from there. */
const patienceMs = 20_000;
const defaultBackoff: BackoffOptions = { initialMs: 300, maxMs: 10_000 };

/**
 * Runs `attempt` until it succeeds, fails for good, or has failed often enough without progress. `progress` grows while an attempt
 * gets somewhere, as the bytes of a download that the next one goes on with.
 */
export async function retrying<T>(
  options: RetryOptions,
  signal: AbortSignal,
  attempt: () => Promise<T>,
  progress: () => number = () => 0,
): Promise<T> {
  const { clock, maxAttempts = defaultAttempts } = options;
  let failures = 0;
  let reached = progress();
  let sinceMs = clock.monotonicMs();
  for (;;) {
    try {
      return await attempt();
    } catch (thrown) {
      if (progress() > reached) {
        failures = 0;
        reached = progress();
        sinceMs = clock.monotonicMs();
      }
      failures += 1;
      if (!Problem.is(thrown) || thrown.retry === "never" || failures >= maxAttempts) throw thrown;
      const ownMs = backoffMs(options.backoff ?? defaultBackoff, failures - 1, options.random);
      const waitMs = Math.max(ownMs, thrown.retryAfterMs ?? 0);
      const isTooLate = clock.monotonicMs() - sinceMs + ownMs > patienceMs;
      if (isTooLate || waitMs > maxGateWaitMs) throw thrown;
      await sleep(clock, waitMs, signal).catch((reason: unknown) => {
        throw Problem.from(reason);
      });
    }
  }
}
