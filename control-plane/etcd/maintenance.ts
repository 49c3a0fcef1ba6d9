/**
 * Gives back the disk space that compaction frees inside etcd's file. A defragmentation stops etcd while it runs, so it is
 * done rarely and only when much is to be gained. An etcd that is full refuses all writes until somebody helps: this does, as
 * soon as a write was refused, and again until there is space.
 */
import { type Clock, sleep } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { EtcdEndpoints } from "../store/etcd-endpoints.ts";
import { alarmAnswer, alarmPath, alarmRequest } from "../store/etcd-service-messages.ts";

export interface MaintenanceOptions {
  readonly endpoints: EtcdEndpoints;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly intervalMs?: number;
  readonly quotaBytes: number;
}

const defaultIntervalMs = 600_000;
/** Between two attempts while etcd is full, and at least between any two. */
const fullRetryMs = 15_000;
const leastPauseMs = 2_000;
const defragmentTimeoutMs = 60_000;
const worthBytes = 128 << 20;
/** Kept when etcd is full: a watch that needs more lists again, which is better than no writes. */
const revisionsKept = 100;

export interface DatabaseSize {
  readonly fileBytes: number;
  readonly usedBytes: number;
  readonly quotaBytes: number;
}

/** More than half of a large file is air, or the file nears its quota and there is air in it. */
export function isWorthDefragmenting({ fileBytes, usedBytes, quotaBytes }: DatabaseSize): boolean {
  const freeBytes = fileBytes - usedBytes;
  if (fileBytes > quotaBytes * 0.8) return freeBytes > fileBytes * 0.1;
  return freeBytes > worthBytes && freeBytes > fileBytes / 2;
}

/** Looks after etcd now and then, and soon when somebody was refused for want of space. */
export class EtcdMaintenance {
  readonly #options: MaintenanceOptions;
  #wake: (() => void) | undefined;
  #isAsked = false;

  constructor(options: MaintenanceOptions) {
    this.#options = options;
  }

  /** A write was refused because etcd is full. */
  ask(): void {
    this.#isAsked = true;
    this.#wake?.();
  }

  /** For the start: an etcd that is full grants no leases, so nothing else could begin. */
  async relieve(signal: AbortSignal): Promise<void> {
    const full = await spaceAlarms(this.#options, signal);
    if (full.length > 0) await maintainOnce(this.#options, signal);
  }

  /** Until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { logger, intervalMs = defaultIntervalMs } = this.#options;
    let pauseMs = intervalMs;
    while (!signal.aborted) {
      await this.#pause(pauseMs, signal);
      if (signal.aborted) return;
      this.#isAsked = false;
      try {
        pauseMs = (await maintainOnce(this.#options, signal)) === "full" ? fullRetryMs : intervalMs;
      } catch (thrown) {
        pauseMs = fullRetryMs;
        if (!signal.aborted) logger.warn({ error: Problem.from(thrown).message }, "looking after etcd's file failed");
      }
      // Who is refused meanwhile waits this long at least: a defragmentation stops etcd.
      await sleep(this.#options.clock, leastPauseMs, signal).catch(() => undefined);
    }
  }

  async #pause(pauseMs: number, signal: AbortSignal): Promise<void> {
    if (this.#isAsked) return;
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await sleep(this.#options.clock, pauseMs, AbortSignal.any([signal, woken.signal])).catch(() => undefined);
    this.#wake = undefined;
  }
}

/** Compacts and defragments a full etcd and lets it take writes again, or says that it is still full. */
export async function maintainOnce(options: MaintenanceOptions, signal: AbortSignal): Promise<"well" | "full"> {
  const { endpoints, logger, quotaBytes } = options;
  const full = await spaceAlarms(options, signal);
  const isFull = full.length > 0;
  if (isFull) await compactOldRevisions(endpoints, signal);
  const before = await readStatus(options, signal);
  if (!isFull && !isWorthDefragmenting(before)) return "well";
  await defragment(options, signal);
  const after = await readStatus(options, signal);
  logger.info({ bytesBefore: before.fileBytes, bytesAfter: after.fileBytes }, "defragmented etcd");
  if (!isFull) return "well";
  if (after.fileBytes > quotaBytes * 0.9) {
    logger.error({ bytes: after.fileBytes, quotaBytes }, "etcd is full and takes no writes: remove objects");
    return "full";
  }
  for (const { memberID } of full) {
    await endpoints.call(
      "the end of its alarm",
      async (member) =>
        (await member.services()).maintenance.alarm({ action: "Deactivate", memberID, alarm: "Nospace" }),
      signal,
    );
  }
  logger.warn({}, "etcd was full; it takes writes again");
  return "well";
}

async function spaceAlarms({ endpoints }: MaintenanceOptions, signal: AbortSignal) {
  const answer = await endpoints.call("its alarms", endpoints.ask(alarmPath, alarmRequest()), signal);
  return alarmAnswer(answer).filter(({ isSpace }) => isSpace);
}

async function compactOldRevisions(endpoints: EtcdEndpoints, signal: AbortSignal): Promise<void> {
  const status = await endpoints.call(
    "its status",
    async (member) => (await member.services()).maintenance.status(),
    signal,
  );
  const revision = Number(status.header.revision) - revisionsKept;
  if (revision <= 0) return;
  try {
    await endpoints.call(
      "a compaction",
      async (member) => (await member.services()).kv.compact({ revision, physical: true }),
      signal,
    );
  } catch (thrown) {
    // Compacted further already.
    if (!Problem.is(thrown, "expired")) throw thrown;
  }
}

async function defragment({ endpoints, clock }: MaintenanceOptions, signal: AbortSignal): Promise<void> {
  const deadline = clock.nowMs() + defragmentTimeoutMs;
  await endpoints.call(
    "a defragmentation",
    async (member) => (await member.services()).maintenance.defragment({ deadline }),
    signal,
  );
}

async function readStatus({ endpoints, quotaBytes }: MaintenanceOptions, signal: AbortSignal): Promise<DatabaseSize> {
  const { dbSize, dbSizeInUse } = await endpoints.call(
    "its status",
    async (member) => (await member.services()).maintenance.status(),
    signal,
  );
  return { fileBytes: Number(dbSize), usedBytes: Number(dbSizeInUse), quotaBytes };
}
