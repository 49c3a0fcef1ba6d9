import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { EtcdKeyRange } from "./etcd-key-range.ts";
import { readAsEtcd } from "./etcd-proto.fixture.ts";
import {
  fitsWhole,
  transactionRequest,
  transactionResult,
  wholeTransactionRequest,
  wholeTransactionResult,
} from "./etcd-transaction.ts";
import type { Fence, Write } from "./kv.ts";

const keys = new EtcdKeyRange("/orch/");
const put: Write = { kind: "put", key: "a", value: Buffer.from("1"), guard: 0 };
const remove: Write = { kind: "delete", key: "b", guard: 7 };

/** As etcd reads it: int64 as text, bytes as base64. */
const request = (writes: readonly Write[], fence?: Fence) =>
  readAsEtcd("TxnRequest", transactionRequest(keys, writes, fence));
const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("etcd-transaction", () => {
  it("nests each write below the fence, with its own guard, in order", () => {
    const [a, b] = [base64("/orch/a"), base64("/orch/b")];
    const writes = [
      {
        compare: [{ target: "Mod", key: a, mod_revision: "0" }],
        success: [{ request_put: { key: a, value: base64("1") } }],
        failure: [{ request_range: { key: a } }],
      },
      {
        compare: [{ target: "Mod", key: b, mod_revision: "7" }],
        success: [{ request_delete_range: { key: b, prev_kv: true } }],
        failure: [{ request_range: { key: b } }],
      },
    ];
    assert.deepEqual(request([put, remove], { key: "leader", createRevision: 5 }), {
      success: [
        {
          request_txn: {
            compare: [{ target: "Create", key: base64("/orch/leader"), create_revision: "5" }],
            success: writes.map((request_txn) => ({ request_txn })),
          },
        },
      ],
      failure: [{ request_put: { key: base64("/orch/never-written") } }],
    });
  });

  it("writes all or nothing, when every guard and the fence hold", () => {
    const [a, b] = [base64("/orch/a"), base64("/orch/b")];
    const sent = wholeTransactionRequest(keys, [put, remove], { key: "leader", createRevision: 5 });
    assert.deepEqual(readAsEtcd("TxnRequest", sent), {
      compare: [
        { target: "Create", key: base64("/orch/leader"), create_revision: "5" },
        { target: "Mod", key: a, mod_revision: "0" },
        { target: "Mod", key: b, mod_revision: "7" },
      ],
      success: [{ request_put: { key: a, value: base64("1") } }, { request_delete_range: { key: b, prev_kv: true } }],
    });
  });

  it("compares a condition beside the guard; once, when the writes of all or nothing share it", () => {
    const onlyWhile = { key: "s", modRevision: 4 };
    const [a, b, s] = [base64("/orch/a"), base64("/orch/b"), base64("/orch/s")];
    const guards = [a, b].map((key, i) => ({ target: "Mod", key, mod_revision: i === 0 ? "0" : "7" }));
    const condition = { target: "Mod", key: s, mod_revision: "4" };
    const writes = [put, remove].map((write) => ({ ...write, onlyWhile }));
    const whole = readAsEtcd("TxnRequest", wholeTransactionRequest(keys, writes, undefined)) as { compare: unknown };
    assert.deepEqual(whole.compare, [condition, ...guards]);
    const nested = JSON.stringify(request(writes));
    for (const guard of guards) assert.ok(nested.includes(JSON.stringify([condition, guard])), nested);
  });

  it("all or nothing only holds as many compares as etcd takes", () => {
    const writes = (conditions: number): Write[] =>
      Array.from({ length: 100 }, (_, i) => ({
        ...put,
        ...(i < conditions && { onlyWhile: { key: `s/${i}`, modRevision: 1 } }),
      }));
    const fence = { key: "leader", createRevision: 5 };
    assert.deepEqual(
      [fitsWhole(writes(28), undefined), fitsWhole(writes(28), fence), fitsWhole(writes(27), fence)],
      [true, false, true],
    );
  });

  it("all or nothing was nothing when a guard did not hold", () => {
    const answer = { revision: 9, succeeded: false, items: [], responses: [] };
    assert.equal(wholeTransactionResult(keys, [put, remove], answer), undefined);
  });

  it("counts against the quota when it puts, not when it only deletes", () => {
    assert.ok("failure" in request([put, remove]));
    assert.ok(!("failure" in request([remove])));
  });

  it("a lease is told to the last digit, and a large value arrives whole", () => {
    const value = Buffer.alloc(300_000, "x");
    const sent = transactionRequest(keys, [{ kind: "put", key: "a", value, lease: "7587848943239472601" }], undefined);
    // PutRequest.lease is field 3.
    assert.ok(sent.includes(Buffer.from("18d9cbf2b8968ddda669", "hex")));
    assert.ok(sent.includes(value));
    assert.ok("success" in readAsEtcd("TxnRequest", sent));
  });

  it("refuses an answer that does not fit the question", () => {
    const answer = { revision: 9, succeeded: true, items: [], responses: [] };
    for (const result of [transactionResult, wholeTransactionResult]) {
      assert.throws(
        () => result(keys, [put], answer),
        (thrown) => Problem.is(thrown, "internal"),
      );
    }
  });
});
