import assert from "node:assert/strict";
import { test } from "node:test";
import { afterResult, type ProbeResult, type ProbeState, type ProbeTiming, startProbe } from "./schedule.ts";

const timing: ProbeTiming = {
  initialDelayMs: 0,
  periodMs: 10_000,
  timeoutMs: 1_000,
  successThreshold: 1,
  failureThreshold: 3,
};
const fresh = { nowMs: 0, runningForMs: 0, verdict: undefined, jitter: 0.5 };

function after(of: ProbeTiming, results: readonly ProbeResult[], start = startProbe(of, fresh)): ProbeState {
  return results.reduce((state, result) => afterResult(of, state, result, state.nextAtMs), start);
}

test("the first probe waits for the initial delay, counted from the container's start", () => {
  const delayed = { ...timing, initialDelayMs: 5_000 };
  assert.equal(startProbe(delayed, fresh).nextAtMs, 5_000);
  assert.equal(startProbe(delayed, { ...fresh, runningForMs: 2_000 }).nextAtMs, 3_000);
  assert.equal(startProbe(delayed, { ...fresh, runningForMs: 60_000 }).nextAtMs, 0);
});

test("adopted probes are spread over their period and keep their verdict", () => {
  const adopted = startProbe(timing, { ...fresh, runningForMs: 60_000, verdict: true });
  assert.equal(adopted.nextAtMs, 5_000);
  assert.equal(adopted.verdict, true);
});

test("only as many failures in a row as the threshold says make a failure", () => {
  assert.equal(after(timing, ["failure", "failure"]).verdict, undefined);
  assert.equal(after(timing, ["failure", "failure", "success", "failure", "failure"]).verdict, true);
  assert.equal(after(timing, ["failure", "failure", "failure"]).verdict, false);
});

test("a failure ends after as many successes as the threshold says", () => {
  const strict = { ...timing, successThreshold: 2 };
  const failed = after(strict, ["failure", "failure", "failure"]);
  assert.equal(after(strict, ["success"], failed).verdict, false);
  assert.equal(after(strict, ["success", "success"], failed).verdict, true);
});

test("an eager probe asks again soon, doubling up to its period, and its early failures count for nothing", () => {
  const eager = { ...timing, eagerMs: 100 };
  const gaps: number[] = [];
  let state = startProbe(eager, fresh);
  for (let run = 0; run < 9; run++) {
    const next = afterResult(eager, state, "failure", state.nextAtMs);
    gaps.push(next.nextAtMs - state.nextAtMs);
    state = next;
  }
  assert.deepEqual(gaps, [100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);
  assert.equal(state.failures, 2);
  assert.equal(state.verdict, undefined);
});

test("once it has succeeded an eager probe keeps its period", () => {
  const eager = { ...timing, eagerMs: 100 };
  const succeeded = after(eager, ["failure", "success"]);
  const failed = afterResult(eager, succeeded, "failure", succeeded.nextAtMs);
  assert.equal(failed.nextAtMs - succeeded.nextAtMs, 10_000);
  assert.equal(failed.failures, 1);
});

test("an unknown result leaves the counts alone", () => {
  assert.equal(after(timing, ["failure", "failure", "unknown"]).failures, 2);
});
