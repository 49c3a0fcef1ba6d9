import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import type { PodStatus } from "#proto/resources/pod.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import type { PodReport } from "../reconciler/ports.ts";
import { PodReports } from "./pod-reports.ts";

type Batch = orch.v1.StatusBatch.$Properties;

const report = (uid: string, phase: NonNullable<PodStatus["phase"]> = "Running", finished = false): PodReport => {
  return { uid, namespace: "default", name: uid, status: { phase }, finished };
};
const uids = (batch: Batch | undefined): readonly string[] => (batch?.pods ?? []).map(({ uid }) => uid ?? "");

function bench(): { clock: ManualClock; reports: PodReports; sent: Batch[]; connect: () => void } {
  const clock = new ManualClock();
  const reports = new PodReports(clock);
  const sent: Batch[] = [];
  return { clock, reports, sent, connect: () => reports.connected((batch) => void sent.push(batch)) };
}

test("changes are gathered, the newest of a pod wins, and what is the same is not sent", () => {
  const { clock, reports, sent, connect } = bench();
  connect();
  reports.publish(report("a", "Pending"));
  reports.publish(report("b"));
  reports.publish(report("a", "Running"));
  clock.advance(20);
  assert.equal(sent.length, 1);
  assert.deepEqual(uids(sent[0]), ["a", "b"]);
  assert.equal(String(Buffer.from(sent[0]?.pods?.[0]?.status ?? [])), '{"phase":"Running"}');
  reports.publish(report("a", "Running"));
  clock.advance(1_000);
  assert.equal(sent.length, 1);
});

test("a lone change leaves almost at once", () => {
  const { clock, reports, sent, connect } = bench();
  connect();
  clock.advance(1_000);
  reports.publish(report("a"));
  clock.advance(2);
  assert.equal(sent.length, 1);
});

test("finished is told even when the status is the same", () => {
  const { clock, reports, sent, connect } = bench();
  connect();
  reports.publish(report("a", "Succeeded"));
  clock.advance(100);
  reports.publish(report("a", "Succeeded", true));
  clock.advance(100);
  assert.equal(sent[1]?.pods?.[0]?.finished, true);
});

test("what happens without a session goes with the next one, all of it", () => {
  const { clock, reports, sent, connect } = bench();
  connect();
  reports.publish(report("a"));
  clock.advance(100);
  reports.disconnected();
  reports.publish(report("b"));
  clock.advance(1_000);
  assert.equal(sent.length, 1);
  connect();
  clock.advance(100);
  assert.deepEqual(uids(sent[1]).toSorted(), ["a", "b"]);
});

test("a forgotten pod is not reported", () => {
  const { clock, reports, sent, connect } = bench();
  reports.publish(report("a"));
  reports.forget("a");
  connect();
  clock.advance(100);
  assert.equal(sent.length, 0);
});

test("batches are bounded, and no more than a few go unacknowledged", () => {
  const { clock, reports, sent, connect } = bench();
  connect();
  for (let pod = 0; pod < 2_000; pod++) reports.publish(report(`p${pod}`));
  clock.advance(1_000);
  assert.equal(sent.length, 16);
  assert.ok(sent.every((batch) => uids(batch).length === 100));
  for (let sequence = 1; sequence <= 16; sequence++) reports.acknowledged(sequence);
  clock.advance(1_000);
  assert.equal(sent.flatMap(uids).length, 2_000);
});
