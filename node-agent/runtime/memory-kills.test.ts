import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { MemoryKills } from "./memory-kills.ts";

/** One container, its bundle a directory, the kernel's counter a number. */
function bench(t: TestContext) {
  const bundle = mkdtempSync(join(tmpdir(), "orch-kills-"));
  const clock = new ManualClock();
  const state = { count: 0, isRunning: true };
  const told: number[] = [];
  const open = (): MemoryKills => {
    const kills = new MemoryKills({
      bundle: () => bundle,
      count: async () => state.count,
      isRunning: async () => state.isRunning,
      clock,
      logger: silentLogger,
    });
    kills.onKill(({ processes }) => void told.push(processes));
    kills.watch("c");
    t.after(() => kills.close());
    return kills;
  };
  t.after(() => rmSync(bundle, { recursive: true }));
  /** Lets watches and looks happen. */
  const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
    const late = AbortSignal.timeout(20_000);
    while (!(await isSo())) {
      assert.ok(!late.aborted, "waited in vain");
      await new Promise(setImmediate);
      clock.advance(100);
    }
  };
  return { bundle, clock, state, told, open, until };
}

test("each kill is told once, while the container runs on", async (t) => {
  const { bundle, state, told, open, until } = bench(t);
  open();
  state.count = 1;
  await writeFile(join(bundle, "oom"), "");
  await until(() => told.length === 1);
  await until(async () => !(await readdir(bundle)).includes("oom"));
  state.count = 4;
  await writeFile(join(bundle, "oom"), "");
  await until(() => told.length === 2);
  assert.deepEqual(told, [1, 3]);
});

test("what happened while no agent looked is told by the next, and nothing twice", async (t) => {
  const { state, told, open, until } = bench(t);
  state.count = 2;
  const first = open();
  await until(() => told.length === 1);
  first.close();
  state.count = 3;
  open();
  await until(() => told.length === 2);
  assert.deepEqual(told, [2, 1]);
});

test("the end of a container is not told here", async (t) => {
  const { bundle, state, told, open, until, clock } = bench(t);
  const kills = open();
  state.count = 1;
  state.isRunning = false;
  await writeFile(join(bundle, "oom"), "");
  await until(() => clock.nextAtMs() === undefined);
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  kills.forget("c");
  assert.deepEqual(told, []);
});
