/** Containers as the machine itself sees them, not as our API tells: processes by an argument that only they have. */
import { readdirSync, readFileSync } from "node:fs";

export interface ContainerProcess {
  readonly pid: number;
  readonly startTime: string;
  /** Path in the pids cgroup, which names node and pod. */
  readonly cgroup: string;
}

/** Processes with exactly this argument that are in a pod's cgroup; the init process in front of a command, which has it too, not counted. */
export function processesWith(word: string): readonly ContainerProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name): ContainerProcess[] => {
      try {
        const commandLine = readFileSync(`/proc/${name}/cmdline`, "latin1").split("\0");
        if (!commandLine.includes(word) || commandLine[0] === "/dev/init") return [];
        const cgroup = /^\d+:(?:pids|):(.*)$/m.exec(readFileSync(`/proc/${name}/cgroup`, "utf8"))?.[1] ?? "";
        if (!cgroup.includes("/pods/")) return [];
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        return fields[0] === "Z" ? [] : [{ pid: Number(name), startTime: fields[19] ?? "", cgroup }];
      } catch {
        return []; // It ended while we looked.
      }
    });
}

export const pidsWith = (word: string): readonly number[] =>
  processesWith(word)
    .map((one) => one.pid)
    .sort((a, b) => a - b);
