import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { seededRandom } from "#proto/kit/random.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { BatchingObjectStore } from "./batching-object-store.ts";
import { type ResourceKey, resourceKey } from "./keyspace.ts";
import type { KvFaults } from "./kv-faults.ts";
import { MemoryKv } from "./memory-kv.ts";
import { createObjectCodec } from "./object-codec.ts";
import type { ObjectWriteResult } from "./object-store.ts";
import { createSealer } from "./sealer.ts";
import { createSecretSealing } from "./secret-sealing.ts";

const keyOf = (name: string, plural = "configmaps"): ResourceKey => ({ group: "", plural, namespace: "default", name });
const configMap = (name: string, value = "1"): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "default", uid: `uid-${name}` },
  data: { value },
});
const written = (result: ObjectWriteResult): KubeObject => {
  assert.ok(result.ok, JSON.stringify(result));
  return result.object;
};
const versionOf = (object: KubeObject): string => object.metadata.resourceVersion ?? "";

function setUp(faults: KvFaults = {}, options: { readonly maxInFlight?: number; readonly maxQueued?: number } = {}) {
  const clock = new ManualClock();
  const transactions: number[] = [];
  const request: KvFaults["request"] = (operation, key) => faults.request?.(operation, key);
  const kv = new MemoryKv({ clock, faults: { request } });
  const transact = kv.transact.bind(kv);
  kv.transact = (writes, fence, signal) => {
    transactions.push(writes.length);
    return transact(writes, fence, signal);
  };
  const sealer = createSealer([{ id: "k1", secret: new Uint8Array(32) }], seededRandom(1));
  const codec = createObjectCodec(createSecretSealing(sealer));
  const store = new BatchingObjectStore({ kv, codec, ...options });
  const create = (name: string) => store.write({ kind: "create", key: keyOf(name), object: configMap(name) });
  return { clock, kv, store, create, transactions };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("batching-object-store", () => {
  it("creates once: the second create finds the first", async () => {
    const { create } = setUp();
    const first = written(await create("a"));
    const second = await create("a");
    assert.equal(second.ok, false);
    assert.equal(!second.ok && second.reason, "exists");
    assert.deepEqual(!second.ok && second.current, first);
  });

  it("updates and deletes only from the version that was read", async () => {
    const { store, create } = setUp();
    const first = written(await create("a"));
    const update = (value: string, guard: string) =>
      store.write({ kind: "update", key: keyOf("a"), object: configMap("a", value), guard });
    const second = written(await update("2", versionOf(first)));
    const stale = await update("3", versionOf(first));
    assert.deepEqual(!stale.ok && [stale.reason, stale.current], ["conflict", second]);
    const staleDelete = await store.write({ kind: "delete", key: keyOf("a"), guard: versionOf(first) });
    assert.equal(!staleDelete.ok && staleDelete.reason, "conflict");
    const gone = written(await store.write({ kind: "delete", key: keyOf("a"), guard: versionOf(second) }));
    assert.deepEqual(gone.data, { value: "2" });
    assert.ok(Number(versionOf(gone)) > Number(versionOf(second)));
    const missing = await update("4", versionOf(second));
    assert.equal(!missing.ok && missing.reason, "missing");
    assert.equal(await store.get(keyOf("a")), undefined);
  });

  it("reads back exactly what it answered", async () => {
    const { store, create } = setUp();
    const object = written(await create("a"));
    assert.deepEqual(await store.get(keyOf("a")), object);
  });

  it("gathers the writes of one turn into one transaction with different resourceVersions", async () => {
    const { create, transactions } = setUp();
    const results = await Promise.all(Array.from({ length: 30 }, (_, i) => create(`c${i}`)));
    assert.deepEqual(transactions, [30]);
    const versions = results.map((result) => Number(versionOf(written(result))));
    assert.equal(new Set(versions).size, 30);
    assert.equal(new Set(versions.map((version) => Math.floor(version / 128))).size, 1);
  });

  it("puts at most 100 writes and each key once in a transaction, and keeps writes of a key in order", async () => {
    const { store, create, transactions } = setUp();
    const many = Array.from({ length: 250 }, (_, i) => create(`c${i}`));
    const again = create("c0");
    await Promise.all(many);
    assert.equal((await again).ok, false);
    assert.equal(Math.max(...transactions), 100);
    assert.equal(
      transactions.reduce((sum, size) => sum + size),
      251,
    );
    assert.ok(await store.get(keyOf("c249")));
  });

  it("gathers while transactions are under way, and sends beside them only what is worth it", async () => {
    const { clock, create, transactions } = setUp({ request: () => ({ kind: "delay", beforeMs: 10 }) });
    const first = create("first");
    await turn();
    const others: Promise<ObjectWriteResult>[] = [];
    for (let i = 0; i < 20; i++) {
      others.push(create(`c${i}`));
      await turn();
    }
    assert.deepEqual(transactions, [1, 3, 3, 3]);
    clock.advance(10);
    await first;
    await turn();
    assert.deepEqual(transactions, [1, 3, 3, 3, 11]);
    clock.advance(10);
    await Promise.all(others);
  });

  it("has several full transactions under way, never one key in two of them", async () => {
    const { clock, create, transactions } = setUp(
      { request: () => ({ kind: "delay", beforeMs: 10 }) },
      { maxInFlight: 2 },
    );
    const writes = Array.from({ length: 350 }, (_, i) => create(`c${i}`));
    const again = create("c0");
    await turn();
    assert.deepEqual(transactions, [100, 100]);
    clock.advance(10);
    await turn();
    clock.advance(10);
    await turn();
    clock.advance(10);
    await Promise.all([...writes, again]);
  });

  it("answers `fenced` when a condition does not hold, `conflict` when the guard does not either", async () => {
    const { kv, store, create } = setUp();
    const guard = versionOf(written(await create("a")));
    const { revision } = await kv.transact([{ kind: "put", key: "session", value: Buffer.from("1") }]);
    const say = (value: string, on: string, modRevision: number) =>
      store.write(
        { kind: "update", key: keyOf("a"), object: configMap("a", value), guard: on },
        { onlyWhile: { key: "session", modRevision } },
      );
    const said = versionOf(written(await say("2", guard, revision)));
    assert.deepEqual(await say("3", said, revision - 1), { ok: false, reason: "fenced", current: undefined });
    assert.equal((await say("3", guard, revision - 1)).ok, false);
    const create2 = { kind: "create", key: keyOf("b"), object: configMap("b") } as const;
    const late = await store.write(create2, { onlyWhile: { key: "session", modRevision: 1 } });
    assert.deepEqual(late, { ok: false, reason: "fenced", current: undefined });
    assert.equal(((await store.get(keyOf("a"))) as { data?: { value?: string } } | undefined)?.data?.value, "2");
    assert.equal(await store.get(keyOf("b")), undefined);
  });

  it("puts no more conditions into a transaction than etcd compares at once", async () => {
    const { store, transactions } = setUp();
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        store.write(
          { kind: "create", key: keyOf(String(i)), object: configMap(String(i)) },
          { onlyWhile: { key: `session/${i}`, modRevision: 0 } },
        ),
      ),
    );
    assert.ok(results.every(({ ok }) => ok));
    assert.deepEqual(transactions, [63, 37]);
  });

  it("keeps writes of different fences apart and answers `fenced` when one does not hold", async () => {
    const { kv, store, transactions } = setUp();
    const { revision } = await kv.transact([{ kind: "put", key: "leader", value: new Uint8Array() }]);
    transactions.length = 0;
    const write = (name: string, createRevision?: number) =>
      store.write(
        { kind: "create", key: keyOf(name), object: configMap(name) },
        createRevision === undefined ? {} : { fence: { key: "leader", createRevision } },
      );
    const results = await Promise.all([
      write("a", revision),
      write("b"),
      write("c", revision - 1),
      write("d", revision),
    ]);
    assert.deepEqual(
      results.map((result) => (result.ok ? "ok" : result.reason)),
      ["ok", "ok", "fenced", "ok"],
    );
    assert.deepEqual(transactions, [2, 1, 1]);
    assert.equal(await store.get(keyOf("c")), undefined);
  });

  it("rejects with `unavailable` when the outcome is unknown, and goes on with the next write", async () => {
    let lose = true;
    const { store, create } = setUp({
      request: (operation) => (lose && operation === "transact" ? { kind: "lost-answer" } : undefined),
    });
    await assert.rejects(create("a"), (thrown) => Problem.is(thrown, "unavailable"));
    lose = false;
    assert.ok(await store.get(keyOf("a")), "it had taken effect");
    written(await create("b"));
  });

  it("an aborted write that waits is never sent", async () => {
    const { clock, store, create } = setUp({ request: () => ({ kind: "delay", beforeMs: 10 }) }, { maxInFlight: 1 });
    const first = create("first");
    await turn();
    const stopping = new AbortController();
    const second = store.write(
      { kind: "create", key: keyOf("b"), object: configMap("b") },
      { signal: stopping.signal },
    );
    stopping.abort();
    await assert.rejects(second, (thrown) => Problem.is(thrown, "canceled"));
    clock.advance(10);
    await first;
    const read = store.get(keyOf("b"));
    clock.advance(10);
    assert.equal(await read, undefined);
  });

  it("bounds what waits", async () => {
    const { create } = setUp({}, { maxQueued: 2 });
    const results = await Promise.allSettled([create("a"), create("b"), create("c")]);
    assert.deepEqual(
      results.map((result) => result.status),
      ["fulfilled", "fulfilled", "rejected"],
    );
  });

  it("splits what is too large for one transaction and refuses an object that is", async () => {
    const { store, transactions } = setUp();
    const write = (name: string, bytes: number) =>
      store.write({ kind: "create", key: keyOf(name), object: configMap(name, "x".repeat(bytes)) });
    const results = await Promise.all(["a", "b", "c"].map((name) => write(name, 600_000)));
    results.map(written);
    assert.deepEqual(transactions, [2, 1]);
    await assert.rejects(write("d", 2_000_000), (thrown) => Problem.is(thrown, "too-large"));
  });

  it("deletions of a transaction stand after its puts and get versions of their own", async () => {
    const { store, create } = setUp();
    const [a, b] = (await Promise.all([create("a"), create("b")])).map(written);
    assert.ok(a && b);
    const remove = (object: KubeObject) =>
      store.write({ kind: "delete", key: keyOf(object.metadata.name), guard: versionOf(object) });
    const results = await Promise.all([remove(a), create("c"), remove(b), create("c")]);
    const positions = results.map((result) => (result.ok ? Number(versionOf(result.object)) % 128 : result.reason));
    assert.deepEqual(positions, [1, 0, 2, "exists"]);
  });

  it("stores a Secret's data sealed and answers it open", async () => {
    const { kv, store } = setUp();
    const key = keyOf("s", "secrets");
    const annotations = {
      "kubectl.kubernetes.io/last-applied-configuration": '{"data":{"password":"aHVudGVyMg=="}}',
      a: "b",
    };
    const secret: KubeObject = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s", namespace: "default", annotations },
      type: "Opaque",
      data: { password: "aHVudGVyMg==" },
    };
    const object = written(await store.write({ kind: "create", key, object: secret }));
    assert.deepEqual(await store.get(key), object);
    assert.deepEqual(object.data, secret.data);
    assert.deepEqual(object.metadata.annotations, annotations);
    const { item } = await kv.get(resourceKey(key));
    const raw = Buffer.from(item?.value ?? []).toString();
    assert.doesNotMatch(raw, /aHVudGVyMg|hunter2|password/);
    assert.match(raw, /"keyId":"k1"/);
  });
});
