import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ManualClock } from "../manual-clock.ts";
import { Problem } from "../problem.ts";
import { CallAdmission, defaultCallLimits } from "./call-admission.ts";
import { TokenBuckets } from "./token-buckets.ts";

const limits = { ...defaultCallLimits, rate: { perSecond: 10, burst: 5 } };

function refusal(run: () => unknown): Problem {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof Problem) return thrown;
  }
  return assert.fail("it was not refused");
}

describe("call-admission", () => {
  it("serves a burst, then the rate, and says when to come again", () => {
    const clock = new ManualClock();
    const admission = new CallAdmission(clock, limits);
    for (let i = 0; i < 5; i++) admission.enter("ada", "call")();
    const problem = refusal(() => admission.enter("ada", "call"));
    assert.equal(problem.code, "too-many-requests");
    assert.equal(problem.retryAfterMs, 100);
    assert.match(problem.message, /"ada" calls more than 10 times a second/);
    clock.advance(100);
    admission.enter("ada", "call")();
    refusal(() => admission.enter("ada", "call"));
    assert.equal(admission.counters.refusedByRate, 2);
  });

  it("one identity's haste costs another nothing", () => {
    const admission = new CallAdmission(new ManualClock(), limits);
    for (let i = 0; i < 5; i++) admission.enter("ada", "call")();
    refusal(() => admission.enter("ada", "call"));
    for (let i = 0; i < 5; i++) admission.enter("bob", "call")();
  });

  it("bounds what is under way, of one and of all, calls and streams apart; a place comes free once", () => {
    const wide = { ...defaultCallLimits, maxRunning: 2, maxRunningInAll: 3, maxStreams: 1 };
    const admission = new CallAdmission(new ManualClock(), wide);
    const leave = admission.enter("ada", "call");
    admission.enter("ada", "call");
    assert.match(refusal(() => admission.enter("ada", "call")).message, /calls under way of "ada" \(2\)/);
    admission.enter("bob", "call");
    assert.match(refusal(() => admission.enter("eve", "call")).message, /of all callers together \(3\)/);
    admission.enter("ada", "stream");
    assert.match(refusal(() => admission.enter("ada", "stream")).message, /open streams of "ada" \(1\)/);
    leave();
    leave();
    admission.enter("ada", "call");
    const full = refusal(() => admission.enter("ada", "call"));
    assert.ok((full.retryAfterMs ?? 0) > 0);
    assert.deepEqual(admission.counters, { running: 3, streams: 1, refusedByRate: 0, refusedByCount: 4 });
  });

  it("a stranger with ever new names does not fill the memory", () => {
    const buckets = new TokenBuckets(new ManualClock(), limits.rate);
    for (let i = 0; i < 20_000; i++) buckets.take(`name-${i}`);
    assert.ok(buckets.size <= 10_000);
  });

  it("a bucket never holds more than its burst, and a dear call is served from a full one", () => {
    const clock = new ManualClock();
    const buckets = new TokenBuckets(clock, limits.rate);
    clock.advance(3_600_000);
    assert.equal(buckets.take("a", 50), 0);
    assert.equal(buckets.take("a"), 4_600);
  });
});
