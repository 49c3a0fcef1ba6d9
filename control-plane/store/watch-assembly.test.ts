import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { EtcdKeyRange } from "./etcd-key-range.ts";
import type { EtcdEvent, WatchAnswer } from "./etcd-messages.ts";
import { WatchAssembly } from "./watch-assembly.ts";

const keys = new EtcdKeyRange("/orch/");
const event = (key: string, modRevision: number, type: EtcdEvent["type"] = "put"): EtcdEvent => {
  const createRevision = type === "put" ? 3 : 0;
  return {
    type,
    item: { key: Buffer.from(`/orch/${key}`), value: Buffer.from("v"), version: 1, createRevision, modRevision },
  };
};
const answer = (over: Partial<WatchAnswer>): WatchAnswer => ({
  ...{ revision: 999, watchId: 0, created: false, canceled: false, compactRevision: 0, cancelReason: "" },
  ...{ fragment: false, events: [] },
  ...over,
});

const fragment = (isMore: boolean, events: EtcdEvent[]): WatchAnswer => answer({ events, fragment: isMore });

describe("watch-assembly", () => {
  it("the creation moves nothing, though its header is ahead", () => {
    const assembly = new WatchAssembly(keys, 10);
    assert.deepEqual(assembly.take(answer({ created: true })), { revision: 10, events: [] });
  });

  it("events advance to their own revision, not to the header's", () => {
    const assembly = new WatchAssembly(keys, 10);
    const batch = assembly.take(answer({ events: [event("a", 11), event("b", 12, "delete")] }));
    assert.equal(batch?.revision, 12);
    assert.deepEqual(
      batch?.events.map(({ type, key, modRevision, createRevision }) => [type, key, modRevision, createRevision]),
      [
        ["put", "a", 11, 3],
        ["delete", "b", 12, 0],
      ],
    );
  });

  it("fragments become one batch", () => {
    const assembly = new WatchAssembly(keys, 10);
    assert.equal(assembly.take(fragment(true, [event("a", 11)])), undefined);
    assert.equal(assembly.take(fragment(true, [event("b", 11)])), undefined);
    const batch = assembly.take(fragment(false, [event("c", 12)]));
    assert.deepEqual([batch?.revision, batch?.events.length], [12, 3]);
  });

  it("progress advances; the answer to a progress request does not", () => {
    const assembly = new WatchAssembly(keys, 10);
    assert.equal(assembly.take(answer({ revision: 20, watchId: -1 })), undefined);
    assert.deepEqual(assembly.take(answer({ revision: 20 })), { revision: 20, events: [] });
    assert.equal(assembly.take(answer({ revision: 20 })), undefined);
  });

  it("what goes back in time breaks the stream", () => {
    const isBack = (thrown: unknown): boolean => Problem.is(thrown, "unavailable") && /went back/.test(thrown.message);
    assert.throws(() => new WatchAssembly(keys, 10).take(answer({ events: [event("a", 10)] })), isBack);
    assert.throws(() => new WatchAssembly(keys, 1).take(answer({ events: [event("a", 9), event("a", 8)] })), isBack);
  });

  it("a cancellation says whether the revision was compacted", () => {
    const canceled = (compactRevision: number) => () =>
      new WatchAssembly(keys, 10).take(answer({ canceled: true, compactRevision }));
    assert.throws(canceled(50), (thrown) => Problem.is(thrown, "expired") && /50/.test(thrown.message));
    assert.throws(canceled(0), (thrown) => Problem.is(thrown, "unavailable"));
  });
});

describe("etcd-key-range", () => {
  it("ends after the last key of a prefix", () => {
    assert.equal(keys.end("p/").toString(), "/orch/p0");
    assert.deepEqual([...new EtcdKeyRange("").end("\u007f")], [0x80]);
    assert.deepEqual(keys.after("a"), Buffer.from("/orch/a\0"));
    assert.equal(keys.strip(keys.key("registry/é")), "registry/é");
  });
});
