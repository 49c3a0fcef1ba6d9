import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "../kit/logger.ts";
import { ManualClock } from "../kit/manual-clock.ts";
import { Problem } from "../kit/problem.ts";
import { seededRandom } from "../kit/random.ts";
import { backdateMs } from "./certificate.ts";
import { CertificateRenewal } from "./renewal.ts";

const dayMs = 24 * 3_600_000;

class Bench {
  readonly clock = new ManualClock();
  readonly startMs = this.clock.nowMs();
  readonly renewedAtMs: number[] = [];
  readonly askedAtMs: number[] = [];
  readonly lifetimeMs: number;
  problem: Problem | undefined;
  #endsAtMs: number;
  readonly renewal: CertificateRenewal;

  constructor(lifetimeMs: number) {
    this.lifetimeMs = lifetimeMs;
    this.#endsAtMs = this.startMs + lifetimeMs;
    const { clock } = this;
    this.renewal = new CertificateRenewal({
      ...{ clock, random: seededRandom(5), logger: silentLogger, what: "a certificate" },
      life: () => ({ notBeforeMs: this.#endsAtMs - lifetimeMs - backdateMs, notAfterMs: this.#endsAtMs }),
      renew: async () => {
        this.askedAtMs.push(clock.nowMs() - this.startMs);
        if (this.problem) throw this.problem;
        this.renewedAtMs.push(clock.nowMs() - this.startMs);
        this.#endsAtMs = clock.nowMs() + lifetimeMs;
      },
    });
  }

  async run(forMs: number, meanwhile: () => void = () => undefined): Promise<void> {
    const { clock } = this;
    const stop = new AbortController();
    const done = this.renewal.run(stop.signal);
    const untilMs = clock.monotonicMs() + forMs;
    meanwhile();
    await settle();
    while ((clock.nextAtMs() ?? untilMs) < untilMs) {
      clock.fireNext();
      await settle();
    }
    stop.abort();
    await done;
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

test("a certificate is renewed between half and four fifths of its life, again and again", async () => {
  for (const lifetimeMs of [10 * dayMs, 5_000]) {
    const bench = new Bench(lifetimeMs);
    await bench.run(20 * lifetimeMs);
    assert.ok(bench.renewedAtMs.length >= 24, `${bench.renewedAtMs.length}`);
    for (const [index, atMs] of bench.renewedAtMs.entries()) {
      const life = (atMs - (bench.renewedAtMs[index - 1] ?? 0)) / lifetimeMs;
      assert.ok(life >= 0.5 && life <= 0.8, `${life}`);
    }
  }
});

test("a failed renewal is tried again, patiently while there is time, and to the very end", async () => {
  const bench = new Bench(10 * dayMs);
  bench.problem = new Problem("unavailable", "no control plane");
  await bench.run(11 * dayMs);
  assert.ok(bench.askedAtMs.length > 10 && bench.askedAtMs.length < 3_000, `${bench.askedAtMs.length}`);
  assert.ok((bench.askedAtMs.at(-1) ?? 0) > 10 * dayMs, "also when it has expired");
  assert.deepEqual(bench.renewedAtMs, []);
  const short = new Bench(5_000);
  short.problem = bench.problem;
  await short.run(5_000);
  assert.ok(short.askedAtMs.length >= 4, `a short life leaves no time for long waits: ${short.askedAtMs}`);
});

test("asked to, it renews at once, and then when the new one is due", async () => {
  const bench = new Bench(10 * dayMs);
  await bench.run(9 * dayMs, () => bench.renewal.soon());
  assert.equal(bench.renewedAtMs[0], 0);
  assert.ok((bench.renewedAtMs[1] ?? 0) >= 5 * dayMs);
});
