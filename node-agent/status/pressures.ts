/** What this machine has left of what runs out: memory, disk, files, process ids. */
import { readFile, stat, statfs } from "node:fs/promises";
import { totalmem } from "node:os";
import type { DiskSpace, Pressures, ProcessRoom } from "../eviction/signals.ts";

export interface PressureSources {
  readonly dataDirectory: string;
  readonly imagesDirectory: string;
  /** Directory of this node's memory cgroup: its limit may be less than the machine's memory. */
  readonly memoryCgroup: string | undefined;
  /** The same of its pids cgroup, and processes. */
  readonly pidsCgroup: string | undefined;
}

export async function readPressures(sources: PressureSources): Promise<Pressures> {
  const [memory, processes, cgroup, disk, imagesDisk, device, imagesDevice] = await Promise.all([
    readText("/proc/meminfo"),
    processRoom(sources.pidsCgroup),
    cgroupAvailable(sources.memoryCgroup),
    diskSpace(sources.dataDirectory),
    diskSpace(sources.imagesDirectory),
    stat(sources.dataDirectory),
    stat(sources.imagesDirectory),
  ]);
  const availableKib = Number(/^MemAvailable:\s+(\d+) kB$/m.exec(memory)?.[1] ?? Number.NaN);
  return {
    memoryAvailableBytes: Math.min(
      cgroup.availableBytes,
      Number.isNaN(availableKib) ? Number.POSITIVE_INFINITY : availableKib * 1024,
    ),
    memoryCapacityBytes: Math.min(cgroup.limitBytes, totalmem()),
    disk,
    imagesDisk,
    hasImagesDisk: device.dev !== imagesDevice.dev,
    processes,
  };
}

/** Of the machine's limits and the node's, whichever is nearer. Threads count like processes. */
async function processRoom(cgroup: string | undefined): Promise<ProcessRoom> {
  const [load, pidMax, threadsMax] = await Promise.all([
    readText("/proc/loadavg"),
    readText("/proc/sys/kernel/pid_max"),
    readText("/proc/sys/kernel/threads-max"),
  ]);
  const machine: ProcessRoom = {
    used: Number(/\d+\/(\d+) /.exec(load)?.[1] ?? 0),
    limit: Math.min(limitIn(pidMax), limitIn(threadsMax)),
    of: "machine",
  };
  if (cgroup === undefined) return machine;
  const [used, limit] = await Promise.all([readText(`${cgroup}/pids.current`), readText(`${cgroup}/pids.max`)]);
  const node: ProcessRoom = { used: Number(used), limit: limitIn(limit), of: "node" };
  return node.used / node.limit > machine.used / machine.limit ? node : machine;
}

/** "max" and what is not there limit nothing. */
const limitIn = (text: string): number => Number(text) || Number.POSITIVE_INFINITY;

interface CgroupRoom {
  readonly limitBytes: number;
  readonly availableBytes: number;
}

const unlimited: CgroupRoom = { limitBytes: Number.POSITIVE_INFINITY, availableBytes: Number.POSITIVE_INFINITY };

/** Limit less what is in use and cannot be given up; infinite without a limit. cgroup v1 and v2. */
async function cgroupAvailable(directory: string | undefined): Promise<CgroupRoom> {
  if (directory === undefined) return unlimited;
  const read = async (...names: readonly string[]): Promise<string> => {
    for (const name of names) {
      const text = await readText(`${directory}/${name}`);
      if (text !== "") return text;
    }
    return "";
  };
  const [limit, usage, stat] = await Promise.all([
    read("memory.limit_in_bytes", "memory.max"),
    read("memory.usage_in_bytes", "memory.current"),
    read("memory.stat"),
  ]);
  const limitBytes = Number(limit || "max");
  if (!(limitBytes > 0 && limitBytes < 2 ** 60)) return unlimited;
  const inactive = /^total_inactive_file (\d+)$/m.exec(stat) ?? /^inactive_file (\d+)$/m.exec(stat);
  const usedBytes = Math.max(0, Number(usage) - Number(inactive?.[1] ?? 0));
  return { limitBytes, availableBytes: Math.max(0, limitBytes - usedBytes) };
}

async function diskSpace(directory: string): Promise<DiskSpace> {
  const { blocks, bavail, bsize, files, ffree } = await statfs(directory);
  return {
    totalBytes: blocks * bsize,
    availableBytes: bavail * bsize,
    totalFiles: files,
    availableFiles: ffree,
  };
}

async function readText(path: string): Promise<string> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch {
    return "";
  }
}
