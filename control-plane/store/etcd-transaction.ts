/**
 * Our guarded writes as one etcd transaction, and etcd's answer as outcomes. There are two forms: all or nothing, which costs etcd least
 * and is what nearly always happens; and one of nested transactions, in which each write stands by itself. Pure.
 */
import { Problem } from "#proto/kit/problem.ts";
import { WireWriter } from "#proto/kit/rpc/wire-writer.ts";
import type { EtcdKeyRange } from "./etcd-key-range.ts";
import type { EtcdItem, OperationAnswer, TransactionAnswer } from "./etcd-messages.ts";
import type { Condition, Fence, KeyValue, TransactResult, Write, WriteOutcome } from "./kv.ts";
import { maxCompares, writeBytes } from "./write-limits.ts";

/** Fields of etcdserverpb.TxnRequest. */
const compareField = 1;
const successField = 2;
const failureField = 3;
/** Members of etcdserverpb.RequestOp. */
const rangeOp = 1;
const putOp = 2;
const deleteOp = 3;
const transactionOp = 4;

const target = { create: { number: 1, field: 5 }, mod: { number: 2, field: 6 } } as const;
const nothing = new Uint8Array();

/** Conditions are compared once, however many writes share them. */
export function fitsWhole(writes: readonly Write[], fence: Fence | undefined): boolean {
  return writes.length + conditionsOf(writes).length + (fence ? 1 : 0) <= maxCompares;
}

function conditionsOf(writes: readonly Write[]): readonly Condition[] {
  const found = new Map<string, Condition>();
  for (const { onlyWhile } of writes) if (onlyWhile) found.set(`${onlyWhile.modRevision} ${onlyWhile.key}`, onlyWhile);
  return [...found.values()];
}

/** All of the writes, when their guards and the fence hold; else nothing. Last things first: see `WireWriter`. */
export function wholeTransactionRequest(
  keys: EtcdKeyRange,
  writes: readonly Write[],
  fence: Fence | undefined,
): Buffer {
  const writer = writerFor(writes);
  for (const write of writes.toReversed()) writer.message(successField, () => writeOperation(writer, keys, write));
  for (const write of writes.toReversed()) writeGuard(writer, keys, write);
  for (const condition of conditionsOf(writes)) writeCondition(writer, keys, condition);
  if (fence) writeCompare(writer, keys.key(fence.key), target.create, fence.createRevision);
  return writer.finishFramed();
}

/** Undefined when something did not hold: nothing was written. */
export function wholeTransactionResult(
  keys: EtcdKeyRange,
  writes: readonly Write[],
  { succeeded, revision, responses }: TransactionAnswer,
): TransactResult | undefined {
  if (!succeeded) return undefined;
  assertAnswered(writes, responses);
  const outcomes = responses.map(({ items }): WriteOutcome => ({ ok: true, previous: first(keys, items) }));
  return { fenceHeld: true, revision, outcomes };
}

/**
 * The fence around all; each write is a transaction of its own inside: compare, write, or else read what stands there.
 * etcd 3.4 does not count nested writes against its quota. The put that can never happen (its branch is taken when no
 * compare fails, of which there are none) makes it count this transaction; without puts none is needed, so deleting
 * works on a full etcd. Last things first: see `WireWriter`.
 */
export function transactionRequest(keys: EtcdKeyRange, writes: readonly Write[], fence: Fence | undefined): Buffer {
  const writer = writerFor(writes);
  if (writes.some((write) => write.kind === "put")) {
    writer.message(failureField, () => writePut(writer, keys.key("never-written"), nothing, undefined));
  }
  writer.message(successField, () =>
    writer.message(transactionOp, () => {
      for (const write of writes.toReversed()) {
        writer.message(successField, () => writer.message(transactionOp, () => writeGuarded(writer, keys, write)));
      }
      if (fence) writeCompare(writer, keys.key(fence.key), target.create, fence.createRevision);
    }),
  );
  return writer.finishFramed();
}

function writerFor(writes: readonly Write[]): WireWriter {
  return new WireWriter(writes.reduce((sum, write) => sum + writeBytes(write), 512));
}

function writeGuarded(writer: WireWriter, keys: EtcdKeyRange, write: Write): void {
  const key = keys.key(write.key);
  writer.message(failureField, () => writer.message(rangeOp, () => writer.bytes(1, key)));
  writer.message(successField, () => writeOperation(writer, keys, write));
  writeGuard(writer, keys, write);
  if (write.onlyWhile) writeCondition(writer, keys, write.onlyWhile);
}

function writeOperation(writer: WireWriter, keys: EtcdKeyRange, write: Write): void {
  const key = keys.key(write.key);
  if (write.kind === "put") writePut(writer, key, write.value, write.lease);
  else
    writer.message(deleteOp, () => {
      writer.flag(3, true); // what it removes is to be told
      writer.bytes(1, key);
    });
}

function writeGuard(writer: WireWriter, keys: EtcdKeyRange, write: Write): void {
  if (write.guard !== undefined) writeCompare(writer, keys.key(write.key), target.mod, write.guard);
}

function writeCondition(writer: WireWriter, keys: EtcdKeyRange, { key, modRevision }: Condition): void {
  writeCompare(writer, keys.key(key), target.mod, modRevision);
}

function writePut(writer: WireWriter, key: Uint8Array, value: Uint8Array, lease: string | undefined): void {
  writer.message(putOp, () => {
    if (lease !== undefined) writer.decimal(3, lease);
    writer.bytes(2, value);
    writer.bytes(1, key);
  });
}

/** Whether the key has this revision of that kind; 0 = it does not exist. */
function writeCompare(
  writer: WireWriter,
  key: Uint8Array,
  { number, field }: { readonly number: number; readonly field: number },
  revision: number,
): void {
  writer.message(compareField, () => {
    writer.number(field, revision);
    writer.bytes(3, key);
    writer.number(2, number);
  });
}

export function transactionResult(
  keys: EtcdKeyRange,
  writes: readonly Write[],
  { revision, responses }: TransactionAnswer,
): TransactResult {
  const [fenced] = responses;
  if (fenced?.succeeded === false) return { fenceHeld: false, revision, outcomes: [] };
  const answers = fenced?.responses ?? [];
  assertAnswered(writes, answers);
  return { fenceHeld: true, revision, outcomes: answers.map((response) => outcome(keys, response)) };
}

function assertAnswered(writes: readonly Write[], answers: readonly OperationAnswer[]): void {
  if (answers.length === writes.length) return;
  throw new Problem("internal", `etcd answered ${answers.length} of ${writes.length} writes`);
}

function outcome(keys: EtcdKeyRange, { succeeded, responses: [response] }: OperationAnswer): WriteOutcome {
  const item = first(keys, response?.items);
  return succeeded ? { ok: true, previous: item } : { ok: false, current: item };
}

function first(keys: EtcdKeyRange, items: readonly EtcdItem[] | undefined): KeyValue | undefined {
  const [item] = items ?? [];
  return item && keys.item(item);
}
