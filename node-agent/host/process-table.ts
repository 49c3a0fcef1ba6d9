/** What /proc says of processes. Whoever has gone meanwhile is left out. */
import { readFile } from "node:fs/promises";

export interface ProcessFacts {
  /** In its innermost pid namespace. */
  readonly pid: number;
  readonly parentPid: number;
  readonly hostPid: number;
  readonly uid: number;
  readonly state: string;
  readonly cpuMs: number;
  readonly memoryBytes: number;
  /** Wall clock. */
  readonly startedAtMs: number;
  readonly command: string;
}

const ticksPerSecond = 100; // USER_HZ, the same on every Linux that matters
const maxCommandLength = 4096;

export async function readProcesses(pids: Iterable<number>): Promise<readonly ProcessFacts[]> {
  const bootedAtMs = Number(/^btime (\d+)$/m.exec(await readFile("/proc/stat", "utf8"))?.[1] ?? 0) * 1000;
  const found = (await Promise.all([...pids].map((pid) => readOne(pid, bootedAtMs)))).filter(
    (one) => one !== undefined,
  );
  const inside = new Map(found.map(({ hostPid, pid }) => [hostPid, pid]));
  return found
    .map((one) => ({ ...one, parentPid: inside.get(one.parentPid) ?? 0 }))
    .toSorted((a, b) => a.hostPid - b.hostPid);
}

async function readOne(hostPid: number, bootedAtMs: number): Promise<ProcessFacts | undefined> {
  try {
    const [stat, status, commandLine] = await Promise.all(
      ["stat", "status", "cmdline"].map((name) => readFile(`/proc/${hostPid}/${name}`, "utf8")),
    );
    const field = (name: string): string => new RegExp(`^${name}:\\s*(.*)$`, "m").exec(status ?? "")?.[1] ?? "";
    // The name in parentheses may hold anything: fields count from the last one.
    const fields = (stat ?? "").slice((stat ?? "").lastIndexOf(")") + 2).split(" ");
    const command = (commandLine ?? "").replace(/\0+$/, "").replaceAll("\0", " ").slice(0, maxCommandLength);
    return {
      pid: Number(field("NSpid").split(/\s+/).at(-1) || hostPid),
      parentPid: Number(fields[1]),
      hostPid,
      uid: Number(field("Uid").split(/\s+/)[0]),
      state: fields[0] ?? "?",
      cpuMs: ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond,
      memoryBytes: Number(field("VmRSS").split(" ")[0] || 0) * 1024,
      startedAtMs: bootedAtMs + (Number(fields[19]) * 1000) / ticksPerSecond,
      command: command === "" ? `[${field("Name")}]` : command,
    };
  } catch {
    return undefined;
  }
}
