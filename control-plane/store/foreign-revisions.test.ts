import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { ForeignRevisions, notingForeign } from "./foreign-revisions.ts";
import { MemoryKv } from "./memory-kv.ts";

const value = new Uint8Array();

describe("foreign-revisions", () => {
  it("skips an unbroken row of own writes elsewhere, and no more", () => {
    const foreign = new ForeignRevisions();
    for (const revision of [3, 5, 6, 8]) foreign.note(revision);
    assert.equal(foreign.skip(1), 1);
    assert.equal(foreign.skip(4), 6);
    assert.equal(foreign.skip(7), 8);
    assert.equal(foreign.skip(2), 2, "what is behind is forgotten");
  });

  it("notes what made a revision outside registry/, and nothing else", async () => {
    const noted: number[] = [];
    const foreign = new ForeignRevisions();
    const kv = notingForeign(new MemoryKv({ clock: new ManualClock() }), foreign);
    const note = foreign.note.bind(foreign);
    foreign.note = (revision) => {
      noted.push(revision);
      note(revision);
    };
    const { revision } = await kv.transact([{ kind: "put", key: "sessions/a", value }]);
    await kv.transact([{ kind: "put", key: "registry/core/pods/d/a", value }]);
    await kv.transact([
      { kind: "put", key: "registry/core/pods/d/b", value },
      { kind: "put", key: "events/d/b", value },
    ]);
    await kv.transact([{ kind: "put", key: "sessions/a", value, guard: 1 }]);
    await kv.transact([{ kind: "delete", key: "sessions/none" }]);
    await kv.transact([{ kind: "put", key: "x", value }], { key: "leader", createRevision: 9 });
    assert.deepEqual(noted, [revision]);
    const removed = await kv.transact([{ kind: "delete", key: "sessions/a" }]);
    assert.deepEqual(noted, [revision, removed.revision]);
  });

  it("keeps a bounded number", () => {
    const foreign = new ForeignRevisions();
    for (let revision = 1; revision <= 10_000; revision++) foreign.note(revision);
    assert.equal(foreign.skip(0), 0);
    assert.equal(foreign.skip(10_000 - 4096), 10_000);
  });
});
