/**
 * Small files that lie in memory: on the agent's own tmpfs, in /proc, of a cgroup. The kernel answers in microseconds and waits for nobody, so one
 * call here costs a tenth of the way through the thread pool. Never for a disk, which may let the whole agent wait.
 */
import { existsSync, lstatSync, readFileSync, type Stats, unlinkSync, writeFileSync } from "node:fs";
import { errnoOf } from "#proto/kit/problem.ts";

/** Undefined when there is none, or when the process that it tells of has gone. */
export function readInMemory(path: string): string | undefined {
  // Often there is none, and an error to catch costs as much as ten looks.
  return existsSync(path) ? unlessGone(() => readFileSync(path, "utf8")) : undefined;
}

/** Of the file itself, should it be a link. */
export function statInMemory(path: string): Stats | undefined {
  return unlessGone(() => lstatSync(path, { throwIfNoEntry: false }));
}

/** In place, where there is one: whoever has it mounted sees the new text. `mode` is a new file's. */
export function writeInMemory(path: string, text: string, mode = 0o644): void {
  writeFileSync(path, text, { mode });
}

/** None there is fine. */
export function unlinkInMemory(path: string): void {
  if (statInMemory(path)) unlessGone(() => unlinkSync(path));
}

function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (thrown) {
    const errno = errnoOf(thrown);
    if (errno === "ENOENT" || errno === "ESRCH" || errno === "ENODEV") return undefined;
    throw thrown;
  }
}
