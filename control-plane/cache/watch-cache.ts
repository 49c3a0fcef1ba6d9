/**
 * `Cache` fed by one list and one watch of `registry/`. A reader never sees half of a transaction: all of a revision is taken
 * in before the first handler hears of it. When the watch cannot go on (compaction) or was found to have lost something, the
 * cache lists again, tells subscribers the difference, and sends API watches back to their own list.
 */
import type { ForeignRevisions } from "#control-plane/store/foreign-revisions.ts";
import { parseResourceKey, progressKey, registryPrefix, resourceKey } from "#control-plane/store/keyspace.ts";
import type { KeyValue, Kv, WatchBatch, WatchEvent } from "#control-plane/store/kv.ts";
import { listPages } from "#control-plane/store/list-pages.ts";
import { type ObjectCodec, storedJson } from "#control-plane/store/object-codec.ts";
import {
  endOfRevision,
  formatResourceVersion,
  nextPosition,
  positionOf,
  revisionOf,
} from "#control-plane/store/resource-version.ts";
import { backoffMs } from "#proto/kit/backoff.ts";
import { childAbort } from "#proto/kit/child-abort.ts";
import { type Clock, sleep } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { TimeSlice } from "#proto/kit/time-slice.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { byRevision } from "./by-revision.ts";
import type { Cache, CacheBookmark, CacheChange, CacheIndex } from "./cache.ts";
import { ChangeHistory, type ChangeHistoryLimits } from "./change-history.ts";
import { findDrift } from "./drift-check.ts";
import { type Entry, entryResourceVersion, packed, unpacked } from "./entry.ts";
import { EntryChange } from "./entry-change.ts";
import { ObjectTables } from "./object-tables.ts";
import { ProgressNudge } from "./progress-nudge.ts";
import { RevisionWaiters } from "./revision-waiters.ts";

export interface WatchCacheOptions {
  readonly kv: Kv;
  readonly codec: ObjectCodec;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly indexes: readonly CacheIndex[];
  readonly maxParsedBytes?: number;
  readonly history?: Partial<ChangeHistoryLimits>;
  /** Revisions that hold nothing for this cache. */
  readonly foreign?: ForeignRevisions;
  /** Awaited before news are taken in that nobody waits for. */
  readonly beforeNews?: () => Promise<void>;
  /** How often the whole key space is compared with the store. */
  readonly driftCheckIntervalMs?: number;
}

const defaultHistory: ChangeHistoryLimits = { maxChanges: 8192, maxBytes: 16 << 20, bookmarkAfterMs: 30_000 };
const relistBackoff = { initialMs: 100, maxMs: 10_000 };
const settleMs = 10_000;

type Handler = (change: CacheChange) => void;

export class WatchCache implements Cache {
  readonly #options: WatchCacheOptions;
  readonly #logger: Logger;
  readonly #tables: ObjectTables;
  readonly #histories = new Map<string, ChangeHistory>();
  readonly #handlers = new Set<Handler>();
  readonly #waiters: RevisionWaiters;
  readonly #nudge: ProgressNudge;
  /** Everything up to here is in. */
  #revision = 0;
  /** Stored values that cannot be read, with their modRevision: reported once, not taken for drift. */
  readonly #unreadable = new Map<string, number>();
  #readAgain = Promise.withResolvers<void>();
  /** Whether what is in is complete up to `#revision`: not while it is listed. */
  #isFollowing = false;
  /** Histories reach back to here at most. */
  #listedRevision = 0;
  readonly #readEntry = (entry: Entry): KubeObject => this.#tables.read(entry);

  constructor(options: WatchCacheOptions) {
    this.#options = options;
    this.#logger = options.logger;
    this.#tables = new ObjectTables(options.codec, options.indexes, options.maxParsedBytes ?? 16 << 20);
    this.#waiters = new RevisionWaiters(options.clock);
    this.#nudge = new ProgressNudge(options.kv, options.clock, () => this.#waiters.awaited);
    options.foreign?.onNote(() => this.#skipForeign());
  }

  get resourceVersion(): string {
    return endOfRevision(this.#revision);
  }

  /** Revisions right after what is in, of which the watch has nothing to tell. */
  #skipForeign(): void {
    if (!this.#isFollowing) return;
    const revision = this.#options.foreign?.skip(this.#revision) ?? this.#revision;
    if (revision > this.#revision) this.#advanceTo(revision);
  }

  get(resource: string, namespace: string, name: string): KubeObject | undefined {
    return this.#read(this.#tables.find(resource, namespace, name));
  }

  list(resource: string, namespace?: string): readonly KubeObject[] {
    return this.#tables.list(resource, namespace).map((entry) => this.#tables.read(entry));
  }

  each(resource: string, namespace?: string): Iterable<KubeObject> {
    return this.#walk(this.#tables.list(resource, namespace));
  }

  *eachJson(resource: string, namespace?: string): Iterable<Uint8Array> {
    for (const entry of this.#tables.list(resource, namespace)) {
      const json = storedJson(unpacked(entry.packed), resourceKey(entry.key), entry.modRevision);
      yield json ?? Buffer.from(JSON.stringify(this.#tables.read(entry)));
    }
  }

  byIndex(resource: string, index: string, value: string): readonly KubeObject[] {
    if (!this.#options.indexes.some((known) => known.resource === resource && known.name === index)) {
      throw new Problem("internal", `${resource} has no index "${index}"`);
    }
    return this.#tables.byIndex(resource, index, value).map((entry) => this.#tables.read(entry));
  }

  byUid(uid: string): KubeObject | undefined {
    return this.#read(this.#tables.byUid(uid));
  }

  count(resource: string): number {
    return this.#tables.count(resource);
  }

  subscribe(handler: Handler, options: { readonly replay?: boolean } = {}): () => void {
    const own: Handler = (change) => handler(change);
    if (options.replay) {
      for (const after of this.#tables.all()) {
        const states = { before: undefined, after, resourceVersion: entryResourceVersion(after) };
        own(new EntryChange((entry) => this.#tables.parsed.glance(entry), "added", states));
      }
    }
    this.#handlers.add(own);
    return () => this.#handlers.delete(own);
  }

  waitFor(resourceVersion: string, timeoutMs: number, signal?: AbortSignal): Promise<void> {
    const revision = revisionOf(resourceVersion);
    if (revision > this.#revision) this.#skipForeign();
    if (revision > this.#revision) this.#nudge.soon();
    return this.#waiters.wait(revision, this.#revision, timeoutMs, signal);
  }

  changesAfter(
    resource: string,
    resourceVersion: string,
    signal: AbortSignal,
  ): AsyncIterable<CacheChange | CacheBookmark> {
    return this.#history(resource).read(resourceVersion, () => this.resourceVersion, signal);
  }

  /** What could not be read before may be readable now: a key was learned. */
  readAgain(): void {
    if (this.#unreadable.size > 0) this.#readAgain.resolve();
  }

  async start(signal: AbortSignal): Promise<void> {
    await this.#relistUntilDone(signal);
    void this.#run(signal);
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    for (let attempt = 0; !signal.aborted; attempt++) {
      const startedAtMs = clock.monotonicMs();
      const following = childAbort(signal);
      try {
        this.#readAgain = Promise.withResolvers();
        await Promise.race([
          this.#follow(following.signal),
          this.#checkForDrift(following.signal),
          this.#readAgain.promise,
        ]);
      } catch (thrown) {
        if (!signal.aborted) this.#logger.info({ error: Problem.from(thrown).message }, "the cache lists again");
      } finally {
        following.abort("the cache lists again");
      }
      if (signal.aborted) return;
      if (clock.monotonicMs() - startedAtMs > relistBackoff.maxMs) attempt = 0;
      try {
        if (attempt > 0) await sleep(clock, backoffMs(relistBackoff, attempt, random), signal);
        await this.#relistUntilDone(signal);
      } catch (thrown) {
        if (!signal.aborted)
          this.#logger.error({ error: Problem.from(thrown).message }, "the cache cannot list the store");
      }
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { kv, beforeNews } = this.#options;
    for await (const batch of kv.watch(registryPrefix, this.#revision, signal)) {
      if (this.#waiters.awaited === 0) await beforeNews?.();
      await this.#takeBatch(batch, signal);
    }
  }

  /** Returns when the cache has drifted from the store. */
  async #checkForDrift(signal: AbortSignal): Promise<void> {
    const { kv, clock, driftCheckIntervalMs = 300_000 } = this.#options;
    while (true) {
      await sleep(clock, driftCheckIntervalMs, signal);
      try {
        const drift = await findDrift(kv, registryPrefix, this.#driftSubject(), { clock, signal });
        if (!drift) continue;
        const { stale, extra, wentBack } = drift;
        const example = stale[0] ?? extra[0];
        const fields = { stale: stale.length, extra: extra.length, wentBack, ...(example && { example }) };
        this.#logger.warn(fields, "the watch lost changes; the cache lists again");
        return;
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        this.#logger.debug({ error: Problem.from(thrown).message }, "comparing the cache with the store failed");
      }
    }
  }

  #driftSubject(): Parameters<typeof findDrift>[2] {
    const cache = this;
    return {
      get revision() {
        return cache.#revision;
      },
      revisionAt: (key) => this.#unreadable.get(key) ?? this.#tables.at(key)?.modRevision ?? 0,
      keys: () => this.#tables.keys(),
      settle: (revision, signal) =>
        this.#waiters.wait(revision, this.#revision, settleMs, signal).catch((thrown: unknown) => {
          if (!Problem.is(thrown, "timeout")) throw thrown;
        }),
    };
  }

  async #takeBatch(batch: WatchBatch, signal: AbortSignal): Promise<void> {
    const slice = new TimeSlice(this.#options.clock);
    for (const events of byRevision(batch.events)) {
      const revision = events[0]?.modRevision ?? 0;
      if (revision <= this.#revision) continue;
      this.#takeRevision(revision, events);
      if (slice.isOver) await slice.pause();
      if (signal.aborted) return;
    }
    if (batch.revision > this.#revision) this.#advanceTo(batch.revision);
  }

  #takeRevision(revision: number, events: readonly WatchEvent[]): void {
    const jump = events.find((event) => this.#isJump(event));
    if (jump) throw new Problem("expired", `the watch lost a change of ${jump.key}`);
    const changes: EntryChange[] = [];
    let position: number | undefined;
    for (const event of events) {
      const change =
        event.type === "put" ? this.#put(event) : this.#remove(event.key, revision, nextPosition(position));
      if (!change) continue;
      position = positionOf(change.resourceVersion);
      changes.push(change);
    }
    for (const change of changes) this.#history(change.resource).append(change);
    this.#advanceTo(revision);
    for (const change of changes) this.#tell(change);
  }

  /** Whether the change before this one was never told. Finds at once what the comparison with the store finds later. */
  #isJump({ type, key, version, createRevision }: WatchEvent): boolean {
    const parsed = key === progressKey || this.#unreadable.has(key) ? undefined : parseResourceKey(key);
    if (!parsed) return false;
    const known = this.#tables.get(parsed);
    if (type === "delete") return known === undefined;
    return known ? createRevision !== known.createRevision || version !== known.version + 1 : version !== 1;
  }

  #advanceTo(revision: number): void {
    this.#revision = revision;
    this.#waiters.reached(revision);
  }

  async #relistUntilDone(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#relist(signal);
      } catch (thrown) {
        if (signal.aborted || Problem.is(thrown, "unsupported")) throw thrown;
        if (attempt === 0) this.#logger.warn({ error: Problem.from(thrown).message }, "listing the store failed");
        await sleep(clock, backoffMs(relistBackoff, attempt, random), signal);
      }
    }
  }

  /** Makes the tables equal to the store and tells subscribers what differed. */
  async #relist(signal: AbortSignal): Promise<void> {
    const slice = new TimeSlice(this.#options.clock);
    const isFirst = this.#listedRevision === 0;
    this.#options.foreign?.forget();
    this.#isFollowing = false;
    const listed = new Set<string>();
    let revision = 0;
    let differences = 0;
    for await (const page of listPages(this.#options.kv, { prefix: registryPrefix }, signal)) {
      revision = page.revision;
      for (const item of page.items) {
        listed.add(item.key);
        if (isSame(this.#tables.at(item.key), item)) continue;
        const change = this.#put(item, isFirst ? "first list" : "list");
        if (change) differences++;
        if (change) this.#tell(change);
        if (slice.isOver) await slice.pause();
      }
    }
    for (const key of this.#tables.keys()) {
      if (slice.isOver) await slice.pause();
      if (listed.has(key)) continue;
      const change = this.#remove(key, revision, 127);
      if (change) differences++;
      if (change) this.#tell(change);
    }
    this.#listedRevision = revision;
    if (differences > 0 || revision < this.#revision)
      for (const history of this.#histories.values()) history.restart(endOfRevision(revision));
    this.#isFollowing = true;
    this.#advanceTo(revision);
    this.#skipForeign();
  }

  /** An object that cannot be read is left out and reported; at the first list a newer format stops the start. */
  #put(item: KeyValue, from: "news" | "list" | "first list" = "news"): EntryChange | undefined {
    if (item.key === progressKey) return undefined;
    const key = parseResourceKey(item.key);
    if (!key) {
      this.#logger.warn({ key: item.key }, "ignoring a key that is not an object's");
      return undefined;
    }
    try {
      const { entry: after, previous: before } = this.#tables.put(key, item, from === "news" ? "news" : "list");
      this.#unreadable.delete(item.key);
      const resourceVersion = entryResourceVersion(after);
      return new EntryChange(this.#readEntry, before ? "modified" : "added", { before, after, resourceVersion });
    } catch (thrown) {
      if (from === "first list" && Problem.is(thrown, "unsupported")) throw thrown;
      const fields = { key: item.key, error: Problem.from(thrown).message };
      if (!this.#unreadable.has(item.key)) this.#logger.error(fields, "ignoring an object that cannot be read");
      this.#unreadable.set(item.key, item.modRevision);
      return undefined;
    }
  }

  #remove(storeKey: string, revision: number, position: number): EntryChange | undefined {
    this.#unreadable.delete(storeKey);
    const key = parseResourceKey(storeKey);
    const before = key && this.#tables.remove(key);
    if (!before) return undefined;
    const resourceVersion = formatResourceVersion(revision, position);
    return new EntryChange(this.#readEntry, "deleted", { before, after: before, resourceVersion });
  }

  #tell(change: EntryChange): void {
    for (const handler of [...this.#handlers]) {
      try {
        handler(change);
      } catch (thrown) {
        this.#logger.error(
          { error: Problem.from(thrown).message, resource: change.resource },
          "a cache handler failed",
        );
      }
    }
  }

  #history(resource: string): ChangeHistory {
    let history = this.#histories.get(resource);
    if (!history) {
      const limits = { ...defaultHistory, ...this.#options.history };
      history = new ChangeHistory(this.#options.clock, limits, endOfRevision(this.#listedRevision));
      this.#histories.set(resource, history);
    }
    return history;
  }

  *#walk(entries: readonly Entry[]): Iterable<KubeObject> {
    for (const entry of entries) yield this.#tables.read(entry);
  }

  #read(entry: Entry | undefined): KubeObject | undefined {
    return entry && this.#tables.read(entry);
  }
}

/** The bytes too: after a restore from a backup another history may have written at the same revision. */
function isSame(known: Entry | undefined, item: KeyValue): boolean {
  return known?.modRevision === item.modRevision && known.packed === packed(item.value);
}
