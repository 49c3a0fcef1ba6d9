import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { StorageLimits } from "./storage-limits.ts";
import type { MeasuredPod } from "./storage-meter.ts";

const mib = 2 ** 20;
const signal = new AbortController().signal;

function measured(uid: string, limit: string | undefined): MeasuredPod {
  const resources = limit === undefined ? {} : { limits: { "ephemeral-storage": limit } };
  const spec = { containers: [{ name: "c", image: "i", resources }] };
  return { uid, pod: { apiVersion: "v1", kind: "Pod", metadata: { name: uid }, spec }, rootfses: [] };
}

function bench(tookMs = 0) {
  const clock = new ManualClock();
  const counted: string[] = [];
  const sizes = new Map<string, number>();
  const limits = new StorageLimits({
    meter: {
      measure: async ({ uid }) => {
        counted.push(uid);
        clock.advance(tookMs);
        const size = sizes.get(uid);
        if (size === undefined) throw new Error("a tree too large");
        return { containers: new Map([["c", size * mib]]), volumes: new Map() };
      },
    },
    clock,
    logger: silentLogger,
  });
  const check = async (pods: readonly MeasuredPod[], usedMib: number): Promise<readonly string[]> =>
    (await limits.check(pods, usedMib * mib, signal)).map(({ pod }) => pod.uid);
  return { clock, counted, sizes, limits, check };
}

test("pods without limits are never counted", async () => {
  const { check, counted, limits } = bench();
  assert.deepEqual(await check([measured("free", undefined)], 100), []);
  assert.deepEqual(counted, []);
  assert.equal(limits.least([measured("free", undefined)]), Number.POSITIVE_INFINITY);
});

test("it is counted when the disk filled by more than some pod may still write, or after a minute", async () => {
  const { check, counted, sizes, clock, limits } = bench();
  const pods = [measured("a", "10Mi"), measured("b", "30Mi")];
  sizes.set("a", 4).set("b", 1);
  assert.deepEqual(await check(pods, 100), []);
  assert.equal(limits.least(pods), 6 * mib);
  await check(pods, 105);
  assert.equal(counted.length, 2, "5 MiB more cannot be too many");
  sizes.set("a", 10.5);
  assert.deepEqual(await check(pods, 107), ["a"]);
  clock.advance(60_000);
  assert.deepEqual(await check(pods, 100), ["a"]);
  assert.equal(counted.length, 6);
});

test("what one frees hides nothing of what another writes", async () => {
  const { check, counted, sizes } = bench();
  const pods = [measured("a", "10Mi"), measured("b", "10Mi")];
  sizes.set("a", 0).set("b", 5);
  await check(pods, 100);
  assert.deepEqual(await check(pods, 60), [], "somebody without a limit frees 40 MiB");
  sizes.set("b", 12);
  assert.deepEqual(await check(pods, 67), ["b"], "the disk holds less than before, and 7 MiB more");
  const after = counted.length;
  for (const usedMib of [66, 66]) await check(pods.slice(0, 1), usedMib);
  assert.equal(counted.length, after + 1, "one has gone, whose room may be in use again: that is looked into once");
});

test("counting takes a small part of the time only; what cannot be counted harms nobody", async () => {
  const { check, counted, clock } = bench(500);
  const pods = [measured("deep", "10Mi")];
  assert.deepEqual(await check(pods, 100), []);
  clock.advance(9_000);
  await check(pods, 900);
  assert.equal(counted.length, 1, "rests twenty times as long as it took");
  clock.advance(60_000);
  await check(pods, 900);
  assert.equal(counted.length, 2);
});
