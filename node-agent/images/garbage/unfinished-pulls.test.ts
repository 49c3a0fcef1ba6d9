import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { UnfinishedPulls } from "./unfinished-pulls.ts";

const minuteMs = 60_000;
let clock: ManualClock;
let pins: Map<string, number>;
let podImages: readonly string[];
let pulls: UnfinishedPulls;
beforeEach(() => {
  clock = new ManualClock();
  pins = new Map();
  podImages = [];
  const count = (keys: Iterable<string>, change: number): void => {
    for (const key of keys) pins.set(key, (pins.get(key) ?? 0) + change);
  };
  pulls = new UnfinishedPulls({
    pin: (keys) => count(keys, 1),
    unpin: (keys) => count(keys, -1),
    podImages: () => podImages,
    monotonicMs: () => clock.monotonicMs(),
  });
});
const pinned = (): readonly string[] => [...pins].flatMap(([key, count]) => (count > 0 ? [key] : [])).sort();

test("what a pod's pull has left stays while the pod waits, and a while longer", () => {
  podImages = ["r.test/app:2"];
  pulls.failed("r.test/app@sha256:1", ["a", "b"], pulls.isWanted("r.test/app@sha256:1"));
  clock.advance(60 * minuteMs);
  assert.equal(pulls.hasStale, false);
  podImages = [];
  assert.deepEqual(pulls.release("stale"), ["a", "b"], "it has been too long already");
  podImages = ["r.test/app:2"];
  pulls.failed("r.test/app@sha256:1", ["a"], true);
  podImages = [];
  clock.advance(9 * minuteMs);
  assert.deepEqual(pulls.release("stale"), []);
  clock.advance(2 * minuteMs);
  assert.ok(pulls.hasStale);
  assert.deepEqual(pulls.release("stale"), ["a"]);
  assert.deepEqual(pinned(), []);
});

test("what a person pulled stays for a day, unless room is wanted", () => {
  podImages = ["r.test/other:1"];
  assert.equal(pulls.isWanted("r.test/app:1"), false);
  pulls.failed("r.test/app:1", ["a"], false);
  pulls.failed("r.test/other:1", ["b"], true);
  clock.advance(23 * 60 * minuteMs);
  assert.deepEqual(pulls.release("stale"), []);
  assert.deepEqual(pulls.release("unwanted"), ["a"]);
  assert.deepEqual(pulls.release("all"), ["b"]);
});

test("a pull that fails again keeps what it has now; an image that is whole needs nobody to keep it", () => {
  pulls.failed("r.test/app:1", ["a", "b"], true);
  pulls.failed("r.test/app:1", ["b", "c"], true);
  pulls.found(["c", "d"]);
  assert.deepEqual(pinned(), ["b", "c", "d"]);
  pulls.finished(["b", "c"]);
  assert.deepEqual(pinned(), ["d"]);
});

test("there is a bound: the oldest go first", () => {
  for (let index = 0; index < 300; index++) pulls.failed(`r.test/app-${index}:1`, [`key-${index}`], false);
  assert.equal(pinned().length, 256);
  assert.ok(!pinned().includes("key-0") && pinned().includes("key-299"));
});
