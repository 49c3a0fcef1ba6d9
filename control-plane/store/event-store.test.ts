import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { seededRandom } from "#proto/kit/random.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { ReportedEvent } from "./event-aggregation.ts";
import { StoredEventRecorder } from "./event-recorder.ts";
import { type EventChange, EventStore } from "./event-store.ts";
import type { KvFaults } from "./kv-faults.ts";
import { MemoryKv } from "./memory-kv.ts";
import { createObjectCodec } from "./object-codec.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const event = (name: string, namespace = "default"): KubeObject => ({
  apiVersion: "v1",
  kind: "Event",
  metadata: { name, namespace },
  reason: "Tested",
});
const pod: KubeObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", namespace: "shop", uid: "u1", resourceVersion: "1280" },
};
const report = (over: Partial<ReportedEvent> = {}): ReportedEvent => ({
  ...{ regarding: pod, type: "Warning", reason: "BackOff", message: "restarting", source: "orch-node-agent, node-1" },
  ...over,
});

function setUp(faults: KvFaults = {}) {
  const clock = new ManualClock();
  const kv = new MemoryKv({ clock, faults });
  const store = new EventStore({ kv, codec: createObjectCodec(), clock, ttlMs: 3_600_000 });
  const recorder = new StoredEventRecorder({ store, clock, random: seededRandom(1), logger: silentLogger });
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    for (let i = 0; i < 5; i++) await turn();
  };
  const all = async (): Promise<readonly KubeObject[]> => (await store.list({})).items;
  return { clock, kv, store, recorder, pass, all };
}

describe("event-store", () => {
  it("creates once, reads, lists by namespace, pages and removes", async () => {
    const { store } = setUp();
    const a = await store.create(event("a"));
    await assert.rejects(store.create(event("a")), (thrown) => Problem.is(thrown, "already-exists"));
    await store.put([event("b"), event("c", "other")]);
    assert.deepEqual(await store.get("default", "a"), a);
    assert.deepEqual(
      (await store.list({ namespace: "default" })).items.map(({ metadata }) => metadata.name),
      ["a", "b"],
    );
    const first = await store.list({ limit: 2 });
    assert.equal(first.items.length, 2);
    const second = await store.list({ limit: 2, ...(first.next === undefined ? {} : { after: first.next }) });
    assert.deepEqual([second.items.length, second.next], [1, undefined]);
    assert.equal(await store.remove("default", "a", "1"), false);
    assert.equal(await store.remove("default", "a", a.metadata.resourceVersion), true);
    assert.equal(await store.remove("default", "a"), false);
  });

  it("keeps Events for their time and not much longer, on few leases", async () => {
    const { kv, store, pass, all } = setUp();
    let leases = 0;
    const grant = kv.grantLease.bind(kv);
    kv.grantLease = (ttlMs) => {
      leases++;
      return grant(ttlMs);
    };
    for (let minute = 0; minute < 20; minute++) {
      await store.put([event(`e${minute}`)]);
      await pass(60_000);
    }
    assert.equal(leases, 4);
    await pass(39 * 60_000);
    assert.equal((await all()).length, 20);
    await pass(60 * 60_000);
    assert.equal((await all()).length, 0);
  });

  it("takes a new lease when the old one is gone", async () => {
    const { kv, store, all } = setUp();
    await store.put([event("a")]);
    await kv.revokeLease("1");
    await store.put([event("b")]);
    assert.equal((await all()).length, 1);
  });

  it("watches from a position within a transaction, and tells of Events whose time is over", async () => {
    const { kv, store, pass } = setUp();
    await store.put([event("a"), event("b"), event("c", "other")]);
    const [a] = (await store.list({})).items;
    const seen: EventChange[] = [];
    const stopping = new AbortController();
    const reading = (async () => {
      for await (const change of store.watch(a?.metadata.resourceVersion ?? "", stopping.signal)) seen.push(change);
    })();
    await turn();
    await store.put([event("b")]);
    await turn();
    await kv.revokeLease("1");
    await pass(0);
    stopping.abort();
    await reading;
    assert.deepEqual(
      seen.map(({ type, object }) => `${type} ${object.metadata.name}`),
      ["added b", "added c", "modified b", "deleted a", "deleted b", "deleted c"],
    );
  });
});

describe("event-recorder", () => {
  it("writes an Event as Kubernetes has it", async () => {
    const { recorder, pass, all } = setUp();
    recorder.record(report());
    await pass(20);
    const [stored, ...others] = await all();
    assert.equal(others.length, 0);
    assert.match(stored?.metadata.name ?? "", /^web\.[0-9a-f]{16}$/);
    assert.equal(stored?.metadata.namespace, "shop");
    assert.deepEqual(stored?.involvedObject, {
      ...{ apiVersion: "v1", kind: "Pod", name: "web", namespace: "shop", uid: "u1", resourceVersion: "1280" },
    });
    assert.deepEqual(stored?.source, { component: "orch-node-agent", host: "node-1" });
    assert.deepEqual([stored?.count, stored?.type, stored?.reason], [1, "Warning", "BackOff"]);
    assert.equal(stored?.firstTimestamp, "2026-01-01T00:00:00Z");
  });

  it("counts what is said again, in the same Event, with few writes", async () => {
    const { kv, recorder, pass, all } = setUp();
    let writes = 0;
    const transact = kv.transact.bind(kv);
    kv.transact = (...args) => {
      writes++;
      return transact(...args);
    };
    for (let i = 0; i < 100; i++) {
      recorder.record(report());
      await pass(100);
    }
    await pass(5000);
    const [stored, ...others] = await all();
    assert.deepEqual([stored?.count, others.length], [100, 0]);
    assert.equal(stored?.firstTimestamp, "2026-01-01T00:00:00Z");
    assert.equal(stored?.lastTimestamp, "2026-01-01T00:00:09Z");
    assert.ok(writes <= 4, `${writes} writes`);
  });

  it("another object, reason, message or source is another Event; and so is the same after a while", async () => {
    const { recorder, pass, all } = setUp();
    recorder.record(report());
    recorder.record(report({ reason: "Killing" }));
    recorder.record(report({ message: "other" }));
    recorder.record(report({ source: "orch-node-agent, node-2" }));
    recorder.record(report({ regarding: { ...pod, metadata: { ...pod.metadata, uid: "u2" } } }));
    await pass(20);
    assert.equal((await all()).length, 5);
    await pass(600_000);
    recorder.record(report());
    await pass(20);
    assert.equal((await all()).length, 6);
  });

  it("writes later when the store is away, with the count it has by then", async () => {
    let isAway = true;
    const { recorder, pass, all } = setUp({ request: () => (isAway ? { kind: "lost-request" } : undefined) });
    recorder.record(report());
    await pass(20);
    recorder.record(report());
    isAway = false;
    await pass(2000);
    await pass(5000);
    assert.deepEqual(
      (await all()).map(({ count }) => count),
      [2],
    );
  });

  it("drops what is too much instead of growing", async () => {
    const { recorder, pass, all } = setUp();
    for (let i = 0; i < 3000; i++) recorder.record(report({ message: `m${i}` }));
    await pass(20);
    assert.equal((await all()).length, 1000);
  });

  it("writes what waits at the end", async () => {
    const { recorder, all } = setUp();
    recorder.record(report());
    await recorder.flush();
    assert.equal((await all()).length, 1);
  });
});
