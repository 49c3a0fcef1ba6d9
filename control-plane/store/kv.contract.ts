/** What every `Kv` must do. Run against the twin in memory in unit tests and against etcd in `test/integration/store`. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Cases, collect, isProblem, type KvUnderTest, put, remove, show, text } from "./kv-contract-support.ts";
import { watches } from "./kv-watch.contract.ts";
import { listPages } from "./list-pages.ts";

export type KvFactory = () => Promise<KvUnderTest>;

/** Lease times are in whole seconds from the shortest that etcd keeps. */
export interface KvContractOptions {
  readonly shortLeaseMs: number;
}

export function kvContract(name: string, create: KvFactory, options: KvContractOptions): void {
  const withKv = (behaviour: string, run: (under: KvUnderTest) => Promise<void>): void => {
    it(behaviour, { timeout: 30_000 }, async () => {
      const under = await create();
      await run(under).finally(() => under.close());
    });
  };
  describe(`${name}: reads and guarded writes`, () => readsAndWrites(withKv));
  describe(`${name}: lists`, () => lists(withKv));
  describe(`${name}: watches`, () => watches(withKv));
  describe(`${name}: leases and fences`, () => leases(withKv, options));
}

function readsAndWrites(withKv: Cases): void {
  withKv("a missing key reads as undefined, with the store's revision", async ({ kv }) => {
    const { item, revision } = await kv.get("nothing");
    assert.equal(item, undefined);
    assert.ok(revision > 0);
  });

  withKv("a put is read back with its revisions", async ({ kv }) => {
    const first = await kv.transact([put("a", "1")]);
    const second = await kv.transact([put("a", "2")]);
    const { item } = await kv.get("a");
    assert.equal(text(item?.value), "2");
    assert.equal(item?.key, "a");
    assert.equal(item?.createRevision, first.revision);
    assert.equal(item?.modRevision, second.revision);
    assert.equal(second.revision, first.revision + 1);
  });

  withKv("binary and empty values survive", async ({ kv }) => {
    const value = Uint8Array.from({ length: 256 }, (_, i) => i);
    await kv.transact([{ kind: "put", key: "bytes", value }, put("empty", "")]);
    assert.deepEqual(new Uint8Array((await kv.get("bytes")).item?.value ?? []), value);
    assert.equal((await kv.get("empty")).item?.value.byteLength, 0);
  });

  withKv("each write of a transaction succeeds or fails by its own guard, all at one revision", async ({ kv }) => {
    const { revision: before } = await kv.transact([put("taken", "x"), put("stale", "x"), put("fresh", "x")]);
    const result = await kv.transact([
      put("taken", "y", 0),
      put("new", "y", 0),
      put("stale", "y", before - 1),
      put("fresh", "y", before),
      remove("missing", before),
    ]);
    assert.deepEqual(
      result.outcomes.map((outcome) => outcome.ok),
      [false, true, false, true, false],
    );
    assert.equal(result.fenceHeld, true);
    const [taken, , , , missing] = result.outcomes;
    assert.ok(taken && !taken.ok && missing && !missing.ok);
    assert.equal(text(taken.current?.value), "x");
    assert.equal(taken.current?.modRevision, before);
    assert.equal(missing.current, undefined);
    assert.equal((await kv.get("new")).item?.modRevision, result.revision);
    assert.equal((await kv.get("fresh")).item?.modRevision, result.revision);
    assert.equal(text((await kv.get("stale")).item?.value), "x");
  });

  withKv("a delete answers what it removed, and a key made again starts a new life", async ({ kv }) => {
    const { revision: first } = await kv.transact([put("a", "1")]);
    const deleted = await kv.transact([remove("a", first)]);
    const [outcome] = deleted.outcomes;
    assert.ok(outcome?.ok);
    assert.equal(text(outcome.previous?.value), "1");
    assert.equal((await kv.get("a")).item, undefined);
    const again = await kv.transact([put("a", "2", 0)]);
    assert.equal((await kv.get("a")).item?.createRevision, again.revision);
  });

  withKv("deleting nothing without a guard is no change", async ({ kv }) => {
    const { revision } = await kv.get("a");
    const result = await kv.transact([remove("a")]);
    assert.deepEqual(result.outcomes, [{ ok: true, previous: undefined }]);
    assert.equal(result.revision, revision);
  });

  withKv("a transaction in which nothing held leaves the revision alone", async ({ kv }) => {
    await kv.transact([put("a", "1")]);
    const { revision } = await kv.get("a");
    const result = await kv.transact([put("a", "2", 0)]);
    assert.equal(result.revision, revision);
    assert.equal((await kv.get("a")).revision, revision);
  });

  withKv("100 guarded writes fit in one transaction; 101, none, or a key twice are refused", async ({ kv }) => {
    const many = Array.from({ length: 100 }, (_, i) => put(`many/${i}`, "x", 0));
    const result = await kv.transact(many);
    assert.ok(result.outcomes.every((outcome) => outcome.ok));
    await assert.rejects(kv.transact([...many, put("more", "x")]), isProblem("bad-request"));
    await assert.rejects(kv.transact([]), isProblem("bad-request"));
    await assert.rejects(kv.transact([put("a", "1"), remove("a")]), isProblem("bad-request"));
  });

  withKv("a value above etcd's limit is refused as too large, and the next write works", async ({ kv }) => {
    await assert.rejects(
      kv.transact([{ kind: "put", key: "big", value: new Uint8Array(2 << 20) }]),
      isProblem("too-large"),
    );
    await kv.transact([put("small", "x")]);
  });

  withKv("of two writers with the same guard exactly one wins", async ({ kv }) => {
    const { revision } = await kv.transact([put("a", "0")]);
    const results = await Promise.all(["1", "2", "3"].map((value) => kv.transact([put("a", value, revision)])));
    assert.equal(results.filter((result) => result.outcomes[0]?.ok).length, 1);
  });

  withKv("an aborted signal rejects as canceled", async ({ kv }) => {
    await assert.rejects(kv.get("a", AbortSignal.abort()), isProblem("canceled"));
    await assert.rejects(kv.transact([put("a", "1")], undefined, AbortSignal.abort()), isProblem("canceled"));
    assert.equal((await kv.get("a")).item, undefined);
  });
}

function lists(withKv: Cases): void {
  withKv("a list holds the prefix and nothing else, sorted by bytes", async ({ kv }) => {
    const keys = ["p/b", "p/a", "p/a/x", "p/a-b", "p/é", "p/Z", "q", "p", "o/z", "p0"];
    await kv.transact(keys.map((key) => put(key, key)));
    const { items, more, count } = await kv.list({ prefix: "p/" });
    assert.deepEqual(
      items.map((item) => item.key),
      ["p/Z", "p/a", "p/a-b", "p/a/x", "p/b", "p/é"],
    );
    assert.deepEqual([more, count], [false, 6]);
    assert.equal(text(items[1]?.value), "p/a");
  });

  withKv("pages continue after a key at the first page's revision", async ({ kv }) => {
    await kv.transact(["a", "b", "c", "d", "e"].map((key) => put(`p/${key}`, "old")));
    const first = await kv.list({ prefix: "p/", limit: 2 });
    assert.deepEqual([first.items.length, first.more, first.count], [2, true, 5]);
    await kv.transact([put("p/c", "new"), remove("p/d"), put("p/bb", "new")]);
    const second = await kv.list({ prefix: "p/", limit: 2, after: "p/b", revision: first.revision });
    assert.deepEqual(
      second.items.map((item) => `${item.key} ${text(item.value)}`),
      ["p/c old", "p/d old"],
    );
    assert.deepEqual([second.more, second.count, second.revision], [true, 3, first.revision]);
  });

  withKv("listPages walks all of it", async ({ kv }) => {
    await kv.transact(Array.from({ length: 25 }, (_, i) => put(`p/${String(i).padStart(2, "0")}`, "x")));
    const keys: string[] = [];
    for await (const page of listPages(kv, { prefix: "p/", pageSize: 10 })) keys.push(...page.items.map((i) => i.key));
    assert.equal(keys.length, 25);
    assert.deepEqual(keys, [...keys].sort());
  });

  withKv("a list of keys carries no values", async ({ kv }) => {
    const { revision } = await kv.transact([put("p/a", "value")]);
    const { items } = await kv.list({ prefix: "p/", keysOnly: true });
    assert.deepEqual(
      items.map((item) => [item.key, item.value.byteLength, item.modRevision]),
      [["p/a", 0, revision]],
    );
  });

  withKv("reading before the compaction is expired, at it works, in the future is a bad request", async ({ kv }) => {
    const { revision: first } = await kv.transact([put("p/a", "1")]);
    const { revision: second } = await kv.transact([put("p/a", "2")]);
    await kv.transact([put("p/a", "3")]);
    await kv.compact(second);
    await assert.rejects(kv.list({ prefix: "p/", revision: first }), isProblem("expired"));
    assert.equal(text((await kv.list({ prefix: "p/", revision: second })).items[0]?.value), "2");
    await assert.rejects(kv.list({ prefix: "p/", revision: second + 1000 }), isProblem("bad-request"));
    await assert.rejects(kv.compact(second), isProblem("expired"));
    await assert.rejects(kv.compact(second + 1000), isProblem("bad-request"));
  });
}

function leases(withKv: Cases, options: KvContractOptions): void {
  const { shortLeaseMs } = options;

  withKv("keys of a lease go when it is revoked, at one revision", async ({ kv }) => {
    const lease = await kv.grantLease(60_000);
    const { revision } = await kv.transact([put("p/a", "1", 0, lease), put("p/b", "1", 0, lease), put("p/c", "1")]);
    const watch = collect(kv, "p/", revision);
    await kv.revokeLease(lease);
    const events = await watch.until((seen) => seen.length === 2);
    await watch.stop();
    assert.deepEqual(events.map(show).sort(), ["p/a gone", "p/b gone"]);
    assert.equal(events[0]?.modRevision, events[1]?.modRevision);
    assert.ok((await kv.get("p/c")).item);
  });

  withKv("a lease that is kept alive lives; one that is not goes", async ({ kv, pass }) => {
    const kept = await kv.grantLease(shortLeaseMs);
    const left = await kv.grantLease(shortLeaseMs);
    const { revision } = await kv.transact([put("p/kept", "1", 0, kept), put("p/left", "1", 0, left)]);
    const watch = collect(kv, "p/", revision);
    for (let passed = 0; passed < 3 * shortLeaseMs; passed += shortLeaseMs / 2) {
      await pass(shortLeaseMs / 2);
      await kv.keepLeaseAlive(kept);
    }
    await watch.until((events) => events.length === 1);
    await watch.stop();
    assert.equal((await kv.get("p/left")).item, undefined);
    assert.ok((await kv.get("p/kept")).item);
  });

  withKv("a key put again without its lease outlives it", async ({ kv }) => {
    const lease = await kv.grantLease(60_000);
    await kv.transact([put("p/a", "1", 0, lease)]);
    await kv.transact([put("p/a", "2")]);
    await kv.revokeLease(lease);
    assert.equal(text((await kv.get("p/a")).item?.value), "2");
  });

  withKv("an unknown lease is not found, and nothing is written with it", async ({ kv }) => {
    const lease = await kv.grantLease(60_000);
    await kv.revokeLease(lease);
    await assert.rejects(kv.keepLeaseAlive(lease), isProblem("not-found"));
    await assert.rejects(kv.revokeLease(lease), isProblem("not-found"));
    await assert.rejects(kv.transact([put("p/a", "1", 0, lease), put("p/b", "1")]), isProblem("not-found"));
    assert.equal((await kv.list({ prefix: "p/" })).count, 0);
  });

  withKv(
    "a write with a condition happens only while the other key keeps its revision; those beside it are free",
    async ({ kv }) => {
      const { revision } = await kv.transact([put("session", "one", 0)]);
      const onlyWhile = { key: "session", modRevision: revision };
      const said = { ...put("p/a", "1", 0), onlyWhile };
      assert.deepEqual(
        (await kv.transact([said, { ...put("p/b", "1", 0), onlyWhile }])).outcomes.map(({ ok }) => ok),
        [true, true],
      );
      const before = (await kv.get("p/a")).item;
      await kv.transact([put("session", "two")]);
      const late = { ...put("p/a", "2", before?.modRevision), onlyWhile };
      const beside = put("p/c", "1", 0);
      const { outcomes, fenceHeld } = await kv.transact([late, beside]);
      assert.deepEqual([fenceHeld, outcomes.map(({ ok }) => ok)], [true, [false, true]]);
      assert.deepEqual((await kv.transact([late])).outcomes, [{ ok: false, current: before }]);
      const gone = { ...remove("p/a"), onlyWhile };
      assert.equal((await kv.transact([gone])).outcomes[0]?.ok, false);
      assert.equal(text((await kv.get("p/a")).item?.value), "1");
    },
  );

  withKv("as many writes as one transaction holds may each have a condition of their own", async ({ kv }) => {
    const names = Array.from({ length: 100 }, (_, i) => String(i));
    const { revision } = await kv.transact(names.map((name) => put(`s/${name}`, "one", 0)));
    const said = names.map((name) => ({
      ...put(`p/${name}`, "1", 0),
      onlyWhile: { key: `s/${name}`, modRevision: revision },
    }));
    const { outcomes } = await kv.transact(said);
    assert.ok(outcomes.length === 100 && outcomes.every(({ ok }) => ok));
  });

  withKv("a fence lets writes through while its key keeps the create revision", async ({ kv }) => {
    const { revision } = await kv.transact([put("leader", "one", 0)]);
    const fence = { key: "leader", createRevision: revision };
    await kv.transact([put("leader", "renewed")]);
    const held = await kv.transact([put("p/a", "1")], fence);
    assert.equal(held.fenceHeld, true);
    await kv.transact([remove("leader")]);
    await kv.transact([put("leader", "two", 0)]);
    const refused = await kv.transact([put("p/a", "2"), put("p/b", "2")], fence);
    assert.deepEqual([refused.fenceHeld, refused.outcomes], [false, []]);
    assert.equal(text((await kv.get("p/a")).item?.value), "1");
    assert.equal((await kv.get("p/b")).item, undefined);
  });
}
