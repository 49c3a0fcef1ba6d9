import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { seededRandom } from "#proto/kit/random.ts";
import type { Container } from "#proto/resources/pod.ts";
import { testPod, testUid } from "../reconciler/pod-builder.ts";
import type { PodEvent, RunningContainer } from "../reconciler/ports.ts";
import { Prober } from "./prober.ts";
import type { ProbeAnswer } from "./runner.ts";

const running: RunningContainer = {
  id: "c1",
  name: "app",
  startedAtMs: Date.UTC(2026, 0, 1),
  wasReady: undefined,
  startupPassed: false,
};
const ok: ProbeAnswer = { ok: true, message: "fine" };
const sick: ProbeAnswer = { ok: false, message: "status 500" };

class Bench {
  readonly clock = new ManualClock(Date.UTC(2026, 0, 1));
  readonly events: PodEvent[] = [];
  readonly woken: string[] = [];
  runs = 0;
  atOnce = 0;
  most = 0;
  answer: (signal: AbortSignal) => Promise<ProbeAnswer> = () => Promise.resolve(ok);
  readonly prober = new Prober({
    clock: this.clock,
    random: seededRandom(1),
    runner: async (_, __, signal) => {
      this.runs += 1;
      this.atOnce += 1;
      this.most = Math.max(this.most, this.atOnce);
      try {
        return await this.answer(signal);
      } finally {
        this.atOnce -= 1;
      }
    },
    events: { emit: (_, event) => void this.events.push(event) },
    concurrency: 2,
    onVerdict: (uid) => void this.woken.push(uid),
  });

  sync(container: Partial<Container>, changes: Partial<RunningContainer> = {}): void {
    this.prober.sync(testPod({ containers: [container] }), ["10.0.0.1"], [{ ...running, ...changes }]);
  }

  async pass(ms: number): Promise<void> {
    for (let left = ms; left >= 0; left -= 50) {
      this.clock.advance(Math.min(50, left));
      for (let turn = 0; turn < 5; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }
}

const probe = { httpGet: { port: 80 }, periodSeconds: 1, failureThreshold: 2, timeoutSeconds: 1 };

test("a readiness verdict wakes its pod once", async () => {
  const bench = new Bench();
  bench.sync({ readinessProbe: probe });
  await bench.pass(3_000);
  assert.deepEqual(bench.prober.verdicts("c1"), { readiness: true });
  assert.deepEqual(bench.woken, [testUid]);
});

test("failures that count are told, with the probe's name and words", async () => {
  const bench = new Bench();
  bench.answer = () => Promise.resolve(sick);
  bench.sync({ livenessProbe: probe });
  await bench.pass(1_100);
  assert.deepEqual(bench.prober.verdicts("c1"), { liveness: false });
  assert.equal(bench.events[0]?.message, "Liveness probe failed: status 500");
  assert.equal(bench.events[0]?.reason, "Unhealthy");
});

test("a probe that does not answer fails at its timeout", async () => {
  const bench = new Bench();
  bench.answer = () => new Promise(() => undefined);
  bench.sync({ livenessProbe: { ...probe, failureThreshold: 1 } });
  await bench.pass(1_100);
  assert.equal(bench.prober.verdicts("c1")?.liveness, false);
  assert.match(bench.events[0]?.message ?? "", /timed out after 1s/);
});

test("liveness and readiness wait for the startup probe", async () => {
  const bench = new Bench();
  const container = { startupProbe: probe, livenessProbe: probe };
  bench.sync(container);
  await bench.pass(100);
  assert.deepEqual(bench.prober.verdicts("c1"), { startup: true });
  bench.sync(container, { startupPassed: true });
  await bench.pass(100);
  assert.deepEqual(bench.prober.verdicts("c1"), { liveness: true });
});

test("a container that is gone is probed no more", async () => {
  const bench = new Bench();
  bench.sync({ readinessProbe: probe });
  await bench.pass(1_000);
  bench.prober.sync(testPod(), [], []);
  const before = bench.runs;
  await bench.pass(5_000);
  assert.equal(bench.runs, before);
  assert.equal(bench.prober.verdicts("c1"), undefined);
});

test("an adopted container keeps its readiness until a probe says otherwise", async () => {
  const bench = new Bench();
  bench.answer = () => Promise.resolve(sick);
  bench.sync({ readinessProbe: probe }, { wasReady: true });
  assert.deepEqual(bench.prober.verdicts("c1"), { readiness: true });
  await bench.pass(3_000);
  assert.deepEqual(bench.prober.verdicts("c1"), { readiness: false });
});

test("no more probes run at once than allowed", async () => {
  const bench = new Bench();
  bench.answer = () => new Promise(() => undefined);
  const ids = ["c1", "c2", "c3", "c4"];
  const pod = testPod({ containers: [{ readinessProbe: probe }] });
  bench.prober.sync(
    pod,
    [],
    ids.map((id) => ({ ...running, id })),
  );
  await bench.pass(100);
  assert.equal(bench.most, 2);
});
