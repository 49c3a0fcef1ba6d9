import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { RpcCaller } from "#proto/kit/rpc/caller.ts";
import { apiService } from "#proto/wire/generated/services/cluster.ts";
import { PatientCaller } from "./patient-caller.ts";

/** Refuses as often as told, then answers. */
function refusing(times: number, problem: Problem) {
  const calls = { count: 0 };
  const unary = async (): Promise<unknown> => {
    if (++calls.count <= times) throw problem;
    return { version: "1" };
  };
  return { calls, caller: { unary, close: () => undefined } as unknown as RpcCaller };
}

const busy = (retryAfterMs?: number): Problem =>
  new Problem("too-many-requests", "busy", retryAfterMs === undefined ? {} : { retryAfterMs });

function setUp(times: number, problem: Problem) {
  const clock = new ManualClock();
  const { calls, caller } = refusing(times, problem);
  const said: string[] = [];
  const patient = new PatientCaller({ caller, clock, patienceMs: 10_000, say: (text) => said.push(text) });
  const turns = async (): Promise<void> => {
    for (let i = 0; i < 5; i++) await Promise.resolve();
  };
  return { clock, calls, said, patient, turns };
}

describe("patient-caller", () => {
  it("waits as long as it is asked to, says so once, and calls again", async () => {
    const { clock, calls, said, patient, turns } = setUp(2, busy(1_500));
    const answer = patient.unary(apiService.hello, {});
    await turns();
    assert.equal(calls.count, 1);
    clock.advance(1_499);
    await turns();
    assert.equal(calls.count, 1);
    clock.advance(1);
    await turns();
    assert.equal(calls.count, 2);
    clock.advance(1_500);
    assert.equal((await answer).version, "1");
    assert.deepEqual(said, ["the control plane asks to wait 2 s: it has too much to do"]);
  });

  it("gives up with the server's own words when the wait would take longer than the call may", async () => {
    const { calls, patient } = setUp(9, busy(10_000));
    await assert.rejects(patient.unary(apiService.hello, {}), /busy/);
    assert.equal(calls.count, 1);
  });

  it("repeats nothing that the server did not ask to repeat", async () => {
    for (const problem of [busy(), new Problem("unavailable", "gone"), new Problem("timeout", "late")]) {
      const { calls, patient } = setUp(1, problem);
      await assert.rejects(patient.unary(apiService.hello, {}), (thrown) => thrown === problem);
      assert.equal(calls.count, 1);
    }
  });

  it("stops waiting when it is cancelled", async () => {
    const { patient, turns } = setUp(1, busy(5_000));
    const stopping = new AbortController();
    const answer = patient.unary(apiService.hello, {}, { signal: stopping.signal });
    await turns();
    stopping.abort(new Problem("canceled", "interrupted"));
    await assert.rejects(answer, /interrupted/);
  });
});
