import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { WatchCache } from "#control-plane/cache/watch-cache.ts";
import { EtcdMaintenance } from "#control-plane/etcd/maintenance.ts";
import { BatchingObjectStore } from "#control-plane/store/batching-object-store.ts";
import { EtcdEndpoints } from "#control-plane/store/etcd-endpoints.ts";
import { EtcdKv } from "#control-plane/store/etcd-kv.ts";
import type { WatchEvent } from "#control-plane/store/kv.ts";
import { createObjectCodec } from "#control-plane/store/object-codec.ts";
import { storeStatus } from "#control-plane/store-connection.ts";
import { systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import { seededRandom, systemRandom } from "#proto/kit/random.ts";
import { EtcdProcess } from "./etcd-process.ts";

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const keyOf = (name: string) => ({ group: "", plural: "configmaps", namespace: "default", name });

describe("etcd under faults", () => {
  let etcd: EtcdProcess | undefined;
  before(async () => {
    etcd = await EtcdProcess.start();
  });
  after(() => etcd?.end());

  it("kill -9 at random moments while writing: nothing acknowledged is lost, nothing done twice", {
    timeout: 90_000,
  }, async () => {
    assert.ok(etcd);
    const random = seededRandom(7);
    const kv = etcd.client("/kill/");
    const codec = createObjectCodec();
    const store = new BatchingObjectStore({ kv, codec });
    const stopping = new AbortController();
    const cache = new WatchCache({ kv, codec, clock: systemClock, random, logger: silentLogger, indexes: [] });
    await cache.start(stopping.signal);
    const told: string[] = [];
    cache.subscribe((change) => told.push(`${change.type} ${change.name}`));

    const acknowledged = new Map<string, string>();
    const unknown = new Set<string>();
    let isWriting = true;
    const writer = async (id: number): Promise<void> => {
      for (let i = 0; isWriting; i++) {
        const name = `w${id}-${i}`;
        const object = {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: { name, namespace: "default" },
          data: { i: "1" },
        };
        try {
          const result = await store.write({ kind: "create", key: keyOf(name), object });
          assert.ok(result.ok, `${name} was there before it was made: ${JSON.stringify(result)}`);
          acknowledged.set(name, result.object.metadata.resourceVersion ?? "");
        } catch (thrown) {
          assert.ok(Problem.is(thrown, "unavailable") || Problem.is(thrown, "timeout"), String(thrown));
          unknown.add(name);
          await pause(20);
        }
      }
    };
    const writers = Array.from({ length: 20 }, (_, id) => writer(id));
    for (let round = 0; round < 4; round++) {
      await pause(200 + random.next() * 600);
      await etcd.kill();
      await etcd.start();
    }
    await pause(300);
    isWriting = false;
    await Promise.all(writers);

    const { items, revision } = await kv.list({ prefix: "registry/" });
    const stored = new Map(items.map((item) => [item.key.split("/").at(-1) ?? "", item.modRevision]));
    for (const [name, version] of acknowledged) {
      assert.equal(stored.get(name), Math.floor(Number(version) / 128), `${name} was acknowledged at ${version}`);
    }
    for (const name of stored.keys()) assert.ok(acknowledged.has(name) || unknown.has(name) || name === "-", name);
    assert.ok(acknowledged.size > 200, `${acknowledged.size} writes`);
    await cache.waitFor(String(revision * 128), 10_000);
    stored.delete("-");
    assert.deepEqual(new Set(cache.list("configmaps").map(({ metadata }) => metadata.name)), new Set(stored.keys()));
    assert.equal(told.length, stored.size, "each was told once");
    assert.equal(new Set(told).size, stored.size);
    stopping.abort();
    await kv.close();
  });

  it("a watch survives restarts without a gap or a repetition", { timeout: 60_000 }, async () => {
    assert.ok(etcd);
    const [watching, writing] = [etcd.client("/gap/"), etcd.client("/gap/")];
    const { revision } = await writing.get("x");
    const seen: WatchEvent[] = [];
    const stopping = new AbortController();
    const reading = (async () => {
      for await (const batch of watching.watch("p/", revision, stopping.signal)) seen.push(...batch.events);
    })();
    const expected: number[] = [];
    for (let i = 0; i < 300; i++) {
      if (i === 100 || i === 200) {
        await etcd.kill();
        await etcd.start();
      }
      const result = await writing.transact([{ kind: "put", key: `p/${i % 7}`, value: Buffer.from(String(i)) }]);
      expected.push(result.revision);
    }
    for (let attempt = 0; seen.length < 300 && attempt < 200; attempt++) await pause(50);
    assert.deepEqual(
      seen.map((event) => event.modRevision),
      expected,
    );
    stopping.abort();
    await reading;
    await Promise.all([watching.close(), writing.close()]);
  });

  it("a compaction while the watch is away ends it as expired", { timeout: 60_000 }, async () => {
    assert.ok(etcd);
    const [watching, writing] = [etcd.client("/compact/"), etcd.client("/compact/")];
    const put = (value: string) => writing.transact([{ kind: "put", key: "p/a", value: Buffer.from(value) }]);
    const { revision } = await writing.get("x");
    const reader = watching.watch("p/", revision, new AbortController().signal)[Symbol.asyncIterator]();
    await put("1");
    for (let isThere = false; !isThere; ) {
      const { value, done } = await reader.next();
      assert.ok(!done);
      isThere = value.events.length > 0;
    }
    // Nobody reads meanwhile, so the watch does not come back before its revision is gone.
    await etcd.kill();
    await etcd.start();
    await put("2");
    await put("3");
    await writing.compact((await writing.get("x")).revision);
    const readOn = async (): Promise<void> => {
      for (let i = 0; i < 3; i++) await reader.next();
    };
    await assert.rejects(readOn(), (thrown) => Problem.is(thrown, "expired"));
    await Promise.all([watching.close(), writing.close()]);
  });

  it("a frozen etcd fails calls in time, and all goes on when it thaws", { timeout: 60_000 }, async () => {
    assert.ok(etcd);
    const kv = etcd.client("/frozen/");
    await kv.transact([{ kind: "put", key: "a", value: Buffer.from("1") }]);
    await etcd.freeze();
    const startedAt = systemClock.monotonicMs();
    try {
      await assert.rejects(kv.get("a"), (thrown) => Problem.is(thrown, "timeout") || Problem.is(thrown, "unavailable"));
    } finally {
      etcd.signal("SIGCONT");
    }
    assert.ok(systemClock.monotonicMs() - startedAt < 8000);
    for (let attempt = 0; ; attempt++) {
      try {
        await kv.get("a");
        break;
      } catch (thrown) {
        if (attempt > 50) throw thrown;
        await pause(100);
      }
    }
    await kv.close();
  });

  it("a read bridges a restart of etcd", { timeout: 60_000 }, async () => {
    assert.ok(etcd);
    const kv = etcd.client("/bridge/");
    await kv.transact([{ kind: "put", key: "a", value: Buffer.from("1") }]);
    await etcd.kill();
    const reading = kv.get("a");
    await etcd.start();
    assert.equal(Buffer.from((await reading).item?.value ?? []).toString(), "1");
    await kv.close();
  });

  it("a list larger than a message comes in smaller pages", { timeout: 60_000 }, async () => {
    assert.ok(etcd);
    const kv = etcd.client("/large/");
    const value = new Uint8Array(1_300_000);
    for (let i = 0; i < 60; i++) await kv.transact([{ kind: "put", key: `p/${String(i).padStart(2, "0")}`, value }]);
    const { items } = await kv.list({ prefix: "p/" });
    assert.equal(items.length, 60);
    await kv.close();
  });

  it("a watch that reads slowly while history is compacted catches up with answers beyond 4 MB, whole and in order", {
    timeout: 60_000,
  }, async () => {
    assert.ok(etcd);
    const [watching, writing] = [etcd.client("/slow/"), etcd.client("/slow/")];
    const { revision } = await writing.get("x");
    const stopping = new AbortController();
    const reader = watching.watch("p/", revision, stopping.signal)[Symbol.asyncIterator]();
    await reader.next();
    const value = new Uint8Array(300_000);
    const expected: number[] = [];
    for (let i = 0; i < 40; i++) {
      expected.push((await writing.transact([{ kind: "put", key: `p/${i % 5}`, value }])).revision);
      // What the reader has not taken yet was sent already: a compaction takes nothing away from it.
      if (i % 10 === 9) await writing.compact(expected.at(-1) ?? 0);
    }
    const seen: number[] = [];
    try {
      while (seen.length < expected.length) {
        const { value: batch, done } = await reader.next();
        assert.ok(!done);
        seen.push(...batch.events.map((event) => event.modRevision));
        await pause(20);
      }
      assert.deepEqual(seen, expected);
    } catch (thrown) {
      // etcd may have had to cut the slow reader off; then it is told so, and what it saw is a beginning without a gap.
      assert.ok(Problem.is(thrown, "expired"), String(thrown));
      assert.deepEqual(seen, expected.slice(0, seen.length));
    }
    stopping.abort();
    await Promise.all([watching.close(), writing.close()]);
  });

  it("12 MB of missed changes come in one catch-up, whole and in order", { timeout: 60_000 }, async () => {
    assert.ok(etcd);
    const [watching, writing] = [etcd.client("/catch-up/"), etcd.client("/catch-up/")];
    const { revision } = await writing.get("x");
    const expected: number[] = [];
    const value = new Uint8Array(1_200_000);
    for (let i = 0; i < 10; i++)
      expected.push((await writing.transact([{ kind: "put", key: `p/${i}`, value }])).revision);
    const stopping = new AbortController();
    const seen: number[] = [];
    for await (const batch of watching.watch("p/", revision, stopping.signal)) {
      seen.push(...batch.events.map((event) => event.modRevision));
      if (seen.length >= expected.length) break;
    }
    assert.deepEqual(seen, expected);
    stopping.abort();
    await Promise.all([watching.close(), writing.close()]);
  });

  it("falls over to the next endpoint when one is gone", { timeout: 60_000 }, async () => {
    assert.ok(etcd);
    const kv = new EtcdKv({
      endpoints: ["http://127.0.0.1:1", etcd.endpoint],
      ...{ prefix: "/over/", clock: systemClock, random: systemRandom, logger: silentLogger },
    });
    assert.equal((await kv.get("a")).item, undefined);
    await kv.transact([{ kind: "put", key: "a", value: Buffer.from("1") }]);
    assert.ok((await kv.get("a")).item);
    await kv.close();
  });

  it("an etcd that is full still reads and deletes, says so, and takes writes again by itself", {
    timeout: 90_000,
  }, async () => {
    const quotaBytes = 16 << 20;
    const small = await EtcdProcess.start(`--quota-backend-bytes=${quotaBytes}`);
    const endpoints = new EtcdEndpoints({ endpoints: [small.endpoint], clock: systemClock });
    const maintenance = new EtcdMaintenance({ endpoints, clock: systemClock, logger: silentLogger, quotaBytes });
    const options = { prefix: "/full/", clock: systemClock, random: systemRandom, logger: silentLogger };
    const kv = new EtcdKv({ endpoints: [small.endpoint], ...options, onFull: () => maintenance.ask() });
    const stopping = new AbortController();
    const put = (key: string, bytes: number) =>
      kv.transact([{ kind: "put", key, value: new Uint8Array(bytes) }], undefined, stopping.signal);
    try {
      // Live data, so that no compaction alone makes room.
      const fill = async (): Promise<void> => {
        for (let i = 0; i < 2000; i++) await put(`p/${i}`, 64 << 10);
      };
      await assert.rejects(fill(), (thrown) => {
        assert.ok(Problem.is(thrown, "unavailable"));
        assert.match(thrown.message, /the store is full: reading and deleting go on/);
        return true;
      });
      const told = await storeStatus("external", [small.endpoint], endpoints);
      assert.deepEqual([told.healthy, told.isFull], [true, true], "the status of the cluster says so");
      const running = maintenance.run(stopping.signal);
      const { items } = await kv.list({ prefix: "p/", keysOnly: true });
      assert.ok(items.length > 50);
      await assert.rejects(kv.grantLease(5000), /the store is full/);
      for (const { key } of items) await kv.transact([{ kind: "delete", key }]);
      const deadlineMs = systemClock.monotonicMs() + 60_000;
      for (let isWritten = false; !isWritten && systemClock.monotonicMs() < deadlineMs; ) {
        isWritten = await put("after", 1).then(
          () => true,
          () => false,
        );
        if (!isWritten) await pause(200);
      }
      assert.ok((await kv.get("after")).item, "it never took writes again");
      assert.equal((await storeStatus("external", [small.endpoint], endpoints)).isFull, undefined);
      stopping.abort();
      await running;
    } finally {
      stopping.abort();
      endpoints.close();
      await kv.close();
      await small.end();
    }
  });
});
