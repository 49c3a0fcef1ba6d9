/** PURE. When a probe runs next and what its results mean. The runner owns the timer; this owns the counting. */

export interface ProbeTiming {
  readonly initialDelayMs: number;
  readonly periodMs: number;
  readonly timeoutMs: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
  /**
   * Until its first success a readiness or startup probe is asked again this soon, doubling up to its period, so that a
   * container that starts in 200 ms is not kept waiting for a whole period. Such early failures count for nothing.
   */
  readonly eagerMs?: number;
}

export interface ProbeState {
  readonly nextAtMs: number;
  readonly successes: number;
  readonly failures: number;
  readonly eagerRuns: number;
  readonly verdict: boolean | undefined;
}

export interface ProbeStart {
  readonly nowMs: number;
  /** For how long the container has been running. */
  readonly runningForMs: number;
  /** The verdict a predecessor of this agent had reached. */
  readonly verdict: boolean | undefined;
  /** [0, 1): spreads the probes of adopted containers over their period. */
  readonly jitter: number;
}

export function startProbe(timing: ProbeTiming, start: ProbeStart): ProbeState {
  const untilDueMs = timing.initialDelayMs - start.runningForMs;
  const spreadMs = start.verdict === undefined ? 0 : timing.periodMs * start.jitter;
  return {
    nextAtMs: start.nowMs + Math.max(0, untilDueMs, spreadMs),
    successes: 0,
    failures: 0,
    eagerRuns: 0,
    verdict: start.verdict,
  };
}

/** A result that says nothing (the probe was cancelled) leaves the counts alone. */
export type ProbeResult = "success" | "failure" | "unknown";

export function afterResult(timing: ProbeTiming, state: ProbeState, result: ProbeResult, nowMs: number): ProbeState {
  if (result === "unknown") return { ...state, nextAtMs: nowMs + timing.periodMs };
  if (result === "success") {
    const successes = state.successes + 1;
    const verdict = successes >= timing.successThreshold ? true : state.verdict;
    return { ...state, successes, failures: 0, verdict, nextAtMs: nowMs + timing.periodMs };
  }
  const eagerDelayMs = eagerDelay(timing, state);
  if (eagerDelayMs !== undefined) {
    return { ...state, successes: 0, eagerRuns: state.eagerRuns + 1, nextAtMs: nowMs + eagerDelayMs };
  }
  const failures = state.failures + 1;
  const verdict = failures >= timing.failureThreshold ? false : state.verdict;
  return { ...state, successes: 0, failures, verdict, nextAtMs: nowMs + timing.periodMs };
}

function eagerDelay(timing: ProbeTiming, state: ProbeState): number | undefined {
  if (timing.eagerMs === undefined || state.verdict !== undefined || state.failures > 0) return undefined;
  const delayMs = timing.eagerMs * 2 ** Math.min(state.eagerRuns, 20);
  return delayMs < timing.periodMs ? delayMs : undefined;
}
