/**
 * The agent processes this machine has had, by their instance: each tells the control plane whom it follows, so that what one of them said
 * just before it died, and what arrives late, cannot send its successor away.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { errnoOf } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { writeFileAtomic } from "../host/files.ts";

export interface AgentProcess {
  readonly instance: string;
  /** Those before it, the newest last. */
  readonly replaces: readonly string[];
}

const fileName = "processes.json";
/** Enough for an agent that dies again and again while one word of it is on its way. */
const maxRemembered = 8;

/** Begins a process: it is on the disk before anybody hears of it. A list that cannot be read counts as none. */
export async function beginProcess(directory: string, random: Random): Promise<AgentProcess> {
  const path = join(directory, fileName);
  const replaces = await read(path);
  const instance = random.uuid();
  await writeFileAtomic(path, JSON.stringify([...replaces, instance].slice(-maxRemembered)));
  return { instance, replaces };
}

async function read(path: string): Promise<readonly string[]> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    return Array.isArray(value) ? value.filter((one) => typeof one === "string").slice(-maxRemembered) : [];
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT" || thrown instanceof SyntaxError) return [];
    throw thrown;
  }
}
