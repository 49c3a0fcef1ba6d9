/**
 * Rewrites what is stored in older forms, page by page while the cluster runs, under the leader's fence. How far it has come is in
 * the store: a control plane that dies, or hands over, is followed by one that goes on there.
 */
import { type Clock, sleep } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import { parseResourceKey, resourcePrefix } from "../store/keyspace.ts";
import type { Fence, KeyValue, Kv, Write } from "../store/kv.ts";
import { type ObjectCodec, readHeader, setPosition } from "../store/object-codec.ts";
import type { StoredVersions } from "../store/stored-versions.ts";
import { writeBatches } from "../store/write-batches.ts";
import { changeMarks, readMarks } from "./version-marks.ts";

export interface StorageMigrationOptions {
  readonly kv: Kv;
  readonly codec: ObjectCodec;
  readonly versions: StoredVersions;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly fence: Fence;
  readonly signal: AbortSignal;
}

const pageSize = 50;
/** Between pages: a migration is in no hurry, and others write too. */
const pauseMs = 20;
const retryMs = 5_000;

/** Resolves when all is in today's form, or the signal aborts. Tries again after failures. */
export async function migrateStorage(options: StorageMigrationOptions): Promise<void> {
  const { signal, clock, logger } = options;
  while (!signal.aborted) {
    try {
      await migrateAll(options);
      return;
    } catch (thrown) {
      if (signal.aborted) return;
      logger.warn({ err: thrown }, "stored objects could not be rewritten yet; trying again");
      await sleep(clock, retryMs, signal).catch(() => undefined);
    }
  }
}

async function migrateAll(options: StorageMigrationOptions): Promise<void> {
  const { marks } = await readMarks(options.kv, options.signal);
  for (const [resource, { version, rewrittenTo }] of Object.entries(marks)) {
    if (rewrittenTo === undefined) continue;
    options.logger.info({ resource, version }, "rewriting stored objects");
    const rewritten = await migrateKind(resource, rewrittenTo, options);
    await mark(resource, undefined, options);
    options.logger.info({ resource, version, rewritten }, "all stored objects are of this version");
  }
}

async function migrateKind(resource: string, from: string, options: StorageMigrationOptions): Promise<number> {
  const { kv, signal, clock } = options;
  const [plural = "", ...group] = resource.split(".");
  const prefix = resourcePrefix(group.join("."), plural);
  let rewritten = 0;
  for (let after = from; ; ) {
    signal.throwIfAborted();
    const page = await kv.list({ prefix, limit: pageSize, ...(after !== "" && { after }) }, signal);
    rewritten += await rewrite(page.items, options);
    const last = page.items.at(-1)?.key;
    if (!page.more || last === undefined) return rewritten;
    after = last;
    await mark(resource, after, options);
    await sleep(clock, pauseMs, signal);
  }
}

/** One that somebody changes meanwhile is written in today's form by them. */
async function rewrite(items: readonly KeyValue[], options: StorageMigrationOptions): Promise<number> {
  const { kv, codec, versions, fence, signal } = options;
  const writes: Write[] = [];
  for (const { key, value, modRevision } of items) {
    const place = parseResourceKey(key);
    if (!place || readHeader(value, key).version >= versions.current(place)) continue;
    const fresh = codec.encode(place, codec.decode(place, value, modRevision));
    writes.push({ kind: "put", key, value: fresh, guard: modRevision });
  }
  for (const batch of writeBatches(writes)) {
    for (const [position, write] of batch.entries()) if (write.kind === "put") setPosition(write.value, position);
    const { fenceHeld } = await kv.transact(batch, fence, signal);
    if (!fenceHeld) throw new Problem("conflict", "another control plane leads");
  }
  return writes.length;
}

/** `rewrittenTo` undefined: done. */
function mark(
  resource: string,
  rewrittenTo: string | undefined,
  { kv, fence, signal }: StorageMigrationOptions,
): Promise<void> {
  return changeMarks(
    kv,
    (marks) => {
      const known = marks[resource];
      if (!known) return marks;
      const { version } = known;
      return { ...marks, [resource]: { version, ...(rewrittenTo !== undefined && { rewrittenTo }) } };
    },
    { fence, signal },
  );
}
