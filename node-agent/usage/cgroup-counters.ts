/** Counters of cgroups, of version 1 and 2: processor time since the beginning, memory now. Reads files, keeps nothing. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

export interface Counters {
  readonly cpuNanos: number;
  readonly memoryBytes: number;
}

/** Directories of the same cgroup: one on version 2, one a controller on version 1. */
export interface CgroupDirectories {
  readonly cpu: string;
  readonly memory: string;
}

/** Undefined for a cgroup that is gone, or without the counters. */
export async function readCounters({ cpu, memory }: CgroupDirectories): Promise<Counters | undefined> {
  const [cpuNanos, memoryBytes] = await Promise.all([readCpu(cpu), readMemory(memory)]);
  return cpuNanos === undefined || memoryBytes === undefined ? undefined : { cpuNanos, memoryBytes };
}

async function readCpu(directory: string): Promise<number | undefined> {
  const nanos = await readText(join(directory, "cpuacct.usage"));
  if (nanos !== undefined) return Number(nanos);
  const micros = /^usage_usec (\d+)$/m.exec((await readText(join(directory, "cpu.stat"))) ?? "")?.[1];
  return micros === undefined ? undefined : Number(micros) * 1000;
}

/** Less the files that nobody uses: the kernel gives them up at once (what kubelet calls the working set). */
export async function readMemory(directory: string): Promise<number | undefined> {
  const [v1, v2, stat] = await Promise.all([
    readText(join(directory, "memory.usage_in_bytes")),
    readText(join(directory, "memory.current")),
    readText(join(directory, "memory.stat")),
  ]);
  const used = v1 ?? v2;
  if (used === undefined) return undefined;
  const inactive = /^total_inactive_file (\d+)$/m.exec(stat ?? "") ?? /^inactive_file (\d+)$/m.exec(stat ?? "");
  return Math.max(0, Number(used) - Number(inactive?.[1] ?? 0));
}

/** Whether the cgroup has less memory than the machine: then it is the node, else the machine is. */
export async function hasMemoryLimit(directory: string): Promise<boolean> {
  const limit =
    (await readText(join(directory, "memory.limit_in_bytes"))) ?? (await readText(join(directory, "memory.max")));
  const bytes = Number(limit ?? "max");
  return bytes > 0 && bytes < 2 ** 60;
}

/** The whole machine's. */
export async function readMachine(cpuRoot: string, procDirectory = "/proc"): Promise<Counters | undefined> {
  const text = (await readText(join(procDirectory, "meminfo"))) ?? "";
  const kib = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(text)?.[1] ?? Number.NaN);
  const memoryBytes = (kib("MemTotal") - kib("MemAvailable")) * 1024;
  const cpuNanos = await readCpu(cpuRoot);
  return cpuNanos === undefined || Number.isNaN(memoryBytes) ? undefined : { cpuNanos, memoryBytes };
}

export async function subdirectories(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch {
    return undefined;
  }
}
