/**
 * Gives back the disk space that compaction frees inside etcd's file. A defragmentation stops etcd while it runs, so it is
 * done rarely and only when much is to be gained.
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

const defaultIntervalMs = 3_600_000;
const defragmentTimeoutMs = 60_000;
const worthBytes = 128 << 20;

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
      await defragmentIfWorthIt(options, signal);
    } catch (thrown) {
      if (!signal.aborted) logger.warn({ error: Problem.from(thrown).message }, "defragmenting etcd failed");
    }
  }
}

async function defragmentIfWorthIt(options: MaintenanceOptions, signal: AbortSignal): Promise<void> {
  const { endpoints, clock, logger, quotaBytes } = options;
  const size = await readSize(endpoints, quotaBytes, signal);
  if (!isWorthDefragmenting(size)) return;
  const deadline = clock.nowMs() + defragmentTimeoutMs;
  await endpoints.call("a defragmentation", ({ maintenance }) => maintenance.defragment({ deadline }), signal);
  const after = await readSize(endpoints, quotaBytes, signal);
  logger.info({ bytesBefore: size.fileBytes, bytesAfter: after.fileBytes }, "defragmented etcd");
}

async function readSize(endpoints: EtcdEndpoints, quotaBytes: number, signal: AbortSignal): Promise<DatabaseSize> {
  const { dbSize, dbSizeInUse } = await endpoints.call("its status", (member) => member.maintenance.status(), signal);
  return { fileBytes: Number(dbSize), usedBytes: Number(dbSizeInUse), quotaBytes };
}
