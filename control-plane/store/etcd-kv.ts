/** `Kv` on etcd, by etcd3's raw clients. Retries nothing that could take effect twice; see `etcd-endpoints.ts`. */
import type { Etcd3 } from "etcd3";
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { EtcdEndpoints, type EtcdEndpointsOptions, type EtcdTls } from "./etcd-endpoints.ts";
import { isAnswerTooLarge, isStoreFull } from "./etcd-errors.ts";
import { EtcdKeyRange } from "./etcd-key-range.ts";
import { EtcdLeaseStream } from "./etcd-lease-stream.ts";
import { transactionRequest, transactionResult } from "./etcd-transaction.ts";
import { etcdWatch } from "./etcd-watch.ts";
import type { Fence, KeyValue, Kv, LeaseId, ListOptions, ListResult, TransactResult, WatchBatch, Write } from "./kv.ts";
import { checkWrites } from "./write-limits.ts";

export interface EtcdKvOptions extends Omit<EtcdEndpointsOptions, "clock"> {
  /** Begins and ends with `/`, as `/orch/local/`. */
  readonly prefix: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Called when etcd refused a write because it is full. */
  readonly onFull?: () => void;
}

const pageSize = 500;

export class EtcdKv implements Kv {
  readonly #options: EtcdKvOptions;
  readonly #endpoints: EtcdEndpoints;
  readonly #keys: EtcdKeyRange;
  readonly #leases: EtcdLeaseStream;
  readonly #closing = new AbortController();

  constructor(options: EtcdKvOptions) {
    this.#options = options;
    this.#endpoints = new EtcdEndpoints(options);
    this.#keys = new EtcdKeyRange(options.prefix);
    this.#leases = new EtcdLeaseStream(this.#endpoints, options.clock);
  }

  async get(key: string, signal?: AbortSignal): ReturnType<Kv["get"]> {
    const request = { key: this.#keys.key(key) };
    const answer = await this.#endpoints.read("a read", ({ kv }) => kv.range(request), signal);
    const [item] = answer.kvs;
    return { item: item && this.#keys.item(item), revision: Number(answer.header.revision) };
  }

  /** Without a limit it asks page by page at one revision. */
  async list(options: ListOptions, signal?: AbortSignal): Promise<ListResult> {
    const { limit } = options;
    if (limit !== undefined) return this.#listPage(options, limit, signal);
    const first = await this.#listPage(options, pageSize, signal);
    const items: KeyValue[] = [...first.items];
    for (let page = first; page.more; items.push(...page.items)) {
      const after = page.items.at(-1)?.key;
      if (after === undefined) break;
      page = await this.#listPage({ ...options, after, revision: first.revision }, pageSize, signal);
    }
    return { items, revision: first.revision, more: false, count: items.length };
  }

  async transact(writes: readonly Write[], fence?: Fence, signal?: AbortSignal): Promise<TransactResult> {
    checkWrites(writes);
    const request = transactionRequest(this.#keys, writes, fence);
    const answer = await this.#write("a transaction", ({ kv }) => kv.txn(request), signal);
    return transactionResult(this.#keys, writes, answer);
  }

  async *watch(prefix: string, afterRevision: number, signal: AbortSignal): AsyncIterable<WatchBatch> {
    const stopped = AbortSignal.any([signal, this.#closing.signal]);
    const options = { ...this.#options, endpoints: this.#endpoints, keys: this.#keys };
    yield* etcdWatch(options, prefix, afterRevision, stopped);
    if (!signal.aborted) throw new Problem("unavailable", "the store's client is closed");
  }

  async grantLease(ttlMs: number, signal?: AbortSignal): Promise<LeaseId> {
    const request = { TTL: Math.ceil(ttlMs / 1000), ID: 0 };
    const answer = await this.#write("a lease", ({ leaseClient }) => leaseClient.leaseGrant(request), signal);
    return answer.ID;
  }

  keepLeaseAlive(lease: LeaseId, signal?: AbortSignal): Promise<void> {
    return this.#leases.renew(lease, signal);
  }

  async revokeLease(lease: LeaseId, signal?: AbortSignal): Promise<void> {
    await this.#endpoints.call(
      "the end of a lease",
      ({ leaseClient }) => leaseClient.leaseRevoke({ ID: lease }),
      signal,
    );
  }

  async compact(revision: number, signal?: AbortSignal): Promise<void> {
    await this.#endpoints.call("a compaction", ({ kv }) => kv.compact({ revision }), signal);
  }

  /** See `EtcdEndpoints.replaceTls`. */
  replaceTls(tls: EtcdTls): void {
    this.#endpoints.replaceTls(tls);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#leases.close();
    this.#endpoints.close();
  }

  async #write<T>(action: string, run: (member: Etcd3) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    try {
      return await this.#endpoints.call(action, run, signal);
    } catch (thrown) {
      if (thrown instanceof Problem && isStoreFull(thrown)) this.#options.onFull?.();
      throw thrown;
    }
  }

  /** Large objects may make a page larger than a message: halve it until it fits. */
  async #listPage(options: ListOptions, limit: number, signal: AbortSignal | undefined): Promise<ListResult> {
    const { prefix, after, revision, keysOnly = false } = options;
    const key = after === undefined || after < prefix ? this.#keys.key(prefix) : this.#keys.after(after);
    const request = {
      key,
      range_end: this.#keys.end(prefix),
      limit,
      keys_only: keysOnly,
      ...(revision === undefined ? {} : { revision }),
    };
    try {
      const answer = await this.#endpoints.read("a list", ({ kv }) => kv.range(request), signal);
      return {
        items: answer.kvs.map((item) => this.#keys.item(item)),
        revision: revision ?? Number(answer.header.revision),
        more: answer.more,
        count: Number(answer.count),
      };
    } catch (thrown) {
      if (limit === 1 || !(thrown instanceof Problem) || !isAnswerTooLarge(thrown.cause)) throw thrown;
      return this.#listPage(options, Math.ceil(limit / 2), signal);
    }
  }
}
