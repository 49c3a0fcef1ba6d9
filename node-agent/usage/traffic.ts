/** What goes in and out, counted by the kernel since the beginning: disks by cgroup, networks by namespace. Reads files, keeps nothing. */
import { readFile, readlink } from "node:fs/promises";
import { join } from "node:path";

export interface Traffic {
  readonly inBytes: number;
  readonly outBytes: number;
}

/** A cgroup's reads (in) and writes (out) of disks; on version 1 without what is written later from memory. */
export async function readDiskTraffic(directory: string): Promise<Traffic | undefined> {
  const [first, second] = await Promise.all([
    readText(join(directory, "blkio.throttle.io_service_bytes")),
    readText(join(directory, "io.stat")),
  ]);
  if (first !== undefined)
    return { inBytes: sum(first, /^\d+:\d+ Read (\d+)$/gm), outBytes: sum(first, /^\d+:\d+ Write (\d+)$/gm) };
  if (second === undefined) return undefined;
  return { inBytes: sum(second, /\brbytes=(\d+)/g), outBytes: sum(second, /\bwbytes=(\d+)/g) };
}

/** Of the network namespace of a cgroup's first process; undefined when nothing runs there, or when that is the node's own. */
export async function readNetworkTraffic(directory: string): Promise<Traffic | undefined> {
  const pid = /^\d+/.exec((await readText(join(directory, "cgroup.procs"))) ?? "")?.[0];
  if (pid === undefined) return undefined;
  const [own, theirs] = await Promise.all(["self", pid].map((one) => readlink(`/proc/${one}/ns/net`).catch(() => "")));
  return theirs === "" || own === theirs ? undefined : interfacesOf(await readText(`/proc/${pid}/net/dev`));
}

/** All interfaces but the loopback. Exported for its test. */
export function interfacesOf(text: string | undefined): Traffic | undefined {
  if (text === undefined) return undefined;
  let [inBytes, outBytes] = [0, 0];
  for (const [, name = "", counters = ""] of text.matchAll(/^\s*([^:\s]+):\s*(.*)$/gm)) {
    if (name === "lo") continue;
    const fields = counters.trim().split(/\s+/).map(Number);
    inBytes += fields[0] ?? 0;
    outBytes += fields[8] ?? 0;
  }
  return { inBytes, outBytes };
}

/** The interface by which the node reaches others. */
export async function readNodeNetwork(): Promise<Traffic | undefined> {
  const [routes, devices] = await Promise.all([readText("/proc/self/net/route"), readText("/proc/self/net/dev")]);
  const name = /^(\S+)\t00000000\t/m.exec(routes ?? "")?.[1];
  const line = devices?.split("\n").find((one) => name !== undefined && one.trimStart().startsWith(`${name}:`));
  return interfacesOf(line);
}

export async function readProcessCount(directory: string): Promise<number | undefined> {
  const text = await readText(join(directory, "pids.current"));
  return text === undefined ? undefined : Number(text);
}

/** Undefined without a limit. */
export async function readMemoryLimit(directory: string): Promise<number | undefined> {
  const text =
    (await readText(join(directory, "memory.limit_in_bytes"))) ?? (await readText(join(directory, "memory.max")));
  const bytes = Number(text ?? "max");
  return bytes > 0 && bytes < 2 ** 60 ? bytes : undefined;
}

const sum = (text: string, pattern: RegExp): number =>
  [...text.matchAll(pattern)].reduce((total, [, bytes]) => total + Number(bytes), 0);

async function readText(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch {
    return undefined;
  }
}
