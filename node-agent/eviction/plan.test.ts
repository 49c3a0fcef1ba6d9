import assert from "node:assert/strict";
import { test } from "node:test";
import { nextLookMs, nothingInHand, planRelief } from "./plan.ts";
import { amountOf, defaultEvictionSettings, type EvictionSettings, type Levels, type Signal } from "./signals.ts";

const [mib, gib] = [2 ** 20, 2 ** 30];
const well: Levels = {
  "memory.available": { available: 4 * gib, capacity: 8 * gib },
  "nodefs.available": { available: 50 * gib, capacity: 100 * gib },
  "nodefs.inodesFree": { available: 900, capacity: 1_000 },
  "imagefs.available": { available: 50 * gib, capacity: 100 * gib },
  "imagefs.inodesFree": { available: 0, capacity: 0 },
  "pid.available": { available: 32_000, capacity: 32_768 },
};
const levels = (changes: Partial<Record<Signal, number>>): Levels => ({
  ...well,
  ...Object.fromEntries(
    Object.entries(changes).map(([signal, available]) => [signal, { ...well[signal as Signal], available }]),
  ),
});
const exactly = (bytes: number) => ({ bytes, share: 1 });
const due = (at: Levels, settings: EvictionSettings = defaultEvictionSettings, memory = nothingInHand, nowMs = 0) =>
  planRelief(at, settings, memory, nowMs).due.map(({ signal, isHard }) => `${signal} ${isHard ? "hard" : "soft"}`);

test("a hard threshold is due at once, memory before disks before process ids", () => {
  assert.deepEqual(due(well), [], "a file system that counts no files lacks none");
  assert.deepEqual(due(levels({ "memory.available": 99 * mib })), ["memory.available hard"]);
  assert.deepEqual(due(levels({ "pid.available": 100, "nodefs.available": gib - 1, "memory.available": 0 })), [
    "memory.available hard",
    "nodefs.available hard",
    "pid.available hard",
  ]);
  assert.deepEqual(due(levels({ "nodefs.inodesFree": 49 })), ["nodefs.inodesFree hard"]);
});

test("a soft threshold is due after its grace, which begins anew when it was over", () => {
  const settings = {
    ...defaultEvictionSettings,
    soft: { "memory.available": exactly(gib) },
    softGraceMs: { "memory.available": 1_000 },
  };
  const low = levels({ "memory.available": gib / 2 });
  const first = planRelief(low, settings, nothingInHand, 5_000);
  assert.deepEqual(first.due, []);
  assert.deepEqual(planRelief(low, settings, first.memory, 5_999).due, []);
  assert.deepEqual(due(low, settings, first.memory, 6_000), ["memory.available soft"]);
  const over = planRelief(well, settings, first.memory, 5_500);
  assert.deepEqual(over.memory.softSinceMs, {});
  assert.deepEqual(due(low, settings, over.memory, 6_000), []);
  const [relief] = planRelief(levels({ "memory.available": 1 }), settings, first.memory, 5_100).due;
  assert.deepEqual([relief?.isHard, relief?.threshold, relief?.wanted], [true, 100 * mib, gib]);
});

test("once something is done about it, the minimum to reclaim is freed too", () => {
  const settings = { ...defaultEvictionSettings, minimumReclaim: { "nodefs.available": exactly(gib) } };
  const between = levels({ "nodefs.available": 1.5 * gib });
  assert.deepEqual(due(between, settings), []);
  const { memory } = planRelief(levels({ "nodefs.available": gib / 2 }), settings, nothingInHand, 0);
  assert.deepEqual(due(between, settings, memory), ["nodefs.available hard"]);
  assert.deepEqual(due(levels({ "nodefs.available": 2 * gib }), settings, memory), []);
});

test("a share of what is not known is nothing, and an amount counts all the same", () => {
  const unknown = { available: 5, capacity: Number.POSITIVE_INFINITY };
  assert.equal(amountOf({ bytes: Number.POSITIVE_INFINITY, share: 0.1 }, unknown), 0);
  assert.equal(amountOf(exactly(7), unknown), 7);
  assert.equal(amountOf(undefined, unknown), 0);
  assert.equal(amountOf({ bytes: gib, share: 0.1 }, { available: 0, capacity: 5 * gib }), gib / 2);
});

test("the next look comes sooner the sooner something would have run out", () => {
  const pace = { leastMs: 500, mostMs: 10_000 };
  const next = (now: Levels, before?: Levels, agoMs = 1_000) =>
    nextLookMs(now, before && { levels: before, agoMs }, defaultEvictionSettings, pace);
  assert.equal(next(well), 10_000);
  assert.equal(next(well, levels({ "memory.available": 4 * gib + 10 * mib })), 10_000);
  const falling = next(
    levels({ "memory.available": gib + 100 * mib }),
    levels({ "memory.available": 2 * gib + 100 * mib }),
  );
  assert.equal(falling, 500);
  assert.equal(next(levels({ "nodefs.available": 2 * gib })), 2_000, "nearly full, and quiet");
  assert.ok(next(levels({ "nodefs.available": 7 * gib })) < 7_000);
});
