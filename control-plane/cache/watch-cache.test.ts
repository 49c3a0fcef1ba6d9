import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ForeignRevisions, notingForeign } from "#control-plane/store/foreign-revisions.ts";
import { MemoryKv } from "#control-plane/store/memory-kv.ts";
import { endOfRevision } from "#control-plane/store/resource-version.ts";
import { Problem } from "#proto/kit/problem.ts";
import { names, pod, setUp, show, take, turn } from "#test/support/cache-bench.ts";
import type { CacheChange } from "./cache.ts";

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

  it("walks the objects of one moment, whatever happens meanwhile", async () => {
    const { cache, create, remove, start } = setUp();
    await create(pod("a"), pod("b"));
    await start();
    const walk = cache.each("pods");
    await remove("b");
    await create(pod("c"));
    await turn();
    assert.deepEqual(names([...walk]), ["default/a", "default/b"]);
    assert.deepEqual(names([...cache.each("pods", "default")]), ["default/a", "default/c"]);
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

  it("lets news wait for what is to be before them, unless somebody waits for the news", async () => {
    const before = Promise.withResolvers<void>();
    const { cache, create, start } = setUp({ beforeNews: () => before.promise });
    await start();
    const next = String(Number(cache.resourceVersion) + 1);
    const awaited = cache.waitFor(next, 1000);
    await create(pod("a"));
    await awaited;
    assert.deepEqual(names(cache.list("pods")), ["default/a"]);
    await create(pod("b"));
    await turn();
    assert.deepEqual(names(cache.list("pods")), ["default/a"]);
    before.resolve();
    await turn();
    assert.deepEqual(names(cache.list("pods")), ["default/a", "default/b"]);
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

describe("watch-cache: revisions of own writes elsewhere", () => {
  it("are passed at once, also when several came, and never beyond what is unknown", async () => {
    const foreign = new ForeignRevisions();
    const { cache, create, etcd, clock, start } = setUp({ foreign, promptProgress: false });
    await start();
    const kv = notingForeign(new MemoryKv({ clock, etcd }), foreign);
    const write = async (key: string): Promise<string> => {
      const { revision } = await kv.transact([{ kind: "put", key, value: new Uint8Array() }]);
      return endOfRevision(revision);
    };
    await create(pod("a"));
    await turn();
    await write("sessions/a");
    const mine = await write("sessions/b");
    await cache.waitFor(mine, 1);
    assert.equal(cache.resourceVersion, mine);
    // Somebody else's write: only the watch, or a nudge, can tell that there was nothing in it.
    etcd.transact([{ kind: "put", key: "sessions/c", value: new Uint8Array() }]);
    const later = await write("sessions/d");
    assert.equal(cache.resourceVersion, mine);
    const reached = cache.waitFor(later, 60_000);
    clock.advance(10);
    await reached;
  });
});
