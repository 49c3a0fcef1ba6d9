import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { UsageSampler } from "./usage-sampler.ts";

const uid = "01234567-89ab-cdef-0123-456789abcdef";
const id = "0123456789abcdef0123456789abcdef_web_3";

interface Bench {
  readonly clock: ManualClock;
  readonly sampler: UsageSampler;
  set(path: string, cpuNanos: number, memoryBytes: number, limit?: number): void;
}

function bench(t: TestContext, version: 1 | 2): Bench {
  const root = mkdtempSync(join(tmpdir(), "orch-usage-"));
  t.after(() => rmSync(root, { recursive: true }));
  const [cpuRoot, memoryRoot] = version === 1 ? [join(root, "cpuacct"), join(root, "memory")] : [root, root];
  const clock = new ManualClock();
  const sampler = new UsageSampler({
    cpuRoot,
    memoryRoot,
    diskRoot: cpuRoot,
    pidsRoot: cpuRoot,
    cgroupRoot: "/orch/c/n",
    clock,
  });
  const put = (directory: string, files: Readonly<Record<string, string>>): void => {
    mkdirSync(directory, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), `${text}\n`);
  };
  const set: Bench["set"] = (path, cpuNanos, memoryBytes, limit) => {
    const [cpu, memory] = [join(cpuRoot, "orch/c/n", path), join(memoryRoot, "orch/c/n", path)];
    const stat = "active_file 5\ninactive_file 100";
    if (version === 1) {
      put(cpu, { "cpuacct.usage": String(cpuNanos) });
      put(memory, {
        "memory.usage_in_bytes": String(memoryBytes + 700),
        "memory.stat": `${stat}\ntotal_inactive_file 700`,
      });
      if (limit !== undefined) put(memory, { "memory.limit_in_bytes": String(limit) });
    } else {
      put(cpu, { "cpu.stat": `usage_usec ${cpuNanos / 1000}\nuser_usec 1` });
      put(memory, { "memory.current": String(memoryBytes + 100), "memory.stat": stat });
      if (limit !== undefined) put(memory, { "memory.max": String(limit) });
    }
  };
  return { clock, sampler, set };
}

/** Lets what waits for files go on until it waits for the clock. */
async function untilWaiting(clock: ManualClock): Promise<void> {
  const tooLong = AbortSignal.timeout(30_000);
  while (clock.nextAtMs() === undefined && !tooLong.aborted) await new Promise((resolve) => setImmediate(resolve));
  assert.ok(!tooLong.aborted);
}

for (const version of [1, 2] as const) {
  test(`cgroups of version ${version}: two looks half a second apart, then one is enough`, async (t) => {
    const { clock, sampler, set } = bench(t, version);
    set("", 1_000_000, 9_000, 1e9);
    set(`pods/${uid}/${id}`, 1_000_000, 4_000);
    set(`pods/${uid}/not-ours`, 1, 1);
    const first = sampler.sample();
    assert.equal(sampler.sample(), first);
    await untilWaiting(clock);
    set("", 201_000_000, 9_500);
    set(`pods/${uid}/${id}`, 126_000_000, 5_000);
    clock.advance(500);
    const { node, ...others } = await first;
    assert.deepEqual([node.milliCpu, node.memoryBytes], [400, 9_500]);
    assert.deepEqual(others, {
      windowMs: 500,
      pods: [{ uid, containers: [{ name: "web", milliCpu: 250, memoryBytes: 5_000 }] }],
    });
    clock.advance(2_000);
    set(`pods/${uid}/${id}`, 2_126_000_000, 5_000);
    const second = await sampler.sample();
    assert.deepEqual([second.windowMs, second.pods[0]?.containers[0]?.milliCpu], [2_000, 1_000]);
  });
}

test("a container that is new, and a look too long ago, make it look twice again", async (t) => {
  const { clock, sampler, set } = bench(t, 2);
  set("", 0, 1, 1e9);
  const first = sampler.sample();
  await untilWaiting(clock);
  clock.advance(500);
  await first;
  for (const [waitMs, path] of [
    [1_000, `pods/${uid}/${id}`],
    [60_000, ""],
  ] as const) {
    clock.advance(waitMs);
    if (path !== "") set(path, 5_000, 6);
    const next = sampler.sample();
    await untilWaiting(clock);
    clock.advance(500);
    assert.equal((await next).windowMs, 500);
  }
});

test("a cgroup without a limit of its own is the machine; without counters it is a Problem", async (t) => {
  const { sampler, set, clock } = bench(t, 2);
  set("", 0, 1);
  await assert.rejects(sampler.sample(), /cgroups do not count/);
  const machine = new UsageSampler({
    ...{ cpuRoot: "/nonexistent", memoryRoot: "/nonexistent", diskRoot: "/nonexistent", pidsRoot: "/nonexistent" },
    ...{ cgroupRoot: "/x", clock },
  });
  await assert.rejects(machine.sample(), /cgroups do not count/);
});
