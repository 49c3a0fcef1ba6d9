import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Condition } from "../store/kv.ts";
import type { ObjectStore, ObjectWrite, ObjectWriteResult } from "../store/object-store.ts";
import { PodStatusWriter } from "./pod-status-writer.ts";
import type { Speaker } from "./standing.ts";

const clock = new ManualClock();
const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
};

/** Of a session whose record stands at `record.modRevision`. */
const speaker = (
  epoch = 1,
  record: { modRevision: number | undefined; confirm?: () => void } = { modRevision: epoch },
  signal = new AbortController().signal,
): Speaker => ({
  epoch,
  signal,
  standing: {
    condition: () =>
      record.modRevision === undefined ? undefined : { key: "sessions/n", modRevision: record.modRevision },
    confirm: async () => record.confirm?.(),
  },
});

/** A store whose next answers a test decides; without one it writes. */
function setUp() {
  let pod: KubeObject = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "default", uid: "u", resourceVersion: "1" },
    spec: { nodeName: "n" },
  };
  const answers: (() => ObjectWriteResult | Promise<ObjectWriteResult>)[] = [];
  const writes: ObjectWrite[] = [];
  const conditions: (Condition | undefined)[] = [];
  const store: ObjectStore = {
    get: async () => pod,
    write: async (write, options) => {
      writes.push(write);
      conditions.push(options?.onlyWhile);
      const answer = answers.shift();
      if (answer) return await answer();
      if (write.kind !== "update") return { ok: true, object: pod };
      const resourceVersion = String(Number(pod.metadata.resourceVersion) + 1);
      pod = { ...write.object, metadata: { ...write.object.metadata, resourceVersion } };
      return { ok: true, object: pod };
    },
  };
  const cache = { get: () => pod };
  const writer = new PodStatusWriter({ store, cache, clock, logger: silentLogger });
  const report = (message: string, more = {}, by?: Speaker) => {
    const status = Buffer.from(JSON.stringify({ message }));
    return writer.write("n", { pods: [{ namespace: "default", name: "p", uid: "u", status, ...more }] }, by);
  };
  return {
    answers,
    writes,
    conditions,
    report,
    messageOf: () => (pod.status as { message?: string } | undefined)?.message,
  };
}

test("a conflict is answered by deciding again on what stands there", async () => {
  const { answers, writes, report, messageOf } = setUp();
  answers.push(() => ({ ok: false, reason: "conflict", current: undefined }));
  await report("a");
  assert.equal(writes.length, 2);
  assert.equal(messageOf(), "a");
});

test("a pod that changes for ever ends the try with a problem", async () => {
  const { answers, report } = setUp();
  for (let i = 0; i < 8; i++) answers.push(() => ({ ok: false, reason: "conflict", current: undefined }));
  await assert.rejects(report("a"), (thrown) => Problem.is(thrown, "conflict"));
});

test("while the store is away a report waits, and is written when it is back", async () => {
  const { answers, report, messageOf } = setUp();
  const away = (): never => {
    throw new Problem("unavailable", "etcd is away");
  };
  answers.push(away, away);
  const reporting = report("a");
  await turns();
  clock.advance(1000);
  await turns();
  assert.equal(messageOf(), undefined);
  clock.advance(1000);
  await reporting;
  assert.equal(messageOf(), "a");
});

test("reports that come while one is written are written once, the last of them", async () => {
  const { answers, writes, report, messageOf } = setUp();
  const gate = Promise.withResolvers<ObjectWriteResult>();
  answers.push(() => gate.promise);
  const all = ["a", "b", "c", "d"].map((message) => report(message));
  await turns();
  gate.resolve({ ok: false, reason: "conflict", current: undefined });
  await Promise.all(all);
  assert.equal(messageOf(), "d");
  assert.equal(writes.length, 3);
});

test("a report of a new session that joins one of a session that is over is written all the same", async () => {
  const { answers, report, messageOf } = setUp();
  const slow = Promise.withResolvers<ObjectWriteResult>();
  answers.push(() => slow.promise);
  const over = new AbortController();
  const before = speaker(1, undefined, over.signal);
  const first = report("a", {}, before);
  const second = report("b", {}, before);
  over.abort();
  const third = report("c", {}, speaker(2));
  slow.resolve({ ok: false, reason: "conflict", current: undefined });
  await Promise.all([first, second, third]);
  assert.equal(messageOf(), "c");
});

test("what cannot be a status is dropped and acknowledged", async () => {
  const { writes, report } = setUp();
  await report("a", { status: Buffer.from("{broken") });
  await report("a", { status: Buffer.from('{"phase": 7}') });
  await report("a", { status: Buffer.alloc(300_000, " ") });
  assert.equal(writes.length, 0);
});

test("a newer agent's status is taken without the fields we do not know", async () => {
  const { report, messageOf } = setUp();
  const status = Buffer.from(JSON.stringify({ message: "m", phase: "Running", nextYear: { a: 1 } }));
  await report("", { status });
  assert.equal(messageOf(), "m");
});

const fenced = (): ObjectWriteResult => ({ ok: false, reason: "fenced", current: undefined });

test("a session's word is written only while its record stands, at the revision it has by then", async () => {
  const { answers, conditions, report, messageOf } = setUp();
  const record = { modRevision: 5, confirm: () => void Object.assign(record, { modRevision: 9 }) };
  answers.push(fenced);
  await report("a", {}, speaker(5, record));
  assert.deepEqual(
    conditions.map((one) => one?.modRevision),
    [5, 9],
  );
  assert.equal(messageOf(), "a");
});

test("the word of a session that was taken over is refused, not acknowledged, and never written", async () => {
  const { answers, writes, report, messageOf } = setUp();
  const record: { modRevision: number | undefined; confirm: () => void } = {
    modRevision: 5,
    confirm: () => void Object.assign(record, { modRevision: undefined }),
  };
  answers.push(fenced);
  await assert.rejects(report("a", {}, speaker(5, record)), (thrown) => Problem.is(thrown, "conflict"));
  await assert.rejects(report("b", {}, speaker(5, record)), (thrown) => Problem.is(thrown, "conflict"));
  assert.equal(writes.length, 1);
  assert.equal(messageOf(), undefined);
});

test("a record that is away for a moment is waited for", async () => {
  const { answers, writes, report, messageOf } = setUp();
  answers.push(fenced, fenced);
  const reporting = report("a", {}, speaker());
  for (let i = 0; i < 2; i++) {
    await turns();
    clock.advance(1000);
  }
  await reporting;
  assert.deepEqual([writes.length, messageOf()], [3, "a"]);
});

test("the late word of an earlier session does not take the place of one that waits", async () => {
  const { answers, report, messageOf } = setUp();
  const slow = Promise.withResolvers<ObjectWriteResult>();
  answers.push(() => slow.promise);
  const first = report("a", {}, speaker(1));
  const second = report("b", {}, speaker(2));
  await assert.rejects(report("late", {}, speaker(1)), (thrown) => Problem.is(thrown, "conflict"));
  slow.resolve({ ok: false, reason: "conflict", current: undefined });
  await Promise.all([first, second]);
  assert.equal(messageOf(), "b");
});
