/** The part of the `Kv` contract about watches. */
import assert from "node:assert/strict";
import { type Cases, collect, isProblem, put, remove, show } from "./kv-contract-support.ts";

export function watches(withKv: Cases): void {
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
