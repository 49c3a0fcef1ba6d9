/** Which user ids belong to which pod that has users of its own. Each range is noted in its sandbox, and free again with it. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Problem } from "#proto/kit/problem.ts";
import { readInMemory } from "../host/memory-files.ts";
import type { IdRange } from "../host/user-namespace.ts";

/** What Kubernetes gives each pod: all ids that images use. */
const idsPerPod = 65_536;
/** Above what login.defs, systemd and its containers hand out, below where ids turn negative in old programs. */
const firstId = 0x7000_0000;
const maxRanges = 4_095;
const noteName = "users";

export class UserRanges {
  readonly #taken = new Map<string, number>();

  /** Another agent's notes count as well. */
  static async read(sandboxes: readonly string[]): Promise<UserRanges> {
    const ranges = new UserRanges();
    for (const directory of sandboxes) {
      const range = readUserRange(directory);
      if (range) ranges.#taken.set(directory, range.first);
    }
    return ranges;
  }

  /** Noted in the directory of the sandbox before anything belongs to it. */
  async take(directory: string): Promise<IdRange> {
    const taken = new Set(this.#taken.values());
    for (let at = 0; at < maxRanges; at++) {
      const first = firstId + at * idsPerPod;
      if (taken.has(first)) continue;
      this.#taken.set(directory, first);
      await writeFile(join(directory, noteName), String(first), { mode: 0o600 });
      return { first, count: idsPerPod };
    }
    throw new Problem("unavailable", `this node has no user ids left: ${maxRanges} pods have users of their own`);
  }

  release(directory: string): void {
    this.#taken.delete(directory);
  }
}

/** Of the sandbox in this directory; undefined when it shares the node's users. */
export function readUserRange(directory: string): IdRange | undefined {
  const first = Number(readInMemory(join(directory, noteName)) ?? "NaN");
  return Number.isSafeInteger(first) && first >= firstId ? { first, count: idsPerPod } : undefined;
}
