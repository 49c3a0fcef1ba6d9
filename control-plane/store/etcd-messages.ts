/** The messages of etcd's KV and Watch services that we send and read all the time, by the numbers of its rpc.proto. Pure. */
import { WireReader } from "#proto/kit/rpc/wire-reader.ts";
import { WireWriter } from "#proto/kit/rpc/wire-writer.ts";

export const rangePath = "/etcdserverpb.KV/Range";
export const transactionPath = "/etcdserverpb.KV/Txn";
export const compactPath = "/etcdserverpb.KV/Compact";
export const watchPath = "/etcdserverpb.Watch/Watch";

/** mvccpb.KeyValue. Its bytes are windows on the answer they came in. */
export interface EtcdItem {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly createRevision: number;
  readonly modRevision: number;
  readonly version: number;
}

export interface RangeRequest {
  readonly key: Uint8Array;
  readonly rangeEnd?: Uint8Array;
  readonly limit?: number;
  readonly revision?: number;
  readonly keysOnly?: boolean;
}

export interface RangeAnswer {
  readonly revision: number;
  readonly items: readonly EtcdItem[];
  readonly more: boolean;
  readonly count: number;
}

/** What one operation of a transaction answered; of a nested transaction, all its operations' answers. */
export interface OperationAnswer {
  readonly succeeded: boolean;
  /** What a range found, or a deletion removed. */
  readonly items: readonly EtcdItem[];
  readonly responses: readonly OperationAnswer[];
}

export interface TransactionAnswer extends OperationAnswer {
  readonly revision: number;
}

export interface EtcdEvent {
  readonly type: "put" | "delete";
  readonly item: EtcdItem;
}

export interface WatchAnswer {
  readonly revision: number;
  readonly watchId: number;
  readonly created: boolean;
  readonly canceled: boolean;
  readonly compactRevision: number;
  readonly cancelReason: string;
  readonly fragment: boolean;
  readonly events: readonly EtcdEvent[];
}

export function rangeRequest({ key, rangeEnd, limit, revision, keysOnly }: RangeRequest): Buffer {
  const writer = new WireWriter();
  if (keysOnly) writer.flag(8, true);
  if (revision !== undefined) writer.number(4, revision);
  if (limit !== undefined) writer.number(3, limit);
  if (rangeEnd) writer.bytes(2, rangeEnd);
  writer.bytes(1, key);
  return writer.finishFramed();
}

export function rangeAnswer(bytes: Buffer): RangeAnswer {
  const items: EtcdItem[] = [];
  let [revision, more, count] = [0, false, 0];
  const reader = new WireReader(bytes);
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) revision = headerRevision(reader.message());
    else if (field === 2) items.push(item(reader.message()));
    else if (field === 3) more = reader.flag();
    else if (field === 4) count = reader.number();
    else reader.skip();
  }
  return { revision, items, more, count };
}

export function compactRequest(revision: number): Buffer {
  const writer = new WireWriter(32);
  writer.number(1, revision);
  return writer.finishFramed();
}

export function transactionAnswer(bytes: Buffer): TransactionAnswer {
  return transaction(new WireReader(bytes));
}

function transaction(reader: WireReader): TransactionAnswer {
  const responses: OperationAnswer[] = [];
  let [revision, succeeded] = [0, false];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) revision = headerRevision(reader.message());
    else if (field === 2) succeeded = reader.flag();
    else if (field === 3) responses.push(operation(reader.message()));
    else reader.skip();
  }
  return { revision, succeeded, items: [], responses };
}

/** etcdserverpb.ResponseOp: 1 range, 2 put, 3 deletion, 4 transaction. */
function operation(reader: WireReader): OperationAnswer {
  let answer: OperationAnswer = { succeeded: true, items: [], responses: [] };
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) answer = { ...answer, items: itemsAt(2, reader.message()) };
    else if (field === 3) answer = { ...answer, items: itemsAt(3, reader.message()) };
    else if (field === 4) answer = transaction(reader.message());
    else reader.skip();
  }
  return answer;
}

function itemsAt(wanted: number, reader: WireReader): readonly EtcdItem[] {
  const items: EtcdItem[] = [];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === wanted) items.push(item(reader.message()));
    else reader.skip();
  }
  return items;
}

/** Fragments, so that no answer is larger than a message may be; progress, so that a quiet watch is known to be alive. */
export function watchRequest(key: Uint8Array, rangeEnd: Uint8Array, startRevision: number): Buffer {
  const writer = new WireWriter();
  writer.message(1, () => {
    writer.flag(8, true);
    writer.flag(4, true);
    writer.number(3, startRevision);
    writer.bytes(2, rangeEnd);
    writer.bytes(1, key);
  });
  return writer.finishFramed();
}

export function watchAnswer(bytes: Buffer): WatchAnswer {
  const events: EtcdEvent[] = [];
  let [revision, watchId, compactRevision, cancelReason] = [0, 0, 0, ""];
  let [created, canceled, fragment] = [false, false, false];
  const reader = new WireReader(bytes);
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) revision = headerRevision(reader.message());
    else if (field === 2) watchId = reader.number();
    else if (field === 3) created = reader.flag();
    else if (field === 4) canceled = reader.flag();
    else if (field === 5) compactRevision = reader.number();
    else if (field === 6) cancelReason = reader.text();
    else if (field === 7) fragment = reader.flag();
    else if (field === 11) events.push(event(reader.message()));
    else reader.skip();
  }
  return { revision, watchId, created, canceled, compactRevision, cancelReason, fragment, events };
}

function event(reader: WireReader): EtcdEvent {
  let type: EtcdEvent["type"] = "put";
  let found: EtcdItem | undefined;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) type = reader.number() === 1 ? "delete" : "put";
    else if (field === 2) found = item(reader.message());
    else reader.skip();
  }
  return { type, item: found ?? item(new WireReader(nothing)) };
}

const nothing: Buffer = Buffer.alloc(0);

function item(reader: WireReader): EtcdItem {
  let [key, value] = [nothing, nothing];
  let [createRevision, modRevision, version] = [0, 0, 0];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) key = reader.bytes();
    else if (field === 2) createRevision = reader.number();
    else if (field === 3) modRevision = reader.number();
    else if (field === 4) version = reader.number();
    else if (field === 5) value = reader.bytes();
    else reader.skip();
  }
  return { key, value, createRevision, modRevision, version };
}

function headerRevision(reader: WireReader): number {
  let revision = 0;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 3) revision = reader.number();
    else reader.skip();
  }
  return revision;
}
