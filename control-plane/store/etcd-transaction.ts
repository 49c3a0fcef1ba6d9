/** Our guarded writes as one etcd transaction of nested transactions, and etcd's answer as outcomes. Pure. */
import type { ICompare, IRequestOp, IResponseOp, ITxnRequest, ITxnResponse } from "etcd3";
import { Problem } from "#proto/kit/problem.ts";
import type { EtcdKeyRange } from "./etcd-key-range.ts";
import type { Fence, KeyValue, TransactResult, Write, WriteOutcome } from "./kv.ts";

/**
 * The fence around all; each write is a transaction of its own inside: compare, write, or else read what stands there.
 * etcd 3.4 does not count nested writes against its quota. The put that can never happen (its branch is taken when no
 * compare fails, of which there are none) makes it count this transaction; without puts none is needed, so deleting
 * works on a full etcd.
 */
export function transactionRequest(
  keys: EtcdKeyRange,
  writes: readonly Write[],
  fence: Fence | undefined,
): ITxnRequest {
  const fenced: ITxnRequest = {
    compare: fence
      ? [{ key: keys.key(fence.key), target: "Create", result: "Equal", create_revision: fence.createRevision }]
      : [],
    success: writes.map((write) => ({ request_txn: guardedWrite(keys, write) })),
    failure: [],
  };
  const never: IRequestOp[] = writes.some((write) => write.kind === "put")
    ? [{ request_put: { key: keys.key("never-written"), value: Buffer.alloc(0) } }]
    : [];
  return { compare: [], success: [{ request_txn: fenced }], failure: never };
}

function guardedWrite(keys: EtcdKeyRange, write: Write): ITxnRequest {
  const key = keys.key(write.key);
  const guard: ICompare[] =
    write.guard === undefined ? [] : [{ key, target: "Mod", result: "Equal", mod_revision: write.guard }];
  const operation: IRequestOp =
    write.kind === "delete"
      ? { request_delete_range: { key, prev_kv: true } }
      : {
          request_put: {
            key,
            value: asBuffer(write.value),
            ...(write.lease === undefined ? {} : { lease: write.lease }),
          },
        };
  return { compare: guard, success: [operation], failure: [{ request_range: { key } }] };
}

export function transactionResult(keys: EtcdKeyRange, writes: readonly Write[], answer: ITxnResponse): TransactResult {
  const revision = Number(answer.header.revision);
  const fenced = answer.responses[0]?.response_txn;
  if (fenced?.succeeded === false) return { fenceHeld: false, revision, outcomes: [] };
  if (fenced?.responses.length !== writes.length) {
    throw new Problem("internal", `etcd answered ${fenced?.responses.length ?? 0} of ${writes.length} writes`);
  }
  return { fenceHeld: true, revision, outcomes: fenced.responses.map((response) => outcome(keys, response)) };
}

function outcome(keys: EtcdKeyRange, { response_txn: inner }: IResponseOp): WriteOutcome {
  const [response] = inner.responses;
  if (inner.succeeded) return { ok: true, previous: first(keys, response?.response_delete_range?.prev_kvs) };
  return { ok: false, current: first(keys, response?.response_range?.kvs) };
}

function first(keys: EtcdKeyRange, items: Parameters<EtcdKeyRange["item"]>[0][] | undefined): KeyValue | undefined {
  const [item] = items ?? [];
  return item && keys.item(item);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
