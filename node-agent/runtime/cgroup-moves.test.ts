import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { CgroupMoves, ownProcs } from "./cgroup-moves.ts";
import type { CgroupHierarchy } from "./cgroups.ts";

const first = (name: string): CgroupHierarchy => ({
  directory: `/cg/${name}`,
  controllers: name.split(","),
  version: 1,
});
const second: CgroupHierarchy = { directory: "/cg/unified", controllers: [], version: 2 };

test("its own cgroup is found in either version, with controllers that share a hierarchy", () => {
  const lines = "10:hugetlb:/a\n9:cpu,cpuacct:/b:c\n0::/d\n";
  assert.equal(ownProcs([first("hugetlb"), second], lines), "/cg/hugetlb/a/cgroup.procs");
  assert.equal(ownProcs([first("cpu,cpuacct")], lines), "/cg/cpu,cpuacct/b:c/cgroup.procs");
  assert.equal(ownProcs([second], lines), "/cg/unified/d/cgroup.procs");
  assert.equal(ownProcs([first("memory")], lines), undefined);
  assert.equal(ownProcs([second], ""), undefined);
});

test("the process is moved to where it is; where there is no such file none is made, and nobody is told", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "orch-moves-"));
  context.after(() => rm(folder, { recursive: true }));
  const procs = join(folder, "cgroup.procs");
  const moves = new CgroupMoves(procs);
  moves.expect();
  new CgroupMoves(undefined).expect();
  await writeFile(procs, "12");
  await until(async () => {
    moves.expect();
    return (await readFile(procs, "utf8")) === "02";
  });
  await rm(procs);
  moves.expect();
  await assert.rejects(readFile(procs));
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  const { signal } = { signal: AbortSignal.timeout(30_000) };
  while (!(await holds())) signal.throwIfAborted();
}
