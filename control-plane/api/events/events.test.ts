import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { MemoryKv } from "#control-plane/store/memory-kv.ts";
import { createObjectCodec } from "#control-plane/store/object-codec.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { seededRandom } from "#proto/kit/random.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { ApiCalls } from "#test/support/api-calls.ts";
import { startTestApi, type TestApi } from "#test/support/api-server.ts";
import { EventLog } from "./event-log.ts";
import { type RecordedEvent, StoredEventRecorder } from "./event-recorder.ts";

let api: TestApi;
let calls: ApiCalls;
before(async () => {
  api = await startTestApi();
  calls = new ApiCalls(api.client);
});
after(() => api.stop());

const pod = (name: string): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "default", uid: `uid-${name}` },
});
const said = (name: string, message = "hello"): RecordedEvent => ({
  regarding: pod(name),
  type: "Warning",
  reason: "Tested",
  message,
  source: "orch-node-agent, n1",
});

function setUp() {
  const clock = new ManualClock();
  const log = new EventLog({ kv: new MemoryKv({ clock }), codec: createObjectCodec(), clock, retentionMs: 60_000 });
  const recorder = new StoredEventRecorder({ log, clock, random: seededRandom(1), logger: silentLogger });
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  const pass = async (ms: number): Promise<void> => {
    for (const endMs = clock.monotonicMs() + ms; clock.monotonicMs() < endMs; ) {
      clock.advance(Math.min(100, endMs - clock.monotonicMs()));
      await turn();
    }
  };
  const list = async (): Promise<readonly KubeObject[]> => (await log.list("")).objects;
  return { clock, log, recorder, pass, list };
}

test("equal events are one with a count", async () => {
  const { recorder, pass, list } = setUp();
  for (let i = 0; i < 5; i++) recorder.record(said("a"));
  recorder.record(said("b"));
  await pass(1_500);
  recorder.record(said("a"));
  await pass(2_000);
  const events = await list();
  assert.deepEqual(
    events.map(({ involvedObject, count }) => [(involvedObject as KubeObject["metadata"]).name, count]),
    [
      ["a", 6],
      ["b", 1],
    ],
  );
  assert.deepEqual(events[0]?.source, { component: "orch-node-agent", host: "n1" });
  assert.notEqual(events[0]?.firstTimestamp, events[0]?.lastTimestamp);
});

test("an object that makes noise is muted, others are heard", async () => {
  const { recorder, pass, list } = setUp();
  for (let i = 0; i < 500; i++) recorder.record(said("noisy", `message ${i}`));
  recorder.record(said("quiet"));
  await pass(1_000);
  const names = (await list()).map(({ involvedObject }) => (involvedObject as KubeObject["metadata"]).name);
  assert.equal(names.filter((name) => name === "noisy").length, 25);
  assert.ok(names.includes("quiet"));
});

test("events leave when their time is over", async () => {
  const { recorder, pass, list } = setUp();
  recorder.record(said("a"));
  await pass(1_000);
  assert.equal((await list()).length, 1);
  await pass(80_000);
  assert.equal((await list()).length, 0);
});

test("events are created, listed, watched and deleted through the API, and never changed", async () => {
  const body = {
    apiVersion: "v1",
    kind: "Event",
    metadata: { generateName: "web.", namespace: "default" },
    involvedObject: { kind: "Pod", namespace: "default", name: "web" },
    reason: "Tested",
    message: "it was",
    type: "Normal",
  };
  const first = await calls.create("events", body);
  const { items, resourceVersion } = await calls.list("events", { fieldSelector: "involvedObject.name=web" });
  assert.deepEqual(items, [first.object]);
  assert.deepEqual((await calls.list("events", { fieldSelector: "involvedObject.name=other" })).items, []);
  const more = { resourceVersion, fieldSelector: "reason=Tested" };
  const watching = calls.watch("events", more, { deadlineMs: 5_000 }).next();
  const second = await calls.create("events", body);
  const seen = await watching;
  assert.equal(seen.value?.type, "ADDED");
  assert.deepEqual(seen.value?.object, second.object);
  await assert.rejects(calls.update("events", first.object), { code: "unsupported" });
  await calls.delete("events", "default", first.object.metadata.name);
  await assert.rejects(calls.get("events", "default", first.object.metadata.name), { code: "not-found" });
});
