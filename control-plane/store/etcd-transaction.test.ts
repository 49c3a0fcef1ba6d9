import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ITxnResponse } from "etcd3";
import { Problem } from "#proto/kit/problem.ts";
import { EtcdKeyRange } from "./etcd-key-range.ts";
import { transactionRequest, transactionResult } from "./etcd-transaction.ts";
import type { Write } from "./kv.ts";

const keys = new EtcdKeyRange("/orch/");
const put: Write = { kind: "put", key: "a", value: Buffer.from("1"), guard: 0 };
const remove: Write = { kind: "delete", key: "b", guard: 7 };

describe("etcd-transaction", () => {
  it("nests each write below the fence, with its own guard", () => {
    const request = transactionRequest(keys, [put, remove], { key: "leader", createRevision: 5 });
    const fenced = request.success?.[0]?.request_txn;
    assert.deepEqual(fenced?.compare, [
      { key: Buffer.from("/orch/leader"), target: "Create", result: "Equal", create_revision: 5 },
    ]);
    assert.equal(fenced?.success?.length, 2);
    const [first, second] = fenced?.success ?? [];
    assert.equal(first?.request_txn?.compare?.[0]?.mod_revision, 0);
    assert.ok(first?.request_txn?.success?.[0]?.request_put);
    assert.equal(second?.request_txn?.compare?.[0]?.mod_revision, 7);
    assert.ok(second?.request_txn?.success?.[0]?.request_delete_range?.prev_kv);
    assert.ok(second?.request_txn?.failure?.[0]?.request_range);
  });

  it("counts against the quota when it puts, not when it only deletes; nothing can reach that branch", () => {
    assert.equal(transactionRequest(keys, [put, remove], undefined).failure?.length, 1);
    assert.equal(transactionRequest(keys, [remove], undefined).failure?.length, 0);
    assert.deepEqual(transactionRequest(keys, [put], { key: "leader", createRevision: 5 }).compare, []);
  });

  it("refuses an answer that does not fit the question", () => {
    const header = { cluster_id: "1", member_id: "1", revision: "9", raft_term: "1" };
    const answer: ITxnResponse = { header, succeeded: true, responses: [] };
    assert.throws(
      () => transactionResult(keys, [put], answer),
      (thrown) => Problem.is(thrown, "internal"),
    );
  });
});
