import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { resourceKey } from "#control-plane/store/keyspace.ts";
import { Problem } from "#proto/kit/problem.ts";
import { keyOf, names, pod, setUp, show, take, turn } from "#test/support/cache-bench.ts";

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
