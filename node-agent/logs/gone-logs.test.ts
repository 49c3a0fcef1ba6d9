import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { GoneLogs } from "./gone-logs.ts";

async function setUp(t: TestContext, limits = {}) {
  const root = mkdtempSync(join(tmpdir(), "orch-gone-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const clock = new ManualClock(1_000_000);
  const open = async (): Promise<GoneLogs> => {
    const logs = new GoneLogs({ directory: join(root, "gone"), clock, logger: silentLogger, ...limits });
    await logs.start();
    t.after(() => logs.stop());
    return logs;
  };
  /** A pod with the logs of so many runs. */
  const pod = (uid: string, runs = 1, bytes = 100): string => {
    mkdirSync(join(root, "logs", uid, "app"), { recursive: true });
    for (let run = 0; run < runs; run++) writeFileSync(join(root, "logs", uid, "app", `${run}.log`), "x".repeat(bytes));
    return join(root, "logs", uid);
  };
  return { root, clock, open, pod };
}

const web = { namespace: "default", name: "web", containers: ["app"] };

test("logs of a pod that went are found by its name, the newest of several, also by the next agent", async (t) => {
  const { open, pod, root, clock } = await setUp(t);
  const logs = await open();
  await logs.keep(pod("a"), "a", web);
  clock.advance(1_000);
  await logs.keep(pod("b", 2), "b", web);
  const found = logs.find("default", "web");
  assert.deepEqual(found, { ...web, uid: "b", goneAtMs: 1_001_000, bytes: (found as { bytes?: number }).bytes });
  assert.equal(logs.find("other", "web"), undefined);
  assert.equal(await logs.pathOf(found ?? assert.fail(), "app", false), join(root, "gone/b/app/1.log"));
  assert.equal(await logs.pathOf(found ?? assert.fail(), "app", true), join(root, "gone/b/app/0.log"));
  assert.equal(await logs.pathOf(found ?? assert.fail(), "other", false), undefined);
  assert.deepEqual(readdirSync(join(root, "logs")), []);
  assert.equal((await open()).find("default", "web")?.uid, "b");
});

test("they are kept for a time and up to a size, the oldest go first", async (t) => {
  const { open, pod, root, clock } = await setUp(t, { maxAgeMs: 10_000_000, maxBytes: 1_000 });
  const logs = await open();
  for (const uid of ["a", "b", "c"]) {
    await logs.keep(pod(uid, 1, 300), uid, { ...web, name: uid });
    clock.advance(1_000);
  }
  await logs.prune(); // which it also does by itself, a moment later
  assert.deepEqual(readdirSync(join(root, "gone")).toSorted(), ["b", "c"], "with their notes three are too much");
  clock.advance(10_000_000);
  await new Promise<void>((resolve) => setImmediate(resolve));
  await logs.prune();
  assert.deepEqual(readdirSync(join(root, "gone")), []);
});

test("what has no note is nobody's", async (t) => {
  const { open, root } = await setUp(t);
  mkdirSync(join(root, "gone/x/app"), { recursive: true });
  await open();
  assert.deepEqual(readdirSync(join(root, "gone")), []);
});
