/** What a process takes of the machine's memory, as the kernel counts it. */
import { readFileSync } from "node:fs";

/** Resident set size, bytes. */
export function rssOf(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(match?.[1] ?? 0) * 1024;
}
