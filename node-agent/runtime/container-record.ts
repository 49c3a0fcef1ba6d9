/** What a bundle remembers about its container besides config.json: enough for another agent to take it over. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { readInMemory } from "../host/memory-files.ts";

export interface ContainerRecord {
  readonly id: string;
  readonly pid: number;
  readonly startTicks: number;
  readonly startedAtMs: number | undefined;
}

const fileName = "record.json";

/**
 * Atomic for readers, and written in one go: who makes a container and who looks at it meanwhile may both note it. Not synced, as the
 * bundle lies on tmpfs.
 */
export async function writeRecord(bundle: string, record: ContainerRecord): Promise<void> {
  const path = join(bundle, fileName);
  writeFileSync(`${path}.tmp`, JSON.stringify(record), { mode: 0o600 });
  renameSync(`${path}.tmp`, path);
}

/** For who only looked: what the maker has noted meanwhile says more, unless it cannot be read. Looks and writes in one go. */
export async function noteRecord(bundle: string, record: ContainerRecord): Promise<void> {
  const path = join(bundle, fileName);
  if (!existsSync(path) || !recordIn(readFileSync(path, "utf8"))) await writeRecord(bundle, record);
}

/** Undefined for a bundle whose container was never created, and for a record that cannot be read: conmon noted the pid too. */
export async function readRecord(bundle: string): Promise<ContainerRecord | undefined> {
  const text = readInMemory(join(bundle, fileName));
  return text === undefined ? undefined : recordIn(text);
}

function recordIn(text: string): ContainerRecord | undefined {
  const { id, pid, startTicks, startedAtMs } = parsed(text);
  if (typeof id !== "string" || typeof pid !== "number" || typeof startTicks !== "number") return undefined;
  return { id, pid, startTicks, startedAtMs: typeof startedAtMs === "number" ? startedAtMs : undefined };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export async function makeBundle(bundle: string, id: string): Promise<void> {
  try {
    mkdirSync(bundle, { mode: 0o700 });
  } catch (thrown) {
    if (errnoOf(thrown) === "EEXIST") throw new Problem("already-exists", `container ${id} exists already`);
    throw thrown;
  }
}
