/**
 * A client of `MemoryEtcd`: the `Kv` port in memory. Several clients may share one `MemoryEtcd`, each with its own faults,
 * so a simulation can cut off one control plane and not the other.
 */
import { childAbort } from "#proto/kit/child-abort.ts";
import { type Clock, sleep } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Fence, Kv, LeaseId, ListOptions, ListResult, TransactResult, WatchBatch, Write } from "./kv.ts";
import type { KvFaults, KvOperation } from "./kv-faults.ts";
import { MemoryEtcd } from "./memory-etcd.ts";

export interface MemoryKvOptions {
  readonly clock: Clock;
  /** Shared by clients of the same store; a new one when absent. */
  readonly etcd?: MemoryEtcd;
  readonly faults?: KvFaults;
  /** As etcd's catch-up limit: so many revisions at most in one watch batch. */
  readonly maxRevisionsPerBatch?: number;
  /** Whether a watch hears at once of revisions that brought nothing for it. etcd tells every few seconds. Default true. */
  readonly promptProgress?: boolean;
}

export class MemoryKv implements Kv {
  readonly etcd: MemoryEtcd;
  readonly #clock: Clock;
  readonly #faults: KvFaults;
  readonly #maxRevisionsPerBatch: number;
  readonly #promptProgress: boolean;
  readonly #closing = new AbortController();
  /** Ends of what waits here for its delay to pass. */
  readonly #sleeping = new Set<() => void>();

  constructor(options: MemoryKvOptions) {
    this.#clock = options.clock;
    this.etcd = options.etcd ?? new MemoryEtcd(options.clock);
    this.#faults = options.faults ?? {};
    this.#promptProgress = options.promptProgress ?? true;
    this.#maxRevisionsPerBatch = options.maxRevisionsPerBatch ?? 1000;
  }

  get(key: string, signal?: AbortSignal): ReturnType<Kv["get"]> {
    return this.#call("get", key, signal, () => ({ item: this.etcd.get(key), revision: this.etcd.revision }));
  }

  list(options: ListOptions, signal?: AbortSignal): Promise<ListResult> {
    return this.#call("list", options.prefix, signal, () => this.etcd.list(options));
  }

  transact(writes: readonly Write[], fence?: Fence, signal?: AbortSignal): Promise<TransactResult> {
    return this.#call("transact", writes[0]?.key ?? "", signal, () => this.etcd.transact(writes, fence));
  }

  grantLease(ttlMs: number, signal?: AbortSignal): Promise<LeaseId> {
    return this.#call("grantLease", "", signal, () => this.etcd.grantLease(ttlMs));
  }

  keepLeaseAlive(lease: LeaseId, signal?: AbortSignal): Promise<void> {
    return this.#call("keepLeaseAlive", lease, signal, () => this.etcd.keepLeaseAlive(lease));
  }

  revokeLease(lease: LeaseId, signal?: AbortSignal): Promise<void> {
    return this.#call("revokeLease", lease, signal, () => this.etcd.revokeLease(lease));
  }

  compact(revision: number, signal?: AbortSignal): Promise<void> {
    return this.#call("compact", "", signal, () => this.etcd.compact(revision));
  }

  async *watch(prefix: string, afterRevision: number, signal: AbortSignal): AsyncIterable<WatchBatch> {
    const stopping = childAbort(signal, this.#closing.signal);
    const stopped = stopping.signal;
    let revision = afterRevision;
    try {
      while (!stopped.aborted) {
        let batch = this.etcd.changesAfter(revision, prefix, this.#maxRevisionsPerBatch);
        if (batch.revision <= revision) {
          await this.#nextChange(stopped);
          continue;
        }
        const fault = this.#faults.watch?.(prefix, batch.events.length);
        if (fault?.kind === "delay") {
          await sleep(this.#clock, fault.delayMs, stopped).catch(() => undefined);
          if (stopped.aborted) break;
          batch = this.etcd.changesAfter(revision, prefix, this.#maxRevisionsPerBatch);
        }
        revision = batch.revision;
        if (batch.events.length === 0 && !this.#promptProgress) continue;
        if (fault?.kind === "lose") continue;
        yield batch;
        if (fault?.kind === "duplicate" && !stopped.aborted) yield batch;
      }
    } finally {
      stopping.abort("nobody watches any more");
    }
    if (!signal.aborted) throw new Problem("unavailable", "the store's client is closed");
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const end of [...this.#sleeping]) end();
  }

  async #call<T>(operation: KvOperation, key: string, signal: AbortSignal | undefined, run: () => T): Promise<T> {
    if (this.#closing.signal.aborted) throw new Problem("unavailable", "the store's client is closed");
    if (signal?.aborted) throw Problem.from(signal.reason);
    const fault = this.#faults.request?.(operation, key);
    if (!fault) return run();
    const pause = (delayMs = 0): Promise<void> =>
      delayMs === 0 ? Promise.resolve() : this.#sleep(delayMs, signal).catch((thrown) => reject(thrown));
    if (fault.kind === "delay") await pause(fault.beforeMs);
    const answer = fault.kind === "lost-request" ? undefined : { value: run() };
    await pause(fault.afterMs);
    if (fault.kind === "delay" && answer) return answer.value;
    throw new Problem("unavailable", `the connection to the store broke during ${operation}`);
  }

  /** Rejects as soon as the caller's signal aborts or this client is closed. */
  #sleep(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, rejectWith) => {
      const end = (): void => {
        timer.cancel();
        this.#sleeping.delete(end);
        signal?.removeEventListener("abort", end);
        const stopped = [signal, this.#closing.signal].find((stop) => stop?.aborted);
        if (stopped) rejectWith(stopped.reason);
        else resolve();
      };
      const timer = this.#clock.after(delayMs, end);
      this.#sleeping.add(end);
      signal?.addEventListener("abort", end, { once: true });
      if (signal?.aborted || this.#closing.signal.aborted) end();
    });
  }

  #nextChange(stopped: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        stopListening();
        stopped.removeEventListener("abort", done);
        resolve();
      };
      const stopListening = this.etcd.onChange(done);
      stopped.addEventListener("abort", done, { once: true });
    });
  }
}

function reject(thrown: unknown): never {
  throw Problem.from(thrown);
}
