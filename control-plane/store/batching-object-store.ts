/**
 * `ObjectStore` over `Kv`: gathers the writes of all callers into transactions and answers each on its own. A lone write goes
 * out at the end of its turn; while more arrive turn by turn, or transactions are under way, they gather, so batches grow with
 * the load and no timer is needed. Transactions overlap, for etcd brings what arrives meanwhile to disk at once. Writes of one
 * key go out in order, one at a time.
 */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { resourceKey } from "./keyspace.ts";
import { type Condition, type Fence, type Kv, maxWritesPerTransaction, type TransactResult, type Write } from "./kv.ts";
import { type ObjectCodec, setPosition } from "./object-codec.ts";
import type { ObjectStore, ObjectWrite, ObjectWriteResult, WriteOptions } from "./object-store.ts";
import { formatResourceVersion, nextPosition, revisionOf } from "./resource-version.ts";
import { maxCompares, maxTransactionBytes, writeBytes } from "./write-limits.ts";

export interface BatchingObjectStoreOptions {
  readonly kv: Kv;
  readonly codec: ObjectCodec;
  /** Transactions under way at once. */
  readonly maxInFlight?: number;
  /** Writes that wait; more are refused with `too-many-requests`. */
  readonly maxQueued?: number;
  /**
   * Calls back at the end of a turn. Default: of the turn under way. With `setImmediate` the requests of several connections
   * that arrived together share a transaction.
   */
  readonly afterTurn?: (run: () => void) => void;
}

/** Writes gather for so many turns at most, as long as each brings more. */
const maxGatherTurns = 8;
/** Fewer writes than this wait for the end of a transaction: each transaction costs as much as a few writes. */
const minBeside = 3;

/** Those of one more write: its guard, its condition, and the fence of all. */
const minCompares = 3;

interface Pending {
  readonly write: ObjectWrite;
  readonly storeKey: string;
  readonly kvWrite: Write;
  readonly fence: Fence | undefined;
  readonly resolve: (result: ObjectWriteResult) => void;
  readonly reject: (thrown: unknown) => void;
  abandoned: boolean;
}

export class BatchingObjectStore implements ObjectStore {
  readonly #kv: Kv;
  readonly #codec: ObjectCodec;
  readonly #maxInFlight: number;
  readonly #maxQueued: number;
  readonly #afterTurn: (run: () => void) => void;
  #queue: Pending[] = [];
  readonly #keysInFlight = new Set<string>();
  #inFlight = 0;
  #writesInFlight = 0;
  #flushPending = false;

  constructor(options: BatchingObjectStoreOptions) {
    this.#kv = options.kv;
    this.#codec = options.codec;
    this.#maxInFlight = options.maxInFlight ?? 4;
    this.#maxQueued = options.maxQueued ?? 20_000;
    this.#afterTurn = options.afterTurn ?? queueMicrotask;
  }

  async get(key: ObjectWrite["key"], signal?: AbortSignal): Promise<KubeObject | undefined> {
    const { item } = await this.#kv.get(resourceKey(key), signal);
    return item && this.#codec.decode(key, item.value, item.modRevision);
  }

  async write(write: ObjectWrite, options: WriteOptions = {}): Promise<ObjectWriteResult> {
    const { signal } = options;
    if (signal?.aborted) throw Problem.from(signal.reason);
    if (this.#queue.length >= this.#maxQueued) {
      throw new Problem("too-many-requests", `${this.#queue.length} writes already wait for the store`);
    }
    const storeKey = resourceKey(write.key);
    const kvWrite = this.#kvWrite(write, storeKey, options.onlyWhile);
    if (writeBytes(kvWrite) > maxTransactionBytes) throw tooLarge(storeKey, kvWrite);
    const { promise, resolve, reject } = Promise.withResolvers<ObjectWriteResult>();
    const pending: Pending = { write, storeKey, kvWrite, fence: options.fence, resolve, reject, abandoned: false };
    const onAbort = (): void => {
      pending.abandoned = true;
      reject(Problem.from(signal?.reason));
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    this.#queue.push(pending);
    this.#flushSoon();
    return promise.finally(() => signal?.removeEventListener("abort", onAbort));
  }

  #kvWrite(write: ObjectWrite, key: string, onlyWhile: Condition | undefined): Write {
    if (write.kind === "delete") return { kind: "delete", key, guard: revisionOf(write.guard), onlyWhile };
    const guard = write.kind === "create" ? 0 : revisionOf(write.guard);
    return { kind: "put", key, value: this.#codec.encode(write.key, write.object), guard, onlyWhile };
  }

  #flushSoon(): void {
    if (this.#flushPending) return;
    this.#flushPending = true;
    this.#gather(0, 0);
  }

  #gather(turns: number, gathered: number): void {
    this.#afterTurn(() => {
      const { length } = this.#queue;
      const mayGrow = length > gathered && length < maxWritesPerTransaction && turns < maxGatherTurns;
      if (this.#inFlight < this.#maxInFlight && mayGrow) {
        this.#gather(turns + 1, length);
        return;
      }
      this.#flushPending = false;
      this.#flush();
    });
  }

  /** One transaction when none is under way; others beside it, as long as they are worth it. */
  #flush(): void {
    while (this.#inFlight < this.#maxInFlight && this.#queue.length > 0) {
      if (this.#inFlight > 0 && !this.#isWorthAnother()) return;
      const batch = this.#takeBatch();
      if (batch.length === 0) return;
      this.#inFlight++;
      this.#writesInFlight += batch.length;
      void this.#commit(batch);
    }
  }

  /** At least half as many writes as those under way carry on average: light load does not split into many. */
  #isWorthAnother(): boolean {
    return this.#queue.length >= Math.max(minBeside, this.#writesInFlight / this.#inFlight / 2);
  }

  /**
   * The first writes that may share a transaction: one fence, each key once and not under way, within the byte limit, and with so few
   * conditions of different sessions that etcd takes it as a whole.
   */
  #takeBatch(): Pending[] {
    const batch: Pending[] = [];
    const left: Pending[] = [];
    const heldKeys = new Set<string>();
    const conditions = new Set<string>();
    let bytes = 0;
    let at = 0;
    for (; at < this.#queue.length && batch.length < maxWritesPerTransaction; at++) {
      const pending = this.#queue[at];
      if (!pending || pending.abandoned) continue;
      const size = writeBytes(pending.kvWrite);
      const busy = heldKeys.has(pending.storeKey) || this.#keysInFlight.has(pending.storeKey);
      const compares = batch.length + conditions.size + minCompares;
      const fits =
        bytes + size <= maxTransactionBytes &&
        compares <= maxCompares &&
        (!batch[0] || sameFence(batch[0].fence, pending.fence));
      heldKeys.add(pending.storeKey);
      if (busy || !fits) {
        left.push(pending);
        continue;
      }
      batch.push(pending);
      if (pending.kvWrite.onlyWhile) conditions.add(pending.kvWrite.onlyWhile.key);
      bytes += size;
    }
    this.#queue = left.concat(this.#queue.slice(at));
    return batch.sort(putsFirst);
  }

  async #commit(batch: readonly Pending[]): Promise<void> {
    for (const [position, { storeKey, kvWrite }] of batch.entries()) {
      this.#keysInFlight.add(storeKey);
      if (kvWrite.kind === "put") setPosition(kvWrite.value, position);
    }
    try {
      const result = await this.#kv.transact(
        batch.map((pending) => pending.kvWrite),
        batch[0]?.fence,
      );
      this.#answer(batch, result);
    } catch (thrown) {
      for (const pending of batch) pending.reject(Problem.from(thrown));
    } finally {
      this.#inFlight--;
      this.#writesInFlight -= batch.length;
      for (const { storeKey } of batch) this.#keysInFlight.delete(storeKey);
      if (this.#queue.length > 0) this.#flushSoon();
    }
  }

  #answer(batch: readonly Pending[], result: TransactResult): void {
    let lastPosition: number | undefined;
    for (const [position, pending] of batch.entries()) {
      const outcome = result.outcomes[position];
      if (!result.fenceHeld) {
        pending.resolve({ ok: false, reason: "fenced", current: undefined });
      } else if (!outcome) {
        pending.reject(new Problem("internal", "the store answered fewer writes than it was given"));
      } else if (outcome.ok) {
        lastPosition = pending.write.kind === "delete" ? nextPosition(lastPosition) : position;
        this.#settle(pending, () => ({
          ok: true,
          object: this.#written(pending, outcome.previous, formatResourceVersion(result.revision, lastPosition ?? 0)),
        }));
      } else {
        this.#settle(pending, () => this.#refused(pending, outcome.current));
      }
    }
  }

  /** What cannot be decoded fails its own write, not its neighbours'. */
  #settle(pending: Pending, result: () => ObjectWriteResult): void {
    try {
      pending.resolve(result());
    } catch (thrown) {
      pending.reject(thrown);
    }
  }

  #written(pending: Pending, previous: KvItem, resourceVersion: string): KubeObject {
    const { write } = pending;
    if (write.kind !== "delete") return withResourceVersion(write.object, resourceVersion);
    if (!previous) throw new Problem("internal", `the store removed ${pending.storeKey} without saying what it was`);
    return withResourceVersion(this.#codec.decode(write.key, previous.value, previous.modRevision), resourceVersion);
  }

  #refused(pending: Pending, current: KvItem): ObjectWriteResult {
    const { write, kvWrite } = pending;
    // It stands as it was decided on: what did not hold is the condition.
    if ((current?.modRevision ?? 0) === kvWrite.guard) return { ok: false, reason: "fenced", current: undefined };
    if (!current) return { ok: false, reason: "missing", current: undefined };
    const object = this.#codec.decode(write.key, current.value, current.modRevision);
    return { ok: false, reason: write.kind === "create" ? "exists" : "conflict", current: object };
  }
}

type KvItem = { readonly value: Uint8Array; readonly modRevision: number } | undefined;

function withResourceVersion(object: KubeObject, resourceVersion: string): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion } };
}

/** Deletions last: see `nextPosition`. */
function putsFirst(left: Pending, right: Pending): number {
  return Number(left.kvWrite.kind === "delete") - Number(right.kvWrite.kind === "delete");
}

function sameFence(left: Fence | undefined, right: Fence | undefined): boolean {
  return left?.key === right?.key && left?.createRevision === right?.createRevision;
}

function tooLarge(storeKey: string, write: Write): Problem {
  const message = `${storeKey} takes ${writeBytes(write)} bytes; the store takes ${maxTransactionBytes}`;
  return new Problem("too-large", message, { object: storeKey, hint: "Make the object smaller." });
}
