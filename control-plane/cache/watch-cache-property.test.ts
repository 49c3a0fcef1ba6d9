/** Whatever a watch does to its events, the cache becomes what a linearizable list says, and its clients miss nothing. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { seededRandom } from "#proto/kit/random.ts";
import { turn } from "#test/support/cache-bench.ts";
import { assertConverged, RandomWrites } from "#test/support/cache-under-faults.ts";
import { type BatchFault, withFaultyWatch } from "#test/support/faulty-watch.ts";
import { WatchingClient } from "#test/support/watching-client.ts";
import { MemoryEtcd } from "../store/memory-etcd.ts";
import { MemoryKv } from "../store/memory-kv.ts";
import { createObjectCodec } from "../store/object-codec.ts";
import { WatchCache } from "./watch-cache.ts";

const driftCheckIntervalMs = 10_000;
const steps = 60;
/** Of each kind of fault. A soak of 300 took a minute and a half. */
const seeds = 6;

async function survives(seed: number, faults: readonly BatchFault[]): Promise<number> {
  const random = seededRandom(seed);
  const clock = new ManualClock();
  const etcd = new MemoryEtcd(clock);
  const stopping = new AbortController();
  let isFaulty = true;
  const kv = withFaultyWatch(new MemoryKv({ clock, etcd, maxRevisionsPerBatch: 3 }), {
    clock,
    delayMs: 700,
    choose: () => (isFaulty && random.next() < 0.2 ? faults[Math.floor(random.next() * faults.length)] : undefined),
  });
  const base = { clock, random: seededRandom(seed + 1), logger: silentLogger, indexes: [] };
  const history = { maxChanges: 40, bookmarkAfterMs: 500 };
  const cache = new WatchCache({ kv, codec: createObjectCodec(), ...base, history, driftCheckIntervalMs });
  await cache.start(stopping.signal);
  const writes = new RandomWrites(new MemoryKv({ clock, etcd }), random);
  const clients = [2, 3, 4].map((more) => new WatchingClient(cache, seededRandom(seed + more)));
  const running = Promise.all(clients.map((client) => client.run(stopping.signal)));
  running.catch(() => undefined);
  for (let step = 0; step < steps; step++) {
    await writes.step();
    if (random.next() < 0.5) clock.advance(random.next() * 400);
    if (random.next() < 0.05 && etcd.compactedRevision < etcd.revision) etcd.compact(etcd.revision);
    for (let i = 0; i < 4; i++) await turn();
  }
  isFaulty = false;
  for (let i = 0; i < 40; i++) {
    clock.advance(driftCheckIntervalMs / 10);
    for (let turns = 0; turns < 6; turns++) await turn();
  }
  await assertConverged({ cache, writes, clients });
  stopping.abort();
  await running;
  return clients.reduce((lists, client) => lists + client.lists, 0);
}

describe("watch-cache under a faulty watch", () => {
  const kinds: readonly (readonly BatchFault[])[] = [
    ["duplicate"],
    ["delay"],
    ["reorder"],
    ["lose"],
    ["expire"],
    ["duplicate", "delay", "reorder", "lose", "expire"],
  ];
  for (const faults of kinds) {
    it(`heals: ${faults.join(", ")}`, async () => {
      let lists = 0;
      for (let seed = 1; seed <= seeds; seed++) {
        await survives(seed, faults).then(
          (made) => {
            lists += made;
          },
          (thrown: unknown) => {
            throw new Error(`seed ${seed}`, { cause: thrown });
          },
        );
      }
      const isHarmless = faults.every((fault) => fault === "duplicate" || fault === "delay");
      // Three clients: whoever lists only once was never disturbed.
      if (!isHarmless) assert.ok(lists > 3 * seeds, "the faults had an effect");
    });
  }
});
