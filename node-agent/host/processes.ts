/** Other processes, safe against a pid being given to a new one. */
import { closeSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { type Clock, sleep } from "#proto/kit/clock.ts";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { declare } from "./libc.ts";
import { readInMemory } from "./memory-files.ts";

const systemCall = declare<[number, number, number, number, number]>(
  "long syscall(long number, long first, long second, long third, long fourth)",
);
// The same numbers on every architecture: both calls came after the tables were unified.
const pidfdSendSignal = 424;
const pidfdOpen = 434;

/** A process by pid and by when it started, in clock ticks since boot. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTicks: number;
}

/** Who has this pid now; undefined when nobody, or only a zombie. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  const text = readInMemory(`/proc/${pid}/stat`);
  const stat = text === undefined ? undefined : parseProcessStat(text);
  return stat === undefined || stat.state === "Z" || stat.state === "X"
    ? undefined
    : { pid, startTicks: stat.startTicks };
}

export async function isRunning(process: ProcessIdentity): Promise<boolean> {
  return (await identifyProcess(process.pid))?.startTicks === process.startTicks;
}

/** A descriptor that holds on to whoever has this pid now; undefined when nobody has. */
export function openProcess(pid: number): number | undefined {
  try {
    return systemCall(`pidfd_open ${pid}`, pidfdOpen, pid, 0, 0, 0);
  } catch (thrown) {
    if (errnoOf(thrown) === "ESRCH") return undefined;
    throw thrown;
  }
}

/** Sends a signal by number to exactly this process; false when it has gone. */
export async function signalProcess(process: ProcessIdentity, signal: number): Promise<boolean> {
  const fd = openProcess(process.pid);
  if (fd === undefined) return false;
  try {
    // The descriptor holds on to one process: if that is ours, the signal cannot reach another.
    if (!(await isRunning(process))) return false;
    systemCall(`pidfd_send_signal ${process.pid}`, pidfdSendSignal, fd, signal, 0, 0);
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === "ESRCH") return false;
    throw thrown;
  } finally {
    closeSync(fd);
  }
}

const sigkill = 9;

/** Kills every process that has this word as an argument, until there is none. Problem `timeout` when that takes too long. */
export async function endProcessesNaming(word: string, clock: Clock, timeoutMs: number): Promise<void> {
  const deadlineMs = clock.monotonicMs() + timeoutMs;
  for (;;) {
    const found = await processesNaming(word);
    if (found.length === 0) return;
    for (const process of found) await signalProcess(process, sigkill);
    if (clock.monotonicMs() > deadlineMs) throw new Problem("timeout", `processes of ${word} do not end`);
    await sleep(clock, 10);
  }
}

async function processesNaming(word: string): Promise<readonly ProcessIdentity[]> {
  const found: ProcessIdentity[] = [];
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const commandLine = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
    const process = commandLine.split("\0").includes(word) ? await identifyProcess(Number(name)) : undefined;
    if (process) found.push(process);
  }
  return found;
}

/** /proc/PID/stat (proc(5)); the command in parentheses may hold anything. */
export function parseProcessStat(text: string): { readonly state: string; readonly startTicks: number } | undefined {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, startTicks] = [fields[0], fields[19]];
  return state === undefined || startTicks === undefined ? undefined : { state, startTicks: Number(startTicks) };
}
