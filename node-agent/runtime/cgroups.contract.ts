/** What cgroups do for us, the same on version 1 and 2: run on directories in a unit test, and on the kernel's own where there is root. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import type { CgroupLimits } from "./cgroup-limits.ts";
import type { Cgroups } from "./cgroups.ts";

export interface CgroupsUnderTest {
  readonly cgroups: Cgroups;
  /** A path of its own, as /orch/NAME. */
  readonly root: string;
  /** In place of the kernel: makes what a new cgroup has. */
  prepare(path: string): Promise<void>;
  read(controller: string, path: string, file: string): string;
  close(): Promise<void>;
}

const mebibyte = 2 ** 20;

/** By version: file and text of each limit. */
const shown: Readonly<Record<1 | 2, readonly (readonly [string, string, string])[]>> = {
  1: [
    ["cpu", "cpu.shares", "512"],
    ["cpu", "cpu.cfs_quota_us", "50000"],
    ["memory", "memory.limit_in_bytes", String(64 * mebibyte)],
    ["pids", "pids.max", "77"],
  ],
  2: [
    ["cpu", "cpu.weight", "20"],
    ["cpu", "cpu.max", "50000 100000"],
    ["memory", "memory.max", String(64 * mebibyte)],
    ["pids", "pids.max", "77"],
  ],
};

export function cgroupsContract(name: string, open: () => Promise<CgroupsUnderTest>): void {
  suite(`${name}: cgroups`, () => {
    let target: CgroupsUnderTest;
    before(async () => {
      target = await open();
    });
    after(() => target.close());
    const made = async (below: string): Promise<string> => {
      const path = join(target.root, below);
      await target.prepare(path);
      return path;
    };
    const limits: CgroupLimits = {
      ...{ cpuShares: 512, cpuQuotaUs: 50_000, memoryBytes: 64 * mebibyte, swapBytes: 0, pids: 77 },
    };

    test("limits are what was asked for, however often it is asked", async () => {
      const path = await made("limited");
      await target.cgroups.limit(path, limits);
      await target.cgroups.limit(path, limits);
      for (const [controller, file, text] of shown[target.cgroups.version])
        assert.equal(target.read(controller, path, file).trim(), text, file);
    });

    test("limits can be raised, lowered and taken away", async () => {
      const path = await made("changed");
      const [controller, file] =
        target.cgroups.version === 1 ? ["memory", "memory.limit_in_bytes"] : ["memory", "memory.max"];
      const bytes = async (memoryBytes: number): Promise<string> => {
        await target.cgroups.limit(path, { memoryBytes, swapBytes: 0 });
        return target.read(controller, path, file).trim();
      };
      for (const amount of [32, 128, 16]) assert.equal(await bytes(amount * mebibyte), String(amount * mebibyte));
      await target.cgroups.limit(path, { memoryBytes: "none", swapBytes: 0, cpuQuotaUs: "none" });
      const text = target.read(controller, path, file).trim();
      assert.ok(text === "max" || text === "-1" || Number(text) > 2 ** 60, text);
    });

    test("what is below is found, and goes with it; twice is fine", async () => {
      const path = await made("parent");
      await target.cgroups.limit(join(path, "one"), {});
      await made("parent/one");
      await made("parent/two");
      assert.deepEqual([...(await target.cgroups.children(path))].toSorted(), ["one", "two"]);
      assert.deepEqual([...(await target.cgroups.processes(path))], []);
    });
  });
}
