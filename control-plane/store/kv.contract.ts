/** What every `Kv` must do. Run against the twin in memory in unit tests and against etcd in `test/integration/store`. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import type { Kv, WatchBatch, WatchEvent, Write } from "./kv.ts";
import { listPages } from "./list-pages.ts";

export interface KvUnderTest {
  readonly kv: Kv;
  /** Lets `ms` pass: moves a manual clock, or waits. */
  readonly pass: (ms: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

export type KvFactory = () => Promise<KvUnderTest>;

/** Lease times are in whole seconds from the shortest that etcd keeps. */
export interface KvContractOptions {
  readonly shortLeaseMs: number;
}

const put = (key: string, value: string, guard?: number, lease?: string): Write => ({
  kind: "put",
  key,
  value: Buffer.from(value),
  ...(guard === undefined ? {} : { guard }),
  ...(lease === undefined ? {} : { lease }),
});
const remove = (key: string, guard?: number): Write => ({
  kind: "delete",
  key,
  ...(guard === undefined ? {} : { guard }),
});
const text = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString();
const show = (event: WatchEvent): string =>
  event.type === "put" ? `${event.key}=${text(event.value)}` : `${event.key} gone`;

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

type Cases = (behaviour: string, run: (under: KvUnderTest) => Promise<void>) => void;

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

function watches(withKv: Cases): void {
  withKv("a watch replays from a revision, then goes on live, complete and in order", async ({ kv }) => {
    const { revision } = await kv.transact([put("p/before", "x")]);
    await kv.transact([put("p/a", "1"), put("p/b", "1"), put("other", "x")]);
    await kv.transact([put("p/a", "2")]);
    const watch = collect(kv, "p/", revision);
    await watch.until((events) => events.length === 3);
    await kv.transact([remove("p/b"), put("p/c", "1")]);
    await kv.transact([put("other", "y")]);
    await kv.transact([put("p/c", "2", 0), put("p/d", "1", 0)]);
    const events = await watch.until((seen) => seen.length === 6);
    await watch.stop();
    assert.deepEqual(events.map(show), ["p/a=1", "p/b=1", "p/a=2", "p/b gone", "p/c=1", "p/d=1"]);
  });

  withKv("a watch event carries the revisions of its write", async ({ kv }) => {
    const { revision: created } = await kv.transact([put("p/a", "1")]);
    const watch = collect(kv, "p/", created);
    const { revision: changed } = await kv.transact([put("p/a", "2")]);
    const { revision: deleted } = await kv.transact([remove("p/a")]);
    const [change, deletion] = await watch.until((events) => events.length === 2);
    await watch.stop();
    assert.deepEqual([change?.modRevision, change?.createRevision], [changed, created]);
    assert.deepEqual([deletion?.modRevision, deletion?.createRevision], [deleted, 0]);
    assert.equal(deletion?.value.byteLength, 0);
  });

  withKv("a revision is never split and revisions only grow", async ({ kv }) => {
    const { revision } = await kv.get("x");
    const watch = collect(kv, "p/", revision);
    for (let round = 0; round < 20; round++) {
      await kv.transact(Array.from({ length: 40 }, (_, i) => put(`p/${i}`, "x".repeat(500))));
    }
    await watch.until((events) => events.length === 800);
    await watch.stop();
    let last = revision;
    for (const batch of watch.batches.filter((candidate) => candidate.events.length > 0)) {
      const revisions = batch.events.map((event) => event.modRevision);
      assert.equal(batch.revision, revisions.at(-1));
      assert.ok((revisions[0] ?? 0) > last, "a revision was split over two batches or came twice");
      assert.equal(batch.events.length % 40, 0);
      assert.deepEqual(
        revisions,
        [...revisions].sort((a, b) => a - b),
      );
      last = batch.revision;
    }
  });

  withKv("events of one transaction come in the order of its writes", async ({ kv }) => {
    const { revision } = await kv.get("x");
    const watch = collect(kv, "p/", revision);
    await kv.transact(["z", "a", "m", "b"].map((key) => put(`p/${key}`, "1")));
    const events = await watch.until((seen) => seen.length === 4);
    await watch.stop();
    assert.deepEqual(
      events.map((event) => event.key),
      ["p/z", "p/a", "p/m", "p/b"],
    );
  });

  withKv("watching from before the compaction is expired; from just before it is complete", async ({ kv }) => {
    const { revision: first } = await kv.transact([put("p/a", "1")]);
    await kv.transact([put("p/a", "2")]);
    const { revision: third } = await kv.transact([put("p/a", "3")]);
    await kv.compact(third);
    const late = collect(kv, "p/", first);
    await assert.rejects(late.ended, isProblem("expired"));
    const justBefore = collect(kv, "p/", third - 1);
    const events = await justBefore.until((seen) => seen.length === 1);
    await justBefore.stop();
    assert.deepEqual(events.map(show), ["p/a=3"]);
  });

  withKv("two watches do not disturb each other, and stopping ends without an error", async ({ kv }) => {
    const { revision } = await kv.get("x");
    const one = collect(kv, "p/", revision);
    const two = collect(kv, "p/", revision);
    await kv.transact([put("p/a", "1")]);
    await one.until((events) => events.length === 1);
    await one.stop();
    await kv.transact([put("p/a", "2")]);
    await two.until((events) => events.length === 2);
    await two.stop();
    assert.equal(one.batches.flatMap((batch) => batch.events).length, 1);
  });

  withKv("a large backlog arrives complete", async ({ kv }) => {
    const { revision } = await kv.get("x");
    const value = "x".repeat(9000);
    for (let round = 0; round < 12; round++) {
      await kv.transact(Array.from({ length: 100 }, (_, i) => put(`p/${round}/${i}`, value)));
    }
    const watch = collect(kv, "p/", revision);
    const events = await watch.until((seen) => seen.length === 1200);
    await watch.stop();
    assert.equal(new Set(events.map((event) => event.key)).size, 1200);
    assert.ok(events.every((event) => event.value.byteLength === 9000));
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

function collect(kv: Kv, prefix: string, afterRevision: number) {
  const stopping = new AbortController();
  const batches: WatchBatch[] = [];
  let wake = (): void => undefined;
  const ended = (async () => {
    for await (const batch of kv.watch(prefix, afterRevision, stopping.signal)) {
      batches.push(batch);
      wake();
    }
  })();
  ended.catch(() => wake());
  return {
    batches,
    ended,
    async until(isEnough: (events: readonly WatchEvent[]) => boolean): Promise<readonly WatchEvent[]> {
      while (true) {
        const events = batches.flatMap((batch) => batch.events);
        if (isEnough(events)) return events;
        const next = new Promise<void>((resolve) => {
          wake = resolve;
        });
        await Promise.race([next, ended.then(() => assert.fail("the watch ended"))]);
      }
    },
    async stop(): Promise<void> {
      stopping.abort();
      await ended;
    },
  };
}

function isProblem(code: Problem["code"]): (thrown: unknown) => boolean {
  return (thrown) => {
    if (Problem.is(thrown, code)) return true;
    throw thrown;
  };
}
