import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeIdentity } from "#proto/identity/join.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { seededRandom } from "#proto/kit/random.ts";
import { keepCertificateFresh } from "./certificate-renewal.ts";
import type { StoredIdentity } from "./node-identity.ts";

const dayMs = 24 * 3_600_000;
const issued: NodeIdentity = {
  cluster: "c",
  privateKeyPem: "",
  certificateChainPem: "",
  authoritiesPem: "",
  expiresAtMs: 0,
};

class Bench {
  readonly clock = new ManualClock();
  readonly renewedAtMs: number[] = [];
  readonly startMs = this.clock.nowMs();
  problem: Problem | undefined;
  asked = 0;
  readonly stop = new AbortController();
  identity: StoredIdentity = { ...issued, notBeforeMs: this.startMs, notAfterMs: this.startMs + 10 * dayMs };

  async run(forMs: number): Promise<void> {
    const { clock } = this;
    const done = keepCertificateFresh(
      {
        current: () => this.identity,
        renew: () => {
          this.asked += 1;
          return this.problem ? Promise.reject(this.problem) : Promise.resolve(issued);
        },
        replace: () => {
          this.renewedAtMs.push(clock.nowMs() - this.startMs);
          this.identity = { ...this.identity, notBeforeMs: clock.nowMs(), notAfterMs: clock.nowMs() + 10 * dayMs };
          return Promise.resolve();
        },
        clock,
        random: seededRandom(5),
        logger: silentLogger,
      },
      this.stop.signal,
    );
    const untilMs = clock.monotonicMs() + forMs;
    while ((clock.nextAtMs() ?? untilMs) < untilMs) {
      clock.fireNext();
      for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    }
    this.stop.abort();
    await done;
  }
}

test("a certificate is renewed between half and four fifths of its life, again and again", async () => {
  const bench = new Bench();
  await bench.run(20 * dayMs);
  const [first = 0, second = 0] = bench.renewedAtMs;
  assert.ok(first >= 5 * dayMs && first <= 8 * dayMs, `${first}`);
  assert.ok(second - first >= 5 * dayMs && second - first <= 8 * dayMs, `${second}`);
});

test("a failed renewal is tried again, patiently", async () => {
  const bench = new Bench();
  bench.problem = new Problem("unavailable", "no control plane");
  await bench.run(9 * dayMs);
  assert.ok(bench.asked > 3 && bench.asked < 2_000, `${bench.asked}`);
  assert.deepEqual(bench.renewedAtMs, []);
});
