/**
 * Gives back the disk space that compaction frees inside etcd's file. A defragmentation stops etcd while it runs, so it is
 * done rarely and only when much is to be gained. An etcd that is full refuses all writes until somebody helps: this does.
 */
import { type Clock, sleep } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { EtcdEndpoints } from "../store/etcd-endpoints.ts";

export interface MaintenanceOptions {
  readonly endpoints: EtcdEndpoints;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly intervalMs?: number;
  readonly quotaBytes: number;
}

const defaultIntervalMs = 600_000;
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

/** Until the signal aborts. */
export async function maintainEtcd(options: MaintenanceOptions, signal: AbortSignal): Promise<void> {
  const { clock, logger, intervalMs = defaultIntervalMs } = options;
  while (!signal.aborted) {
    await sleep(clock, intervalMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    try {
      await maintainOnce(options, signal);
    } catch (thrown) {
      if (!signal.aborted) logger.warn({ error: Problem.from(thrown).message }, "looking after etcd's file failed");
    }
  }
}

export async function maintainOnce(options: MaintenanceOptions, signal: AbortSignal): Promise<void> {
  const { endpoints, logger, quotaBytes } = options;
  const { alarms } = await endpoints.call(
    "its alarms",
    ({ maintenance }) => maintenance.alarm({ action: "Get" }),
    signal,
  );
  const full = alarms.filter(({ alarm }) => alarm === "Nospace");
  const isFull = full.length > 0;
  if (isFull) await compactOldRevisions(endpoints, signal);
  const before = await readStatus(options, signal);
  if (!isFull && !isWorthDefragmenting(before)) return;
  await defragment(options, signal);
  const after = await readStatus(options, signal);
  logger.info({ bytesBefore: before.fileBytes, bytesAfter: after.fileBytes }, "defragmented etcd");
  if (!isFull) return;
  if (after.fileBytes > quotaBytes * 0.9) {
    logger.error({ bytes: after.fileBytes, quotaBytes }, "etcd is full and takes no writes: remove objects");
    return;
  }
  for (const { memberID, alarm } of full) {
    await endpoints.call(
      "the end of its alarm",
      ({ maintenance }) => maintenance.alarm({ action: "Deactivate", memberID, alarm }),
      signal,
    );
  }
  logger.warn({}, "etcd was full; it takes writes again");
}

async function compactOldRevisions(endpoints: EtcdEndpoints, signal: AbortSignal): Promise<void> {
  const status = await endpoints.call("its status", ({ maintenance }) => maintenance.status(), signal);
  const revision = Number(status.header.revision) - revisionsKept;
  if (revision <= 0) return;
  try {
    await endpoints.call("a compaction", ({ kv }) => kv.compact({ revision, physical: true }), signal);
  } catch (thrown) {
    // Compacted further already.
    if (!Problem.is(thrown, "expired")) throw thrown;
  }
}

async function defragment({ endpoints, clock }: MaintenanceOptions, signal: AbortSignal): Promise<void> {
  const deadline = clock.nowMs() + defragmentTimeoutMs;
  await endpoints.call("a defragmentation", ({ maintenance }) => maintenance.defragment({ deadline }), signal);
}

async function readStatus({ endpoints, quotaBytes }: MaintenanceOptions, signal: AbortSignal): Promise<DatabaseSize> {
  const { dbSize, dbSizeInUse } = await endpoints.call("its status", (member) => member.maintenance.status(), signal);
  return { fileBytes: Number(dbSize), usedBytes: Number(dbSizeInUse), quotaBytes };
}
