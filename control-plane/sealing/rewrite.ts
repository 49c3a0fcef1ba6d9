/** One pass over everything that is sealed: what another key than today's has sealed is sealed anew, guarded and without haste. */
import { type Clock, sleep } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { parseResourceKey } from "../store/keyspace.ts";
import type { Fence, KeyValue, Kv, Write } from "../store/kv.ts";
import { setPosition } from "../store/object-codec.ts";
import { writeBatches } from "../store/write-batches.ts";
import type { Keyring } from "./keyring.ts";
import { resealed, sealedKeys, sealedWith, secretPrefix } from "./sealed-values.ts";

export interface RewriteOptions {
  readonly kv: Kv;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly fence: Fence;
  readonly signal: AbortSignal;
}

export interface RewriteReport {
  /** Values under other keys that this pass met, whatever became of them. 0: there are none. */
  readonly found: number;
  readonly rewritten: number;
  /** What does not open. */
  readonly failed: readonly { readonly key: string; readonly why: string }[];
}

const pageSize = 50;
/** Others write too. */
const maxWritesPerSecond = 500;
const maxFailed = 100;

/** Throws Problem `conflict` when another control plane leads. */
export async function rewriteSealed(options: RewriteOptions): Promise<RewriteReport> {
  const { kv, clock, signal } = options;
  const total = { found: 0, rewritten: 0, failed: [] as RewriteReport["failed"][number][] };
  for await (const items of sealedItems(kv, signal)) {
    const { found, rewritten, failed } = await rewriteItems(items, options);
    total.found += found;
    total.rewritten += rewritten;
    total.failed.push(...failed.slice(0, maxFailed - total.failed.length));
    if (found > 0) await sleep(clock, (1000 * found) / maxWritesPerSecond, signal);
  }
  return total;
}

/** All that is sealed, page by page, each as it is at that moment. */
export async function* sealedItems(kv: Kv, signal?: AbortSignal): AsyncIterable<readonly KeyValue[]> {
  for (const key of sealedKeys) {
    const { item } = await kv.get(key, signal);
    if (item) yield [item];
  }
  for (let after: string | undefined; ; ) {
    signal?.throwIfAborted();
    const page = await kv.list(
      { prefix: secretPrefix, limit: pageSize, ...(after !== undefined && { after }) },
      signal,
    );
    yield page.items;
    after = page.items.at(-1)?.key;
    if (!page.more || after === undefined) return;
  }
}

/** One that somebody changes meanwhile is sealed with the key of today by them. */
async function rewriteItems(items: readonly KeyValue[], options: RewriteOptions): Promise<RewriteReport> {
  const { kv, keyring, fence, signal } = options;
  const old = items.filter(({ value }) => sealedWith(value) !== keyring.state.active);
  const failed: { readonly key: string; readonly why: string }[] = [];
  const writes: Write[] = [];
  for (const { key, value, modRevision } of old) {
    try {
      writes.push({ kind: "put", key, value: resealed(key, value, keyring), guard: modRevision });
    } catch (thrown) {
      failed.push({ key, why: Problem.from(thrown).message });
    }
  }
  let rewritten = 0;
  for (const batch of writeBatches(writes)) {
    for (const [position, write] of batch.entries()) {
      if (write.kind === "put" && parseResourceKey(write.key)) setPosition(write.value, position);
    }
    const { fenceHeld, outcomes } = await kv.transact(batch, fence, signal);
    if (!fenceHeld) throw new Problem("conflict", "another control plane leads");
    rewritten += outcomes.filter(({ ok }) => ok).length;
  }
  return { found: old.length, rewritten, failed };
}
