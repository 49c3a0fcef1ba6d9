import assert from "node:assert/strict";
import { test } from "node:test";
import type { ObjectStore, ObjectWrite, ObjectWriteResult } from "#control-plane/store/object-store.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { seededRandom } from "#proto/kit/random.ts";
import { ScriptedLiveness } from "../controllers.fixture.ts";
import type { RecordedEvent } from "../event-recorder.ts";
import type { Step } from "../model/step.ts";
import { aPod } from "../objects.fixture.ts";
import { defaultControllerSettings } from "../settings.ts";
import type { ControllerWorld } from "../world.ts";
import type { Outcome } from "./controller.ts";
import { silentEngineMetrics } from "./controller.ts";
import { Worker } from "./worker.ts";

type Answer = ObjectWriteResult | Error;

/** A worker whose store answers by script, and whose cache catches up when told to. */
class Bench {
  readonly clock = new ManualClock();
  readonly writes: ObjectWrite[] = [];
  readonly events: RecordedEvent[] = [];
  readonly waits: string[] = [];
  readonly outcomes: Outcome[] = [];
  readonly decisions: number[] = [];
  readonly worker: Worker;
  deposed: unknown;
  cacheCatchesUp = true;

  constructor(answers: Answer[], plans: (Step[] | undefined)[], recheckInMs?: number) {
    const write = async (one: ObjectWrite): Promise<ObjectWriteResult> => {
      this.writes.push(one);
      const answer = answers.shift() ?? {
        ok: true,
        object: { ...aPod("x"), metadata: { name: "x", resourceVersion: "256" } },
      };
      if (answer instanceof Error) throw answer;
      return answer;
    };
    const store: ObjectStore = { get: async () => undefined, write };
    const waitFor = async (version: string): Promise<void> => {
      this.waits.push(version);
      if (!this.cacheCatchesUp) throw new Problem("timeout", "the cache is behind");
    };
    const world = {
      cache: { waitFor } as unknown as ControllerWorld["cache"],
      objectStore: store,
      clock: this.clock,
      random: seededRandom(1),
      logger: silentLogger,
      liveness: new ScriptedLiveness(),
      events: { record: (event: RecordedEvent) => void this.events.push(event) },
      fence: { key: "leader", createRevision: 7 },
      signal: new AbortController().signal,
      settings: defaultControllerSettings,
    };
    this.worker = new Worker({
      controller: {
        name: "test",
        source: "test-controller",
        wakes: {},
        decide: (_key, nowMs) => {
          this.decisions.push(nowMs);
          const steps = plans.shift();
          return (
            steps && { steps, reasons: [], ...(recheckInMs === undefined ? {} : { recheckAtMs: nowMs + recheckInMs }) }
          );
        },
        settled: (_key, outcomes) => void this.outcomes.push(...outcomes),
      },
      world,
      metrics: silentEngineMetrics,
      onDeposed: (thrown) => {
        this.deposed = thrown;
      },
    });
  }

  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
}

const create = (name: string): Step => ({
  kind: "create",
  resource: "pods",
  object: { ...aPod(name), metadata: { name, namespace: "default" } },
});
const event: Step = { kind: "event", regarding: aPod("x"), type: "Normal", reason: "Done", message: "done" };

test("writes carry the fence, new objects are complete, and the key waits until the cache shows them", async () => {
  const bench = new Bench([], [[create("a"), event]]);
  bench.worker.wake("key");
  await bench.pass(0);
  const [write] = bench.writes;
  assert.ok(write?.kind === "create");
  assert.ok(write.object.metadata.uid && write.object.metadata.creationTimestamp);
  assert.deepEqual(bench.waits, ["256"]);
  assert.deepEqual(
    bench.events.map((one) => one.source),
    ["test-controller"],
  );
});

test("a write whose answer is lost is sent again as it was, before anything new is decided", async () => {
  const bench = new Bench([new Problem("unavailable", "broken")], [[create("a"), event], []]);
  bench.worker.wake("key");
  await bench.pass(0);
  assert.equal(bench.decisions.length, 1);
  assert.deepEqual(bench.events, [], "nobody is told what may not have happened");
  await bench.pass(1_000);
  const [first, second] = bench.writes;
  assert.ok(first?.kind === "create" && second?.kind === "create");
  assert.equal(second.object.metadata.uid, first.object.metadata.uid);
  assert.equal(bench.decisions.length, 2);
});

test("a create that turns out to have happened counts as done", async () => {
  const bench = new Bench([new Problem("unavailable", "broken")], [[create("a")], []]);
  bench.worker.wake("key");
  await bench.pass(0);
  const made = bench.writes[0];
  assert.ok(made?.kind === "create");
  const again = new Bench(
    [{ ok: false, reason: "exists", current: made.object }],
    [[{ kind: "create", resource: "pods", object: made.object }]],
  );
  again.worker.wake("key");
  await again.pass(0);
  assert.deepEqual(
    again.outcomes.map((outcome) => outcome.ok),
    [true],
  );
});

test("a conflict is no error: it is decided again after a moment, on a cache that has what was in the way", async () => {
  const current = { ...aPod("a"), metadata: { name: "a", resourceVersion: "512" } };
  const bench = new Bench(
    [{ ok: false, reason: "conflict", current }],
    [[{ kind: "update", resource: "pods", object: aPod("a") }], []],
  );
  bench.worker.wake("key");
  await bench.pass(0);
  assert.deepEqual(bench.waits, ["512"]);
  await bench.pass(10);
  assert.equal(bench.decisions.length, 2);
});

test("a refused fence stops the controllers", async () => {
  const bench = new Bench([{ ok: false, reason: "fenced", current: undefined }], [[create("a")]]);
  bench.worker.wake("key");
  await bench.pass(0);
  assert.match(String(bench.deposed), /no longer leads/);
  await bench.pass(60_000);
  assert.equal(bench.decisions.length, 1);
});

test("a cache that stays behind holds the key back instead of deciding on the past", async () => {
  const bench = new Bench([], [[create("a")], [create("b")]]);
  bench.cacheCatchesUp = false;
  bench.worker.wake("key");
  await bench.pass(0);
  assert.equal(bench.writes.length, 1);
  bench.cacheCatchesUp = true;
  await bench.pass(1_000);
  assert.equal(bench.writes.length, 2);
});

test("a plan that asks to be called again is", async () => {
  const bench = new Bench([], [[], []], 5_000);
  bench.worker.wake("key");
  await bench.pass(0);
  await bench.pass(4_999);
  assert.equal(bench.decisions.length, 1);
  await bench.pass(1);
  assert.equal(bench.decisions.length, 2);
});

test("deleting marks a pod on a node and takes out one that has none", async () => {
  const running = aPod("a", { spec: { containers: [], nodeName: "n1", terminationGracePeriodSeconds: 7 } });
  const steps: Step[] = [running, aPod("b")].map((object) => ({ kind: "delete", resource: "pods", object }));
  const bench = new Bench([], [steps]);
  bench.worker.wake("key");
  await bench.pass(0);
  const [mark, removal] = bench.writes;
  assert.ok(mark?.kind === "update");
  assert.equal(mark.object.metadata.deletionGracePeriodSeconds, 7);
  assert.ok(mark.object.metadata.deletionTimestamp);
  assert.equal(removal?.kind, "delete");
});
