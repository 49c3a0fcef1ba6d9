import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import {
  compactRequest,
  rangeAnswer,
  rangeRequest,
  transactionAnswer,
  watchAnswer,
  watchRequest,
} from "./etcd-messages.ts";
import { readAsEtcd, writeAsEtcd } from "./etcd-proto.fixture.ts";

const header = { cluster_id: "14841639068965178418", member_id: "10276657743932975437", revision: "9007199254740991" };
const revision = Number.MAX_SAFE_INTEGER;
const kv = {
  key: Buffer.from("/a"),
  value: Buffer.from("v"),
  create_revision: 3,
  mod_revision: 70_000_000_000,
  version: 2,
};
const item = { key: kv.key, value: kv.value, createRevision: 3, modRevision: 70_000_000_000, version: 2 };

describe("etcd-messages", () => {
  it("requests read as etcd reads them", () => {
    const [key, rangeEnd] = [Buffer.from("a"), Buffer.from("b")];
    assert.deepEqual(readAsEtcd("RangeRequest", rangeRequest({ key })), { key: "YQ==" });
    assert.deepEqual(
      readAsEtcd("RangeRequest", rangeRequest({ key, rangeEnd, limit: 500, revision, keysOnly: true })),
      {
        ...{ key: "YQ==", range_end: "Yg==", limit: "500", revision: String(revision), keys_only: true },
      },
    );
    assert.deepEqual(readAsEtcd("CompactionRequest", compactRequest(7)), { revision: "7" });
    assert.deepEqual(readAsEtcd("WatchRequest", watchRequest(key, rangeEnd, 70_000_000_000)), {
      create_request: {
        ...{ key: "YQ==", range_end: "Yg==", start_revision: "70000000000", progress_notify: true, fragment: true },
      },
    });
  });

  it("a range's answer", () => {
    const bytes = writeAsEtcd("RangeResponse", { header, kvs: [kv, { key: kv.key }], more: true, count: 300 });
    const empty = { key: kv.key, value: Buffer.alloc(0), createRevision: 0, modRevision: 0, version: 0 };
    assert.deepEqual(rangeAnswer(bytes), { revision, items: [item, empty], more: true, count: 300 });
  });

  it("a transaction's answer, nested as it was asked", () => {
    const bytes = writeAsEtcd("TxnResponse", {
      header,
      succeeded: true,
      responses: [
        { response_put: { header } },
        { response_txn: { succeeded: false, responses: [{ response_range: { kvs: [kv] } }] } },
        { response_txn: { succeeded: true, responses: [{ response_delete_range: { deleted: 1, prev_kvs: [kv] } }] } },
      ],
    });
    const nothing = { succeeded: true, items: [], responses: [] };
    const found = { succeeded: true, items: [item], responses: [] };
    assert.deepEqual(transactionAnswer(bytes), {
      ...{ revision, succeeded: true, items: [] },
      responses: [
        nothing,
        { revision: 0, succeeded: false, items: [], responses: [found] },
        { revision: 0, succeeded: true, items: [], responses: [found] },
      ],
    });
  });

  it("a watch's answers: events, the end, and the answer to a progress request", () => {
    const events = watchAnswer(
      writeAsEtcd("WatchResponse", { header, events: [{ kv }, { type: "Delete", kv, prev_kv: kv }], fragment: true }),
    );
    assert.deepEqual(events.events, [
      { type: "put", item },
      { type: "delete", item },
    ]);
    assert.deepEqual([events.revision, events.watchId, events.fragment, events.created], [revision, 0, true, false]);
    const end = watchAnswer(
      writeAsEtcd("WatchResponse", { canceled: true, compact_revision: 77, cancel_reason: "compacted" }),
    );
    assert.deepEqual([end.canceled, end.compactRevision, end.cancelReason], [true, 77, "compacted"]);
    assert.equal(watchAnswer(writeAsEtcd("WatchResponse", { header, watch_id: -1 })).watchId, -1);
  });

  it("what is cut short or is no message at all is refused, never read beyond its end", () => {
    const whole = writeAsEtcd("RangeResponse", { header, kvs: [kv], more: true, count: 300 });
    let refused = 0;
    for (let length = 0; length < whole.length; length++) {
      try {
        rangeAnswer(whole.subarray(0, length));
      } catch (thrown) {
        assert.ok(Problem.is(thrown, "internal"), String(thrown));
        refused++;
      }
    }
    assert.ok(refused > 30);
    assert.throws(
      () => watchAnswer(Buffer.alloc(40, 0xff)),
      (thrown) => Problem.is(thrown, "internal"),
    );
  });
});
