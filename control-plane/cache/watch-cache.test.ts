import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BatchingObjectStore } from "#control-plane/store/batching-object-store.ts";
import type { ResourceKey } from "#control-plane/store/keyspace.ts";
import { resourceKey } from "#control-plane/store/keyspace.ts";
import type { KvFaults } from "#control-plane/store/kv-faults.ts";
import { MemoryEtcd } from "#control-plane/store/memory-etcd.ts";
import { MemoryKv } from "#control-plane/store/memory-kv.ts";
import { createObjectCodec } from "#control-plane/store/object-codec.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { seededRandom } from "#proto/kit/random.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { CacheBookmark, CacheChange, CacheIndex } from "./cache.ts";
import type { WatchCacheOptions } from "./watch-cache.ts";
import { WatchCache } from "./watch-cache.ts";

const byNode: CacheIndex = {
  resource: "pods",
  name: "node",
  values: (pod) => {
    const { spec } = pod;
    const hasNode = typeof spec === "object" && spec !== null && "nodeName" in spec;
    return hasNode && typeof spec.nodeName === "string" ? [spec.nodeName] : [];
  },
};
const keyOf = (name: string, namespace = "default"): ResourceKey => ({ group: "", plural: "pods", namespace, name });
const pod = (name: string, node?: string, namespace = "default"): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace, uid: `uid-${namespace}-${name}` },
  spec: node === undefined ? {} : { nodeName: node },
});
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const show = (change: CacheChange | CacheBookmark): string =>
  change.type === "bookmark" ? "bookmark" : `${change.type} ${change.name}`;

type SetUp = Partial<WatchCacheOptions> & { readonly faults?: KvFaults; readonly promptProgress?: boolean };

function setUp(options: SetUp = {}) {
  const clock = new ManualClock();
  const etcd = new MemoryEtcd(clock);
  const codec = createObjectCodec();
  const { faults = {}, promptProgress = true } = options;
  const kv = new MemoryKv({ clock, etcd, faults, promptProgress });
  const store = new BatchingObjectStore({ kv: new MemoryKv({ clock, etcd }), codec });
  const logged: string[] = [];
  const log = (_: unknown, message: string): void => void logged.push(message);
  const logger: Logger = { ...silentLogger, warn: log, error: log };
  const cache = new WatchCache({ kv, codec, clock, random: seededRandom(1), logger, indexes: [byNode], ...options });
  const stopping = new AbortController();
  const write = async (...writes: Parameters<typeof store.write>[0][]): Promise<KubeObject[]> => {
    const results = await Promise.all(writes.map((each) => store.write(each)));
    return results.map((result) => {
      assert.ok(result.ok, JSON.stringify(result));
      return result.object;
    });
  };
  const create = (...pods: KubeObject[]) =>
    write(
      ...pods.map((object) => ({
        kind: "create" as const,
        key: keyOf(object.metadata.name, object.metadata.namespace),
        object,
      })),
    );
  const update = async (object: KubeObject): Promise<KubeObject[]> => {
    const key = keyOf(object.metadata.name, object.metadata.namespace);
    const guard = (await store.get(key))?.metadata.resourceVersion ?? "0";
    return write({ kind: "update", key, object, guard });
  };
  const remove = async (name: string): Promise<KubeObject[]> => {
    const guard = (await store.get(keyOf(name)))?.metadata.resourceVersion ?? "0";
    return write({ kind: "delete", key: keyOf(name), guard });
  };
  const start = () => cache.start(stopping.signal);
  return { clock, etcd, cache, logged, create, update, remove, write, start, stopping };
}

const names = (objects: readonly KubeObject[]): string[] =>
  objects.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);

describe("watch-cache: reading", () => {
  it("holds what was there before the start and what comes after", async () => {
    const { cache, create, start } = setUp();
    await create(pod("b"), pod("a"));
    await start();
    assert.deepEqual(names(cache.list("pods")), ["default/a", "default/b"]);
    const [c] = await create(pod("c"));
    await cache.waitFor(c?.metadata.resourceVersion ?? "", 1000);
    assert.deepEqual(cache.get("pods", "default", "c"), c);
    assert.equal(cache.count("pods"), 3);
    assert.equal(cache.count("nodes"), 0);
    assert.equal(cache.get("pods", "other", "c"), undefined);
  });

  it("lists by namespace, then name, also where a namespace is a prefix of another", async () => {
    const { cache, create, start } = setUp();
    await create(pod("x", "n", "a-b"), pod("y", "n", "a"), pod("x", "n", "a"), pod("z", "n", "b"));
    await start();
    assert.deepEqual(names(cache.list("pods")), ["a/x", "a/y", "a-b/x", "b/z"]);
    assert.deepEqual(names(cache.list("pods", "a")), ["a/x", "a/y"]);
    assert.deepEqual(cache.list("pods", "none"), []);
  });

  it("finds by index and uid, and follows changes of both", async () => {
    const { cache, create, update, remove, start } = setUp();
    await create(pod("a", "one"), pod("b", "one"), pod("c"));
    await start();
    assert.deepEqual(names(cache.byIndex("pods", "node", "one")), ["default/a", "default/b"]);
    await update(pod("a", "two"));
    await remove("b");
    await turn();
    assert.deepEqual(names(cache.byIndex("pods", "node", "one")), []);
    assert.deepEqual(names(cache.byIndex("pods", "node", "two")), ["default/a"]);
    assert.equal(cache.byUid("uid-default-a")?.metadata.name, "a");
    assert.equal(cache.byUid("uid-default-b"), undefined);
    assert.throws(() => cache.byIndex("pods", "unknown", "x"), /no index/);
  });

  it("hands out deeply frozen objects, parsed again when they fell out of the bound", async () => {
    const { cache, create, start } = setUp({ maxParsedBytes: 300 });
    const made = await create(...Array.from({ length: 20 }, (_, i) => pod(`p${String(i).padStart(2, "0")}`, "one")));
    await start();
    assert.deepEqual(cache.list("pods"), made);
    const [first] = cache.list("pods");
    assert.ok(Object.isFrozen(first) && Object.isFrozen(first?.metadata) && Object.isFrozen(first?.spec));
  });

  it("its resourceVersion covers every object it shows", async () => {
    const { cache, create, start } = setUp();
    await start();
    const made = await create(pod("a"), pod("b"));
    await turn();
    for (const object of made) assert.ok(Number(cache.resourceVersion) >= Number(object.metadata.resourceVersion));
  });

  it("learns that it has reached a revision that was written outside of the registry", async () => {
    const { cache, clock, etcd, logged, start } = setUp({ promptProgress: false, driftCheckIntervalMs: 60_000 });
    await start();
    const { revision } = etcd.transact([{ kind: "put", key: "leader/x", value: new Uint8Array() }]);
    const waiting = cache.waitFor(String(revision * 128), 5000);
    await turn();
    clock.advance(50);
    await waiting;
    clock.advance(60_000);
    for (let i = 0; i < 5; i++) await turn();
    assert.deepEqual(logged, []);
  });

  it("waiting for the future does not bring it about", async () => {
    const { cache, clock, etcd, start } = setUp({ promptProgress: false });
    await start();
    const before = etcd.revision;
    const future = String((before + 10) * 128);
    const refused = assert.rejects(cache.waitFor(future, 30_000), (thrown) => Problem.is(thrown, "timeout"));
    for (let passed = 0; passed < 30_000; passed += 500) {
      clock.advance(500);
      await turn();
    }
    await refused;
    assert.equal(etcd.revision, before + 1);
  });

  it("waitFor times out and can be aborted", async () => {
    const { cache, clock, start } = setUp();
    await start();
    const future = String(Number(cache.resourceVersion) + 1000);
    const waiting = cache.waitFor(future, 500);
    clock.advance(500);
    await assert.rejects(waiting, (thrown) => Problem.is(thrown, "timeout"));
    await assert.rejects(cache.waitFor(future, 500, AbortSignal.abort()), (thrown) => Problem.is(thrown, "canceled"));
  });
});

describe("watch-cache: subscribers", () => {
  it("tells additions, changes with the state before, and deletions with the deletion's version", async () => {
    const { cache, create, update, remove, start } = setUp();
    await start();
    const changes: CacheChange[] = [];
    cache.subscribe((change) => changes.push(change));
    const [added] = await create(pod("a", "one"));
    const [changed] = await update(pod("a", "two"));
    const [removed] = await remove("a");
    await turn();
    assert.deepEqual(changes.map(show), ["added a", "modified a", "deleted a"]);
    assert.deepEqual(
      changes.map((change) => change.object),
      [added, changed, removed],
    );
    assert.deepEqual(
      changes.map((change) => change.previous),
      [undefined, added, changed],
    );
    assert.deepEqual(
      changes.map((change) => change.resourceVersion),
      [added, changed, removed].map((object) => object?.metadata.resourceVersion),
    );
  });

  it("replay and the live changes have no gap", async () => {
    const { cache, create, start } = setUp();
    await create(pod("a"), pod("b"));
    await start();
    await create(pod("c"));
    await turn();
    const seen: string[] = [];
    const stop = cache.subscribe((change) => seen.push(show(change)), { replay: true });
    assert.deepEqual(seen, ["added a", "added b", "added c"]);
    await create(pod("d"));
    await turn();
    stop();
    await create(pod("e"));
    await turn();
    assert.deepEqual(seen, ["added a", "added b", "added c", "added d"]);
  });

  it("a handler sees the whole transaction in the view, never half of it", async () => {
    const { cache, create, start } = setUp();
    await start();
    const counts: number[] = [];
    cache.subscribe(() => counts.push(cache.count("pods")));
    await create(pod("a"), pod("b"), pod("c"));
    await turn();
    assert.deepEqual(counts, [3, 3, 3]);
  });

  it("one failing handler keeps nothing from the others", async () => {
    const { cache, create, logged, start } = setUp();
    await start();
    const seen: string[] = [];
    cache.subscribe(() => assert.fail("broken"));
    cache.subscribe((change) => seen.push(show(change)));
    await create(pod("a"));
    await turn();
    assert.deepEqual(seen, ["added a"]);
    assert.deepEqual(logged, ["a cache handler failed"]);
  });
});

/** Reads `count` items, then stops. */
async function take(
  changes: AsyncIterable<CacheChange | CacheBookmark>,
  count: number,
): Promise<(CacheChange | CacheBookmark)[]> {
  const taken: (CacheChange | CacheBookmark)[] = [];
  for await (const change of changes) {
    taken.push(change);
    if (taken.length === count) break;
  }
  return taken;
}

describe("watch-cache: changes after a resourceVersion", () => {
  const forever = new AbortController().signal;

  it("replays the history strictly after it, position by position, then goes on live", async () => {
    const { cache, create, remove, start } = setUp();
    await start();
    const made = await create(pod("a"), pod("b"), pod("c"));
    await turn();
    const after = made[0]?.metadata.resourceVersion ?? "";
    const reading = take(cache.changesAfter("pods", after, forever), 4);
    await create(pod("d"));
    await remove("a");
    assert.deepEqual((await reading).map(show), ["added b", "added c", "added d", "deleted a"]);
  });

  it("shows one resource only", async () => {
    const { cache, create, write, start } = setUp();
    await start();
    const reading = take(cache.changesAfter("pods", cache.resourceVersion, forever), 1);
    const key = { group: "", plural: "configmaps", namespace: "default", name: "cm" };
    await write({ kind: "create", key, object: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "cm" } } });
    await create(pod("a"));
    assert.deepEqual((await reading).map(show), ["added a"]);
  });

  it("is expired before the first list and beyond the bound of the history", async () => {
    const { cache, create, start } = setUp({ history: { maxChanges: 4 } });
    const [before] = await create(pod("before"));
    await start();
    const old = String(Number(before?.metadata.resourceVersion) - 128);
    await assert.rejects(take(cache.changesAfter("pods", old, forever), 1), (thrown) => Problem.is(thrown, "expired"));
    const [first] = await create(pod("first"));
    for (let i = 0; i < 6; i++) await create(pod(`p${i}`));
    await turn();
    const after = first?.metadata.resourceVersion ?? "";
    await assert.rejects(take(cache.changesAfter("pods", after, forever), 1), (thrown) =>
      Problem.is(thrown, "expired"),
    );
  });

  it("throws away a reader that falls behind the history", async () => {
    const { cache, create, start } = setUp({ history: { maxChanges: 4 } });
    await start();
    const reader = cache.changesAfter("pods", cache.resourceVersion, forever)[Symbol.asyncIterator]();
    await create(pod("a"));
    assert.equal((await reader.next()).done, false);
    for (let i = 0; i < 20; i++) await create(pod(`p${i}`));
    await turn();
    await assert.rejects(reader.next(), (thrown) => Problem.is(thrown, "too-large"));
  });

  it("sends a bookmark when all is quiet, never ahead of what it delivered", async () => {
    const { cache, clock, create, etcd, start } = setUp({ history: { bookmarkAfterMs: 1000 } });
    await start();
    const reader = cache.changesAfter("pods", cache.resourceVersion, forever)[Symbol.asyncIterator]();
    await create(pod("a"));
    await reader.next();
    const quiet = reader.next();
    await turn();
    etcd.transact([{ kind: "put", key: "events/x", value: new Uint8Array() }]);
    await turn();
    clock.advance(1000);
    const { value } = await quiet;
    assert.deepEqual(value, { type: "bookmark", resourceVersion: cache.resourceVersion });
  });

  it("ends quietly when its signal aborts", async () => {
    const { cache, start } = setUp();
    await start();
    const stopping = new AbortController();
    const reading = take(cache.changesAfter("pods", cache.resourceVersion, stopping.signal), 1);
    stopping.abort();
    assert.deepEqual(await reading, []);
  });
});

describe("watch-cache: when the watch cannot be trusted", () => {
  it("lists again after compaction, tells the difference, and sends readers back to a list", async () => {
    let isLate = false;
    const { cache, clock, etcd, create, update, remove, start } = setUp({
      faults: { watch: () => (isLate ? { kind: "delay", delayMs: 1000 } : undefined) },
    });
    await create(pod("kept"), pod("changed"), pod("removed"));
    await start();
    const seen: string[] = [];
    cache.subscribe((change) => seen.push(show(change)));
    const reading = take(cache.changesAfter("pods", cache.resourceVersion, new AbortController().signal), 9);
    isLate = true;
    await create(pod("new"));
    await update(pod("changed", "two"));
    await remove("removed");
    await update(pod("new", "two"));
    etcd.compact(etcd.revision);
    isLate = false;
    const expired = assert.rejects(reading, (thrown) => Problem.is(thrown, "expired"));
    clock.advance(1000);
    for (let i = 0; i < 10; i++) await turn();
    await expired;
    assert.deepEqual(seen.sort(), ["added new", "deleted removed", "modified changed"]);
    await create(pod("after"));
    await turn();
    assert.deepEqual(
      names(cache.list("pods")),
      ["after", "changed", "kept", "new"].map((name) => `default/${name}`),
    );
  });

  it("a batch that comes twice is taken once", async () => {
    const { cache, create, start } = setUp({ faults: { watch: () => ({ kind: "duplicate" }) } });
    await start();
    const seen: string[] = [];
    cache.subscribe((change) => seen.push(show(change)));
    await create(pod("a"));
    await turn();
    await turn();
    assert.deepEqual(seen, ["added a"]);
  });

  it("heals lost additions, changes and deletions at the next comparison, and says so", async () => {
    let isLossy = false;
    const { cache, clock, create, update, remove, logged, start } = setUp({
      faults: { watch: () => (isLossy ? { kind: "lose" } : undefined) },
      driftCheckIntervalMs: 60_000,
    });
    await create(pod("changed", "one"), pod("removed"));
    await start();
    isLossy = true;
    await create(pod("new"));
    await update(pod("changed", "two"));
    await remove("removed");
    await turn();
    isLossy = false;
    assert.deepEqual(names(cache.list("pods")), ["default/changed", "default/removed"]);
    clock.advance(60_000);
    for (let i = 0; i < 10; i++) await turn();
    clock.advance(10_000);
    for (let i = 0; i < 10; i++) await turn();
    assert.deepEqual(names(cache.list("pods")), ["default/changed", "default/new"]);
    assert.equal(cache.byIndex("pods", "node", "two").length, 1);
    assert.deepEqual(logged, ["the watch lost changes; the cache lists again"]);
  });

  it("a cache that is only late has not drifted", async () => {
    let isLate = false;
    const { cache, clock, create, logged, start } = setUp({
      faults: { watch: () => (isLate ? { kind: "delay", delayMs: 65_000 } : undefined) },
      driftCheckIntervalMs: 60_000,
    });
    await start();
    isLate = true;
    await create(pod("a"));
    await turn();
    for (let passed = 0; passed < 70_000; passed += 1000) {
      clock.advance(1000);
      await turn();
    }
    assert.equal(cache.count("pods"), 1);
    assert.deepEqual(logged, []);
  });

  it("an object that cannot be read is reported once and leaves the others alone", async () => {
    const { cache, clock, create, etcd, logged, start } = setUp({ driftCheckIntervalMs: 60_000 });
    etcd.transact([{ kind: "put", key: resourceKey(keyOf("foreign")), value: Buffer.from("{}") }]);
    await create(pod("a"));
    await start();
    assert.deepEqual(names(cache.list("pods")), ["default/a"]);
    clock.advance(60_000);
    for (let i = 0; i < 5; i++) await turn();
    assert.deepEqual(logged, ["ignoring an object that cannot be read"]);
  });

  it("refuses to start on data of a newer control plane, with a sentence", async () => {
    const { etcd, start } = setUp();
    etcd.transact([{ kind: "put", key: resourceKey(keyOf("a")), value: Buffer.from('orch 2 000 x\n{"metadata":{}}') }]);
    await assert.rejects(start(), /the data is newer than this control plane/);
  });

  it("starts as soon as the store answers", async () => {
    let failures = 3;
    const { cache, clock, create, start } = setUp({
      faults: { request: () => (failures-- > 0 ? { kind: "lost-request" } : undefined) },
    });
    await create(pod("a"));
    const starting = start();
    for (let i = 0; i < 20; i++) {
      await turn();
      clock.advance(1000);
    }
    await starting;
    assert.equal(cache.count("pods"), 1);
  });
});
