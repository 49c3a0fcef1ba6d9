import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { cgroupsContract } from "./cgroups.contract.ts";
import { type CgroupHierarchy, Cgroups } from "./cgroups.ts";

/** Directories in place of hierarchies: enough for everything but the kernel's own files. */
async function hierarchies(t: TestContext, ...controllers: string[]): Promise<readonly CgroupHierarchy[]> {
  const root = await mkdtemp(join(tmpdir(), "orch-cgroups-"));
  t.after(() => rm(root, { recursive: true }));
  return controllers.map((name) => ({
    directory: join(root, name),
    controllers: name === "unified" ? [] : [name],
    version: name === "unified" ? 2 : 1,
  }));
}

test("supervisors are put where processes are counted, on v1, and into the one tree of v2", async (t) => {
  const found = await hierarchies(t, "memory", "cpuset", "pids", "unified");
  const cgroups = new Cgroups(found, new ManualClock());
  assert.equal(cgroups.version, 1);
  await cgroups.makeSupervisorGroup("/orch/x/n/conmon");
  await cgroups.moveSupervisor("/orch/x/n/conmon", 4711);
  for (const { directory } of found) {
    const procs = readFile(join(directory, "orch/x/n/conmon/cgroup.procs"), "utf8");
    if (directory.endsWith("cpuset")) await assert.rejects(procs);
    else assert.equal(await procs, "4711");
  }
});

test("processes and children are those of any hierarchy, below included", async (t) => {
  const found = await hierarchies(t, "memory", "pids");
  const cgroups = new Cgroups(found, new ManualClock());
  const [memory, pids] = found.map(({ directory }) => directory);
  await mkdir(join(memory ?? "", "orch/pods/a/one"), { recursive: true });
  await mkdir(join(pids ?? "", "orch/pods/b"), { recursive: true });
  await writeFile(join(memory ?? "", "orch/pods/a/one/cgroup.procs"), "7\n8\n");
  await writeFile(join(pids ?? "", "orch/pods/b/cgroup.procs"), "8\n0\n9\n");
  assert.deepEqual([...(await cgroups.processes("/orch/pods"))].sort(), [7, 8, 9]);
  assert.deepEqual([...(await cgroups.children("/orch/pods"))].sort(), ["a", "b"]);
  assert.deepEqual([...(await cgroups.children("/orch/none"))], []);
});

test("empty cgroups go in every hierarchy with their empty parents, missing ones are fine", async (t) => {
  const found = await hierarchies(t, "memory", "unified");
  const cgroups = new Cgroups(found, new ManualClock());
  for (const { directory } of found) await mkdir(join(directory, "orch/x/n/pods/a/one"), { recursive: true });
  await mkdir(join(found[0]?.directory ?? "", "orch/y"));
  await cgroups.remove("/orch/x/n/pods");
  await cgroups.remove("/orch/x/n/pods");
  await cgroups.pruneParents("/orch/x/n/pods");
  assert.deepEqual([...(await cgroups.children("/orch"))], ["y"]);
});

test("a controller is found in its v1 hierarchy, else in v2's", async (t) => {
  const [memory, unified] = await hierarchies(t, "memory", "unified");
  assert.ok(memory && unified);
  const hybrid = new Cgroups([memory, unified], new ManualClock());
  assert.equal(hybrid.directory("memory", "/a"), join(memory.directory, "a"));
  assert.equal(hybrid.directory("pids", "/a"), join(unified.directory, "a"));
  assert.equal(new Cgroups([unified], new ManualClock()).version, 2);
});

test("limits are written where their controller is; on version 2 each level hands the controllers down", async (t) => {
  const limits = { cpuShares: 512, memoryBytes: 1_048_576, swapBytes: 0, pids: 7 };
  const put = async (directory: string, names: readonly string[], text = ""): Promise<void> => {
    await mkdir(directory, { recursive: true });
    for (const name of names) await writeFile(join(directory, name), text);
  };
  const [memory, pids] = await hierarchies(t, "memory", "pids");
  assert.ok(memory && pids);
  await put(join(memory.directory, "orch/p"), ["memory.limit_in_bytes"]);
  await put(join(pids.directory, "orch/p"), ["pids.max"]);
  await new Cgroups([memory, pids], new ManualClock()).limit("/orch/p", limits);
  const read = (directory: string, name: string) => readFile(join(directory, name), "utf8");
  assert.equal(await read(memory.directory, "orch/p/memory.limit_in_bytes"), "1048576");
  assert.equal(await read(pids.directory, "orch/p/pids.max"), "7");
  await assert.rejects(read(memory.directory, "orch/p/memory.memsw.limit_in_bytes"), "no such file is made up");

  const [unified] = await hierarchies(t, "unified");
  assert.ok(unified);
  await put(unified.directory, ["cgroup.controllers"], "cpuset cpu io memory pids\n");
  await put(unified.directory, ["cgroup.subtree_control"], "cpu\n");
  await put(join(unified.directory, "orch"), ["cgroup.subtree_control"]);
  await put(join(unified.directory, "orch/p"), ["cpu.weight", "memory.max", "memory.swap.max", "pids.max"]);
  await new Cgroups([unified], new ManualClock()).limit("/orch/p", limits);
  assert.equal(await read(unified.directory, "cgroup.subtree_control"), "+memory +pids");
  assert.equal(await read(unified.directory, "orch/cgroup.subtree_control"), "+cpu +memory +pids");
  const values = ["cpu.weight", "memory.max", "memory.swap.max", "pids.max"].map((name) =>
    read(join(unified.directory, "orch/p"), name),
  );
  assert.deepEqual(await Promise.all(values), ["20", "1048576", "0", "7"]);
});

const filesOfVersion1 = [
  ...["cpu.shares", "cpu.cfs_period_us", "cpu.cfs_quota_us", "memory.limit_in_bytes", "memory.memsw.limit_in_bytes"],
  "pids.max",
];
const filesOfVersion2 = [
  "cpu.weight",
  "cpu.max",
  "memory.max",
  "memory.swap.max",
  "pids.max",
  "cgroup.subtree_control",
];

for (const version of [1, 2] as const) {
  cgroupsContract(`version ${version} in directories`, async () => {
    const root = await mkdtemp(join(tmpdir(), "orch-cgroups-"));
    const found: readonly CgroupHierarchy[] =
      version === 2
        ? [{ directory: root, controllers: [], version }]
        : ["cpu", "memory", "pids"].map((name) => ({ directory: join(root, name), controllers: [name], version }));
    const cgroups = new Cgroups(found, new ManualClock());
    if (version === 2)
      for (const name of ["cgroup.controllers", "cgroup.subtree_control"])
        await writeFile(join(root, name), "cpu memory pids");
    return {
      cgroups,
      root: "/orch",
      prepare: async (path) => {
        for (const { directory, controllers } of found) {
          await mkdir(join(directory, path), { recursive: true });
          const names = version === 2 ? filesOfVersion2 : filesOfVersion1;
          const own = names.filter((name) => version === 2 || name.startsWith(`${controllers[0]}.`));
          for (const name of own) await writeFile(join(directory, path, name), "");
          if (version === 2) await writeFile(join(directory, "orch/cgroup.subtree_control"), "");
        }
      },
      read: (controller, path, file) => readFileSync(join(cgroups.directory(controller, path) ?? "", file), "utf8"),
      close: () => rm(root, { recursive: true }),
    };
  });
}
