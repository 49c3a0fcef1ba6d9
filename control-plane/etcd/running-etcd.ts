/**
 * Finds an etcd that a predecessor left running, in /proc, by the data directory on its command line: always true, unlike a
 * pid file. A process is known by pid and start time together.
 */
import { readdir, readFile } from "node:fs/promises";
import { basename } from "node:path";
import { Problem } from "#proto/kit/problem.ts";

export interface RunningProcess {
  readonly pid: number;
  /** Clock ticks since boot. */
  readonly startedAtTicks: string;
  readonly program: string;
  readonly arguments: readonly string[];
}

export async function findRunningEtcd(dataDir: string): Promise<RunningProcess | undefined> {
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const process = await readProcess(Number(name));
    // By name too: `etcdctl snapshot restore` takes the same flag.
    const isEtcd = process !== undefined && basename(process.program) === "etcd";
    if (isEtcd && process.arguments.includes(`--data-dir=${dataDir}`)) return process;
  }
  return undefined;
}

/** Undefined when there is no such process, or it has ended and nobody has waited for it yet. */
export async function readProcess(pid: number): Promise<RunningProcess | undefined> {
  try {
    const [commandLine, stat] = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, "utf8"),
      readFile(`/proc/${pid}/stat`, "utf8"),
    ]);
    // The second field is the name in parentheses and may hold anything; the third is the state, the 22nd the start time.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X" || commandLine === "") return undefined;
    const [program = "", ...rest] = commandLine.split("\0");
    return { pid, startedAtTicks: fields[19] ?? "", program, arguments: rest.slice(0, -1) };
  } catch {
    return undefined;
  }
}

export async function isStillRunning(process: RunningProcess): Promise<boolean> {
  return (await readProcess(process.pid))?.startedAtTicks === process.startedAtTicks;
}

/** Sends the signal only to the process that was found, not to one that got its number since. */
export async function signalProcess(
  target: RunningProcess,
  signal: "SIGTERM" | "SIGKILL",
  kill: (pid: number, signal: string) => void,
): Promise<void> {
  if (!(await isStillRunning(target))) return;
  try {
    kill(target.pid, signal);
  } catch (thrown) {
    if (await isStillRunning(target)) throw Problem.from(thrown);
  }
}
