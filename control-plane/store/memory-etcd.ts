/**
 * etcd's data model in memory: one revision counter, versions of each key, leases, compaction, a log for watches.
 * Synchronous and deterministic; it does no I/O and owns no timer but the injected Clock's. `memory-kv.ts` is a client of it.
 */
import type { Clock, Timer } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { compareKeys, lowerBound } from "./key-order.ts";
import type {
  Fence,
  KeyValue,
  LeaseId,
  ListOptions,
  ListResult,
  TransactResult,
  WatchBatch,
  WatchEvent,
  Write,
  WriteOutcome,
} from "./kv.ts";
import { checkWrites } from "./write-limits.ts";

/** One version of one key; `item` is undefined for a deletion. */
interface Version {
  readonly modRevision: number;
  readonly item: KeyValue | undefined;
}

interface Lease {
  readonly ttlMs: number;
  readonly keys: Set<string>;
  expiresAtMs: number;
}

export class MemoryEtcd {
  readonly #clock: Clock;
  #revision = 1;
  #compactedRevision = 0;
  /** Versions since the last compaction, oldest first. */
  readonly #versions = new Map<string, Version[]>();
  /** Keys of `#versions`, in order. */
  readonly #keys: string[] = [];
  #log: WatchBatch[] = [];
  readonly #leases = new Map<LeaseId, Lease>();
  readonly #leaseOfKey = new Map<string, LeaseId>();
  readonly #listeners = new Set<() => void>();
  #leaseSequence = 0;
  #leaseTimer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get revision(): number {
    return this.#revision;
  }

  get compactedRevision(): number {
    return this.#compactedRevision;
  }

  get(key: string): KeyValue | undefined {
    return this.#at(key, this.#revision);
  }

  list(options: ListOptions): ListResult {
    const revision = options.revision ?? this.#revision;
    if (revision > this.#revision) {
      throw new Problem("bad-request", `revision ${revision} is in the future: the store is at ${this.#revision}`);
    }
    if (revision < this.#compactedRevision) throw this.#expired(revision);
    const items: KeyValue[] = [];
    let count = 0;
    const after = options.after;
    const from = after !== undefined && compareKeys(after, options.prefix) > 0 ? after : options.prefix;
    for (let i = lowerBound(this.#keys, from); i < this.#keys.length; i++) {
      const key = this.#keys[i] ?? "";
      if (!key.startsWith(options.prefix)) break;
      if (key === after) continue;
      const item = this.#at(key, revision);
      if (!item) continue;
      count++;
      if (options.limit !== undefined && items.length >= options.limit) continue;
      items.push(options.keysOnly ? { ...item, value: new Uint8Array() } : item);
    }
    return { items, revision, more: count > items.length, count };
  }

  transact(writes: readonly Write[], fence?: Fence): TransactResult {
    checkWrites(writes);
    if (fence && (this.get(fence.key)?.createRevision ?? 0) !== fence.createRevision) {
      return { fenceHeld: false, revision: this.#revision, outcomes: [] };
    }
    const standing = writes.map((write) => this.get(write.key));
    const holds = writes.map(({ guard, onlyWhile }, i) => {
      const isAsDecided = guard === undefined || guard === revisionOf(standing[i]);
      return isAsDecided && (!onlyWhile || revisionOf(this.get(onlyWhile.key)) === onlyWhile.modRevision);
    });
    for (const [i, write] of writes.entries()) {
      if (!holds[i] || write.kind !== "put" || write.lease === undefined || this.#leases.has(write.lease)) continue;
      throw new Problem("not-found", `lease ${write.lease} has expired`);
    }
    const revision = this.#revision + 1;
    const events: WatchEvent[] = [];
    const outcomes = writes.map((write, i): WriteOutcome => {
      const current = standing[i];
      if (!holds[i]) return { ok: false, current };
      const event = this.#apply(write, current, revision);
      if (event) events.push(event);
      return { ok: true, previous: write.kind === "delete" ? current : undefined };
    });
    this.#commit(revision, events);
    return { fenceHeld: true, revision: this.#revision, outcomes };
  }

  grantLease(ttlMs: number): LeaseId {
    const id = String(++this.#leaseSequence);
    this.#leases.set(id, { ttlMs, keys: new Set(), expiresAtMs: this.#clock.monotonicMs() + ttlMs });
    this.#scheduleLeases();
    return id;
  }

  keepLeaseAlive(id: LeaseId): void {
    const lease = this.#leases.get(id);
    if (!lease) throw new Problem("not-found", `lease ${id} has expired`);
    lease.expiresAtMs = this.#clock.monotonicMs() + lease.ttlMs;
    this.#scheduleLeases();
  }

  revokeLease(id: LeaseId): void {
    const lease = this.#leases.get(id);
    if (!lease) throw new Problem("not-found", `lease ${id} has expired`);
    this.#leases.delete(id);
    const revision = this.#revision + 1;
    const events: WatchEvent[] = [];
    for (const key of [...lease.keys].sort(compareKeys)) {
      const event = this.#apply({ kind: "delete", key }, this.get(key), revision);
      if (event) events.push(event);
    }
    this.#commit(revision, events);
    this.#scheduleLeases();
  }

  compact(revision: number): void {
    if (revision <= this.#compactedRevision) throw this.#expired(revision);
    if (revision > this.#revision) throw new Problem("bad-request", `revision ${revision} is in the future`);
    this.#compactedRevision = revision;
    this.#log = this.#log.filter((batch) => batch.revision >= revision);
    for (const [key, versions] of this.#versions) {
      const last = versions.findLastIndex((version) => version.modRevision <= revision);
      versions.splice(0, Math.max(0, last));
      if (versions[0]?.item === undefined && (versions[0]?.modRevision ?? 0) <= revision) versions.shift();
      if (versions.length === 0) this.#forget(key);
    }
    this.#wake();
  }

  /** What happened after `revision`, at most `limit` revisions of it. Throws `expired` when it was compacted away. */
  changesAfter(revision: number, prefix: string, limit: number): WatchBatch {
    if (revision + 1 < this.#compactedRevision) throw this.#expired(revision);
    if (revision > this.#revision) {
      throw new Problem("expired", `the store is at revision ${this.#revision}, before the watch's ${revision}`);
    }
    let low = 0;
    for (let high = this.#log.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if ((this.#log[middle]?.revision ?? 0) <= revision) low = middle + 1;
      else high = middle;
    }
    const events: WatchEvent[] = [];
    const end = Math.min(this.#log.length, low + limit);
    for (let at = low; at < end; at++) {
      for (const event of this.#log[at]?.events ?? []) if (event.key.startsWith(prefix)) events.push(event);
    }
    return {
      revision: (end > low ? this.#log[end - 1]?.revision : undefined) ?? Math.max(revision, this.#revision),
      events,
    };
  }

  /** Calls `listener` after each commit and compaction. Returns how to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #at(key: string, revision: number): KeyValue | undefined {
    return this.#versions.get(key)?.findLast((version) => version.modRevision <= revision)?.item;
  }

  #apply(write: Write, current: KeyValue | undefined, revision: number): WatchEvent | undefined {
    const { key } = write;
    const leaseBefore = this.#leaseOfKey.get(key);
    if (leaseBefore !== undefined) this.#leases.get(leaseBefore)?.keys.delete(key);
    this.#leaseOfKey.delete(key);
    if (write.kind === "delete") {
      if (!current) return undefined;
      this.#versions.get(key)?.push({ modRevision: revision, item: undefined });
      return { type: "delete", key, value: new Uint8Array(), modRevision: revision, createRevision: 0, version: 0 };
    }
    if (write.lease !== undefined) {
      this.#leases.get(write.lease)?.keys.add(key);
      this.#leaseOfKey.set(key, write.lease);
    }
    const item: KeyValue = {
      key,
      value: Buffer.from(write.value),
      modRevision: revision,
      createRevision: current?.createRevision ?? revision,
      version: (current?.version ?? 0) + 1,
    };
    let versions = this.#versions.get(key);
    if (!versions) {
      versions = [];
      this.#versions.set(key, versions);
      this.#keys.splice(lowerBound(this.#keys, key), 0, key);
    }
    versions.push({ modRevision: revision, item });
    return { type: "put", ...item };
  }

  #commit(revision: number, events: readonly WatchEvent[]): void {
    if (events.length === 0) return;
    this.#revision = revision;
    this.#log.push({ revision, events });
    this.#wake();
  }

  #wake(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #forget(key: string): void {
    this.#versions.delete(key);
    const at = lowerBound(this.#keys, key);
    if (this.#keys[at] === key) this.#keys.splice(at, 1);
  }

  #scheduleLeases(): void {
    this.#leaseTimer?.cancel();
    this.#leaseTimer = undefined;
    let firstAtMs = Number.POSITIVE_INFINITY;
    for (const lease of this.#leases.values()) firstAtMs = Math.min(firstAtMs, lease.expiresAtMs);
    if (firstAtMs === Number.POSITIVE_INFINITY) return;
    this.#leaseTimer = this.#clock.after(firstAtMs - this.#clock.monotonicMs(), () => this.#expireLeases());
  }

  #expireLeases(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [id, lease] of [...this.#leases]) if (lease.expiresAtMs <= nowMs) this.revokeLease(id);
    this.#scheduleLeases();
  }

  #expired(revision: number): Problem {
    return new Problem("expired", `revision ${revision} was compacted; history starts at ${this.#compactedRevision}`);
  }
}

function revisionOf(item: KeyValue | undefined): number {
  return item?.modRevision ?? 0;
}
