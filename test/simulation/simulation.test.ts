import assert from "node:assert/strict";
import { test } from "node:test";
import { regressions } from "./regressions.ts";
import { runSeeds } from "./run-seeds.ts";
import { simulate } from "./simulate.ts";

const seeds = 1_000;
const timeLimitMs = 900_000;
/** All seeds together, on 2 processors: so that every run of the tests can afford them. */
const affordableMs = 180_000;

/** Rare things that a batch of this size must have met: a simulation that never does is not testing them. */
const mustHappen = [
  "a background deletion",
  "a foreground deletion",
  "a broken version is rolled out",
  "a control plane leads",
  "an agent finds a gap",
  "agentCrash",
  "brokenLink",
  "clockStep",
  "containerCrash",
  "controlPlaneCrash",
  "controlPlaneFreeze",
  "crashAtAwait",
  "flapping",
  "halfOpen",
  "lostAnswer",
  "lostDelta",
  "lostRequest",
  "lostWatch",
  "oneWayPartition",
  "partition",
  "powerOff",
  "repeatedDelta",
  "repeatedWatch",
  "slowLink",
  "slowRequest",
  "slowWatch",
  "storeCut",
  "stuckRequest",
  "a node is lost",
  "a person does not know whether it was done",
  "a watch is resumed",
  "a pod waits for a node",
  "a lost copy returns",
  "a lost copy is replaced",
  "a write of a deposed leader is refused",
  "a request overtakes another",
  "a message of a connection given up arrives",
  "a report is sent again",
  "a pod is asked to be replaced",
  "a pod is evicted",
  "a node is drained",
  "a drain is given up",
  "a drain is taken up again",
];

test(`${seeds} seeds: whatever fails, no bound is broken, and everything settles`, {
  timeout: timeLimitMs,
}, async () => {
  const startedAtMs = performance.now();
  const report = await runSeeds(1, seeds);
  const tookMs = performance.now() - startedAtMs;
  const failures = report.failed.map(
    ({ seed, violations }) => `seed ${seed}: ${violations[0]} (replay: npm run sim -- --seed ${seed} --trace)`,
  );
  assert.deepEqual(failures, []);
  assert.equal(report.passed, seeds);
  for (const what of mustHappen) assert.ok((report.seen.get(what) ?? 0) > 0, `never seen in ${seeds} seeds: ${what}`);
  assert.ok(tookMs < affordableMs, `${seeds} seeds took ${Math.round(tookMs / 1000)} s`);
});

for (const { seed, was } of regressions) {
  test(`seed ${seed} passes: it once met that ${was}`, async () => {
    assert.deepEqual((await simulate(seed)).violations, []);
  });
}

test("a seed replays exactly", async () => {
  for (const seed of [3, 11, 42]) {
    const first = await simulate(seed);
    const second = await simulate(seed);
    assert.equal(first.digest, second.digest, `seed ${seed} ran differently the second time`);
  }
});
