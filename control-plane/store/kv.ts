/**
 * The port to the store: etcd's semantics, no more than we use. `etcd-kv.ts` and `memory-kv.ts` implement it and
 * `kv.contract.ts` is run against both. Keys are strings below one prefix that the implementation adds and strips.
 */

export interface KeyValue {
  readonly key: string;
  readonly value: Uint8Array;
  readonly createRevision: number;
  readonly modRevision: number;
  /** How often it was written since its creation, counted from 1. */
  readonly version: number;
}

export interface ListOptions {
  readonly prefix: string;
  /** Only keys strictly after this one (paging). */
  readonly after?: string;
  readonly limit?: number;
  /** Read at this revision; `expired` when compacted. Default: now, linearizable. */
  readonly revision?: number;
  readonly keysOnly?: boolean;
}

export interface ListResult {
  readonly items: readonly KeyValue[]; // sorted by key bytes
  readonly revision: number;
  readonly more: boolean;
  /** How many keys the prefix holds in all, from `after` on. */
  readonly count: number;
}

/** Bounds of one transaction; etcd refuses more than 128 operations and 1.5 MiB. */
export const maxWritesPerTransaction = 100;

/** What must hold for a write to happen: the key's modRevision; 0 = must not exist; undefined = anything. */
export type Guard = number | undefined;

/** What must hold besides: another key still has this modRevision. Of a session's word: its record. */
export interface Condition {
  readonly key: string;
  readonly modRevision: number;
}

interface Guarded {
  readonly key: string;
  readonly guard?: Guard;
  readonly onlyWhile?: Condition | undefined;
}

export type Write =
  | (Guarded & { readonly kind: "put"; readonly value: Uint8Array; readonly lease?: LeaseId })
  | (Guarded & { readonly kind: "delete" });

export type WriteOutcome =
  /** `previous` is what a delete removed; undefined for a put, and when there was nothing. */
  | { readonly ok: true; readonly previous: KeyValue | undefined }
  /** The guard did not hold, or the condition; `current` is what stands there, undefined when nothing does. */
  | { readonly ok: false; readonly current: KeyValue | undefined };

export interface TransactResult {
  /** False: the fence did not hold, nothing was written, `outcomes` is empty. True without a fence. */
  readonly fenceHeld: boolean;
  /** Of the writes that succeeded; the store's current one when none did. */
  readonly revision: number;
  readonly outcomes: readonly WriteOutcome[]; // same order as the writes
}

/** A compare that every write of a leader carries: the leader key still has this create revision. */
export interface Fence {
  readonly key: string;
  readonly createRevision: number;
}

export type LeaseId = string;

export interface WatchEvent {
  readonly type: "put" | "delete";
  readonly key: string;
  /** Empty for a delete: who needs the last value keeps it. */
  readonly value: Uint8Array;
  readonly modRevision: number;
  /** 0 for a delete. */
  readonly createRevision: number;
  /** As in KeyValue; 0 for a delete. Grows by one: a jump means that a change was lost. */
  readonly version: number;
}

/** All events of one or more whole revisions, in order; never a part of a revision. `events` may be empty (progress). */
export interface WatchBatch {
  readonly revision: number;
  readonly events: readonly WatchEvent[];
}

export interface Kv {
  get(key: string, signal?: AbortSignal): Promise<{ readonly item: KeyValue | undefined; readonly revision: number }>;
  list(options: ListOptions, signal?: AbortSignal): Promise<ListResult>;
  /**
   * One etcd transaction of guarded writes: each write succeeds or fails by its own guard, all of them at the same
   * revision. Each key at most once; at most `maxWritesPerTransaction`. With `fence`, nothing happens unless it holds.
   * Rejects with Problem `unavailable`/`timeout` when the outcome is unknown: the caller must re-read.
   */
  transact(writes: readonly Write[], fence?: Fence, signal?: AbortSignal): Promise<TransactResult>;
  /**
   * Events strictly after `afterRevision`, complete and ordered, until the signal aborts (then it ends without an error).
   * Survives reconnects by itself.
   * Throws Problem `expired` when that revision was compacted, or when the store is behind it (restored from a backup): list
   * again.
   */
  watch(prefix: string, afterRevision: number, signal: AbortSignal): AsyncIterable<WatchBatch>;
  grantLease(ttlMs: number, signal?: AbortSignal): Promise<LeaseId>;
  /** Renews once. Rejects with `not-found` when it has expired. */
  keepLeaseAlive(lease: LeaseId, signal?: AbortSignal): Promise<void>;
  revokeLease(lease: LeaseId, signal?: AbortSignal): Promise<void>;
  compact(revision: number, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
