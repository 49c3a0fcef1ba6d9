/** A node's cgroup: its share of the machine. cgroup v1 (a directory per controller) and v2 (one). */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errnoOf } from "#proto/kit/problem.ts";

const root = "/sys/fs/cgroup";

export const isUnified = (): boolean => existsSync(join(root, "cgroup.controllers"));

/** Every hierarchy's root directory that we make cgroups in. */
export function hierarchies(): readonly string[] {
  if (isUnified()) return [root];
  const mounts = readFileSync("/proc/self/mounts", "utf8").split("\n");
  return mounts.flatMap((line) => {
    const [, point = "", type] = line.split(" ");
    return (type === "cgroup" || type === "cgroup2") && point.startsWith(`${root}/`) ? [point] : [];
  });
}

export interface Share {
  readonly milliCpu: number;
  readonly memoryBytes: number;
}

/** Beside its pods: whatever they do, it comes to its turn. */
export const agentGroup = (cgroup: string): string => `${cgroup}/agent`;
const agentCores = 10;

/** Idempotent. CPU is a weight (idle time is shared), memory a hard limit for the node's pods. */
export function makeNodeCgroup(cgroup: string, share: Share): void {
  limitNode(cgroup, share);
  makeGroup(agentGroup(cgroup));
  if (isUnified()) {
    writeFileSync(join(root, cgroup, "cgroup.subtree_control"), "+cpu +memory +pids");
    writeFileSync(join(root, agentGroup(cgroup), "cpu.weight"), String(agentCores * 100));
  } else writeFileSync(join(root, "cpu", agentGroup(cgroup), "cpu.shares"), String(agentCores * 1024));
}

function makeGroup(cgroup: string): void {
  for (const hierarchy of hierarchies()) {
    mkdirSync(join(hierarchy, cgroup), { recursive: true });
    inheritCpuset(hierarchy, cgroup);
  }
}

function limitNode(cgroup: string, share: Share): void {
  makeGroup(cgroup);
  if (isUnified()) {
    const parts = cgroup.split("/").filter(Boolean);
    for (let depth = 0; depth < parts.length; depth++) {
      writeFileSync(join(root, ...parts.slice(0, depth), "cgroup.subtree_control"), "+cpu +memory +pids");
    }
    writeFileSync(
      join(root, cgroup, "cpu.weight"),
      String(Math.max(1, Math.min(10_000, Math.round(share.milliCpu / 10)))),
    );
    writeFileSync(join(root, cgroup, "memory.max"), String(share.memoryBytes));
    return;
  }
  writeFileSync(
    join(root, "cpu", cgroup, "cpu.shares"),
    String(Math.max(2, Math.round((share.milliCpu * 1024) / 1000))),
  );
  if (existsSync(join(root, "memory", cgroup, "memory.use_hierarchy")))
    tryWrite(join(root, "memory", cgroup, "memory.use_hierarchy"), "1");
  writeFileSync(join(root, "memory", cgroup, "memory.limit_in_bytes"), String(share.memoryBytes));
}

/** cgroup v1's cpuset starts empty: a process cannot enter until both files are filled, from the top down. */
function inheritCpuset(hierarchy: string, cgroup: string): void {
  if (!existsSync(join(hierarchy, "cpuset.cpus")) || isUnified()) return;
  let directory = hierarchy;
  for (const part of cgroup.split("/").filter(Boolean)) {
    const parent = directory;
    directory = join(directory, part);
    for (const file of ["cpuset.cpus", "cpuset.mems"]) {
      if (readFileSync(join(directory, file), "utf8").trim() === "") {
        writeFileSync(join(directory, file), readFileSync(join(parent, file), "utf8"));
      }
    }
  }
}

function tryWrite(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (thrown) {
    if (errnoOf(thrown) === undefined) throw thrown;
  }
}

/** Pids in a cgroup and all below it, over all hierarchies. */
export function processesIn(cgroup: string): readonly number[] {
  const pids = new Set<number>();
  for (const hierarchy of hierarchies()) collect(join(hierarchy, cgroup), pids);
  return [...pids];
}

function collect(directory: string, pids: Set<number>): void {
  let entries: ReturnType<typeof list>;
  try {
    for (const line of readFileSync(join(directory, "cgroup.procs"), "utf8").split("\n"))
      if (line) pids.add(Number(line));
    entries = list(directory);
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT" || errnoOf(thrown) === "ENODEV") return;
    throw thrown;
  }
  for (const entry of entries) collect(join(directory, entry), pids);
}

function list(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

/** Removes the empty cgroup and all below it; true when nothing is left. */
export function removeCgroup(cgroup: string): boolean {
  return hierarchies()
    .map((hierarchy) => removeTree(join(hierarchy, cgroup)))
    .every(Boolean);
}

function removeTree(directory: string): boolean {
  if (!existsSync(directory)) return true;
  for (const entry of list(directory)) removeTree(join(directory, entry));
  try {
    rmdirSync(directory);
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT") return true;
    if (errnoOf(thrown) === "EBUSY") return false;
    throw thrown;
  }
}
