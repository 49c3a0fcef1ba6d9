import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { NodeLivenessRecord } from "./node-liveness.ts";

function setUp() {
  const clock = new ManualClock();
  const liveness = new NodeLivenessRecord({ clock, heartbeatIntervalMs: 2000, stallMs: 2000 });
  const stop = new AbortController();
  const seen: string[] = [];
  liveness.subscribe((node) => void seen.push(node));
  liveness.start(stop.signal);
  liveness.storeIsWell(true);
  return { clock, liveness, stop, seen };
}

test("a node is alive from its last heartbeat by our own monotonic clock", () => {
  const { clock, liveness } = setUp();
  assert.equal(liveness.lastHeardAtMs("n1"), undefined);
  clock.advance(1000);
  liveness.heard("n1");
  clock.advance(3000);
  assert.equal(liveness.lastHeardAtMs("n1"), 1000);
});

test("subscribers learn of a first heartbeat, of one after silence and of a session's end, not of every beat", () => {
  const { clock, liveness, seen } = setUp();
  liveness.heard("n1");
  clock.advance(2000);
  liveness.heard("n1");
  assert.deepEqual(seen, ["n1"]);
  clock.advance(4001);
  liveness.heard("n1");
  liveness.sessionEnded("n1");
  assert.deepEqual(seen, ["n1", "n1", "n1"]);
});

test("a process that ran without pause judges since it began", () => {
  const { clock, liveness } = setUp();
  clock.advance(60_000);
  assert.equal(liveness.judgesSinceMs(), 0);
});

test("a stalled process judges nobody for what happened before, whoever asks first", () => {
  const { clock, liveness, stop } = setUp();
  stop.abort(); // its timers do not fire while it stands still
  clock.advance(10_000);
  assert.equal(liveness.judgesSinceMs(), 10_000);
});

test("what a busy process was late is no silence of a node", () => {
  const { liveness, clock, stop } = setUp();
  liveness.heard("n1");
  clock.advance(2_000);
  stop.abort(); // from here on its timers are late
  clock.advance(1_900);
  // The next pulse was due after 500 ms: 1,400 ms of this were not ours.
  assert.equal(liveness.lastHeardAtMs("n1"), 1_400);
});

test("a process that runs in time counts every moment", () => {
  const { liveness, clock } = setUp();
  liveness.heard("n1");
  for (let turn = 0; turn < 100; turn++) clock.advance(100);
  assert.equal(liveness.lastHeardAtMs("n1"), 0);
});

test("losing the store suspends judging until it is back", () => {
  const { clock, liveness } = setUp();
  liveness.storeIsWell(false);
  assert.equal(liveness.judgesSinceMs(), undefined);
  clock.advance(3000);
  liveness.storeIsWell(true);
  assert.equal(liveness.judgesSinceMs(), 3000);
});

test("a node whose session another control plane holds is alive, and silent from the moment it is released", () => {
  const { clock, liveness } = setUp();
  liveness.heldElsewhere("n1", true);
  clock.advance(9000);
  assert.equal(liveness.lastHeardAtMs("n1"), 9000);
  liveness.heldElsewhere("n1", false);
  clock.advance(1000);
  assert.equal(liveness.lastHeardAtMs("n1"), 9000);
});

test("before sessions are accepted nobody is judged, however long the store has been well", () => {
  const clock = new ManualClock();
  const liveness = new NodeLivenessRecord({ clock, heartbeatIntervalMs: 2000, stallMs: 2000 });
  liveness.storeIsWell(true);
  clock.advance(30_000);
  assert.equal(liveness.judgesSinceMs(), undefined);
  liveness.start(new AbortController().signal);
  assert.equal(liveness.judgesSinceMs(), 30_000);
});
