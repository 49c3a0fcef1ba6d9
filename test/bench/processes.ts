/** Looks at all processes from outside: the same sampler for us and for every peer. */
import { readdirSync, readFileSync } from "node:fs";

const seen = new Map<string, string>();

/** How many processes have `word` among their arguments. Command lines of known processes are not read again. */
export function countProcesses(word: string): number {
  const pids = readdirSync("/proc").filter((name) => name.charCodeAt(0) >= 49 && name.charCodeAt(0) <= 57);
  const alive = new Set(pids);
  for (const pid of seen.keys()) if (!alive.has(pid)) seen.delete(pid);
  let count = 0;
  for (const pid of pids) {
    const text = seen.get(pid) ?? read(pid);
    // A process that has not yet become what it will be (a runtime or shell about to exec) is read again.
    if (/^(sleep|\/bin\/sleep|\/bin\/busybox|busybox)\0/.test(text)) seen.set(pid, text);
    if (isContainerProcess(text, word)) count++;
  }
  return count;
}

const isContainerProcess = (text: string, word: string): boolean =>
  /^(?:\/bin\/)?(?:busybox\0)?(?:\/bin\/)?sleep\0/.test(text) && text.includes(`\0${word}\0`);

function read(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1");
  } catch {
    return ""; // It ended while we looked.
  }
}

/** Resolves with the monotonic instant (ms) at which so many processes were first seen. */
export async function untilCount(
  word: string,
  reached: (count: number) => boolean,
  timeoutMs: number,
): Promise<number> {
  const untilMs = performance.now() + timeoutMs;
  while (performance.now() < untilMs) {
    if (reached(countProcesses(word))) return performance.now();
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`after ${timeoutMs / 1000} s there are ${countProcesses(word)} processes with ${word}`);
}

/** Proportional set size, bytes. */
export function pssOf(pid: number): number {
  const match = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
  return Number(match?.[1] ?? 0) * 1024;
}

/** User and system time of a process so far, seconds. */
export function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

export function childrenOf(pid: number): readonly number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
      .trim()
      .split(" ")
      .filter(Boolean)
      .map(Number);
    return children.flatMap((child) => [child, ...childrenOf(child)]);
  } catch {
    return [];
  }
}

export function pidsNamed(comm: string): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/comm`, "utf8").trim() === comm;
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Command lines, with spaces between arguments, of the processes whose line `isWanted` names. Zombies have none. */
export function commandLines(isWanted: (line: string) => boolean): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => read(pid).replaceAll("\0", " "))
    .filter((line) => line !== "" && isWanted(line));
}

/** Pids of the processes whose command line `isWanted` names. */
export function pidsWhere(isWanted: (line: string) => boolean): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && isWanted(read(name).replaceAll("\0", " ")))
    .map(Number);
}
