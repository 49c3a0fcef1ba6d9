/** `Kv` on etcd. Retries nothing that could take effect twice; see `etcd-endpoints.ts`. */
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { EtcdEndpoints, type EtcdEndpointsOptions, type EtcdTls } from "./etcd-endpoints.ts";
import { isAnswerTooLarge, isStoreFull } from "./etcd-errors.ts";
import { EtcdKeyRange } from "./etcd-key-range.ts";
import type { EtcdMember } from "./etcd-member.ts";
import {
  compactPath,
  compactRequest,
  type RangeAnswer,
  type RangeRequest,
  rangeAnswer,
  rangePath,
  rangeRequest,
  type TransactionAnswer,
  transactionAnswer,
  transactionPath,
} from "./etcd-messages.ts";
import {
  leaseAnswer,
  leaseGrantPath,
  leaseGrantRequest,
  leaseKeepAlivePath,
  leaseRequest,
  leaseRevokePath,
} from "./etcd-service-messages.ts";
import {
  fitsWhole,
  transactionRequest,
  transactionResult,
  wholeTransactionRequest,
  wholeTransactionResult,
} from "./etcd-transaction.ts";
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
  readonly #closing = new AbortController();

  constructor(options: EtcdKvOptions) {
    this.#options = options;
    this.#endpoints = new EtcdEndpoints(options);
    this.#keys = new EtcdKeyRange(options.prefix);
  }

  async get(key: string, signal?: AbortSignal): ReturnType<Kv["get"]> {
    const { items, revision } = await this.#range("a read", { key: this.#keys.key(key) }, signal);
    const [item] = items;
    return { item: item && this.#keys.item(item), revision };
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
    // A single write that is refused must not cost two ways to etcd.
    const isWhole = writes.length > 1 && fitsWhole(writes, fence);
    const whole = isWhole ? await this.#transactWhole(writes, fence, signal) : undefined;
    if (whole) return whole;
    const answer = await this.#transaction(transactionRequest(this.#keys, writes, fence), signal);
    return transactionResult(this.#keys, writes, answer);
  }

  async *watch(prefix: string, afterRevision: number, signal: AbortSignal): AsyncIterable<WatchBatch> {
    const stopped = AbortSignal.any([signal, this.#closing.signal]);
    const options = { ...this.#options, endpoints: this.#endpoints, keys: this.#keys };
    yield* etcdWatch(options, prefix, afterRevision, stopped);
    if (!signal.aborted) throw new Problem("unavailable", "the store's client is closed");
  }

  async grantLease(ttlMs: number, signal?: AbortSignal): Promise<LeaseId> {
    const request = leaseGrantRequest(Math.ceil(ttlMs / 1000));
    const answer = await this.#write("a lease", this.#endpoints.ask(leaseGrantPath, request), signal);
    return leaseAnswer(answer).lease;
  }

  async keepLeaseAlive(lease: LeaseId, signal?: AbortSignal): Promise<void> {
    const ask = this.#endpoints.ask(leaseKeepAlivePath, leaseRequest(lease));
    const { ttlSeconds } = leaseAnswer(await this.#endpoints.call("a lease renewal", ask, signal));
    if (ttlSeconds <= 0) throw new Problem("not-found", `lease ${lease} has expired`);
  }

  async revokeLease(lease: LeaseId, signal?: AbortSignal): Promise<void> {
    const ask = this.#endpoints.ask(leaseRevokePath, leaseRequest(lease));
    await this.#endpoints.call("the end of a lease", ask, signal);
  }

  async compact(revision: number, signal?: AbortSignal): Promise<void> {
    await this.#endpoints.call("a compaction", this.#endpoints.ask(compactPath, compactRequest(revision)), signal);
  }

  /** See `EtcdEndpoints.replaceTls`. */
  replaceTls(tls: EtcdTls): void {
    this.#endpoints.replaceTls(tls);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#endpoints.close();
  }

  async #transactWhole(
    writes: readonly Write[],
    fence: Fence | undefined,
    signal: AbortSignal | undefined,
  ): Promise<TransactResult | undefined> {
    const answer = await this.#transaction(wholeTransactionRequest(this.#keys, writes, fence), signal);
    return wholeTransactionResult(this.#keys, writes, answer);
  }

  async #transaction(request: Buffer, signal: AbortSignal | undefined): Promise<TransactionAnswer> {
    return transactionAnswer(await this.#write("a transaction", this.#endpoints.ask(transactionPath, request), signal));
  }

  async #write<T>(
    action: string,
    run: (member: EtcdMember) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    try {
      return await this.#endpoints.call(action, run, signal);
    } catch (thrown) {
      if (thrown instanceof Problem && isStoreFull(thrown)) this.#options.onFull?.();
      throw thrown;
    }
  }

  async #range(action: string, request: RangeRequest, signal: AbortSignal | undefined): Promise<RangeAnswer> {
    return rangeAnswer(
      await this.#endpoints.read(action, this.#endpoints.ask(rangePath, rangeRequest(request)), signal),
    );
  }

  /** Large objects may make a page larger than a message: halve it until it fits. */
  async #listPage(options: ListOptions, limit: number, signal: AbortSignal | undefined): Promise<ListResult> {
    const { prefix, after, revision, keysOnly = false } = options;
    const key = after === undefined || after < prefix ? this.#keys.key(prefix) : this.#keys.after(after);
    const request = {
      key,
      rangeEnd: this.#keys.end(prefix),
      limit,
      keysOnly,
      ...(revision === undefined ? {} : { revision }),
    };
    try {
      const answer = await this.#range("a list", request, signal);
      const items = answer.items.map((item) => this.#keys.item(item));
      return { items, revision: revision ?? answer.revision, more: answer.more, count: answer.count };
    } catch (thrown) {
      if (limit === 1 || !(thrown instanceof Problem) || !isAnswerTooLarge(thrown.cause)) throw thrown;
      return this.#listPage(options, Math.ceil(limit / 2), signal);
    }
  }
}
