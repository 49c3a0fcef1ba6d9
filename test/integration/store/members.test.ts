/** Cache and its clients over three etcd members with TLS, while their leader is killed, frozen and replaced. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { WatchCache } from "#control-plane/cache/watch-cache.ts";
import type { Kv } from "#control-plane/store/kv.ts";
import { createObjectCodec } from "#control-plane/store/object-codec.ts";
import { endOfRevision } from "#control-plane/store/resource-version.ts";
import { systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import { seededRandom } from "#proto/kit/random.ts";
import { assertConverged, RandomWrites } from "#test/support/cache-under-faults.ts";
import { type BatchFault, withFaultyWatch } from "#test/support/faulty-watch.ts";
import { WatchingClient } from "#test/support/watching-client.ts";
import { EtcdMembers } from "./etcd-members.ts";

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const deadline = { timeout: 120_000 };

describe("three etcd members", () => {
  let members: EtcdMembers | undefined;
  before(async () => {
    members = await EtcdMembers.start();
  });
  after(() => members?.end());

  /** A cache and three clients; `stir` writes until the trouble is over. */
  async function follow(name: string, faults: readonly BatchFault[], trouble: (cluster: EtcdMembers) => Promise<void>) {
    assert.ok(members);
    const random = seededRandom(11);
    const [writing, plain] = [members.client(`/${name}/`), members.client(`/${name}/`)];
    let isFaulty = true;
    const choose = (): BatchFault | undefined =>
      isFaulty && random.next() < 0.2 ? faults[Math.floor(random.next() * faults.length)] : undefined;
    const watching: Kv = withFaultyWatch(plain, { clock: systemClock, delayMs: 100, choose });
    const stopping = new AbortController();
    const base = { clock: systemClock, random: seededRandom(2), logger: silentLogger, indexes: [] };
    const cache = new WatchCache({ kv: watching, codec: createObjectCodec(), ...base, driftCheckIntervalMs: 1000 });
    await cache.start(stopping.signal);
    const writes = new RandomWrites(writing, random);
    const clients = [3, 4, 5].map((seed) => new WatchingClient(cache, seededRandom(seed)));
    const running = Promise.all(clients.map((client) => client.run(stopping.signal)));
    running.catch(() => undefined);
    let isOver = false;
    const stir = async (): Promise<void> => {
      while (!isOver) await writes.step();
    };
    const stirring = stir();
    stirring.catch(() => undefined);
    await trouble(members);
    isOver = true;
    await stirring;
    isFaulty = false;
    const settled = async (): Promise<void> => {
      const { revision } = await writing.get("x");
      await cache.waitFor(endOfRevision(revision), 30_000);
      await pause(100);
      await assertConverged({ cache, writes, clients });
    };
    for (let attempt = 0; ; attempt++) {
      const failed = await settled().catch((thrown: unknown) => ({ thrown }));
      if (!failed) break;
      // What a lossy watch hid is found by the next comparison.
      if (attempt === 15) throw failed.thrown;
      await pause(1000);
    }
    stopping.abort();
    await running;
    await Promise.all([writing.close(), plain.close()]);
    return writes.written.length;
  }

  it(
    "events come twice, late, in the wrong order or never: cache and clients are right at rest",
    deadline,
    async () => {
      const faults = ["duplicate", "delay", "reorder", "lose", "expire"] as const;
      const written = await follow("faulty", faults, () => pause(3000));
      assert.ok(written > 50, `${written} writes`);
    },
  );

  it(
    "the leader is killed and comes back: no acknowledged write is lost, no watch misses or repeats one",
    deadline,
    async () => {
      assert.ok(members);
      const cluster = members;
      const kv = cluster.client("/killed/");
      const { revision } = await kv.get("x");
      const seen: number[] = [];
      const stopping = new AbortController();
      const watching = cluster.client("/killed/");
      const reading = (async () => {
        for await (const batch of watching.watch("p/", revision, stopping.signal))
          seen.push(...batch.events.map((event) => event.modRevision));
      })();
      const acknowledged: number[] = [];
      const unknown: string[] = [];
      const write = async (i: number): Promise<void> => {
        try {
          const result = await kv.transact([{ kind: "put", key: `p/${i}`, value: Buffer.from("x"), guard: 0 }]);
          assert.equal(result.outcomes[0]?.ok, true, `p/${i} was there before it was written`);
          acknowledged.push(result.revision);
        } catch (thrown) {
          assert.ok(Problem.is(thrown, "unavailable") || Problem.is(thrown, "timeout"), String(thrown));
          unknown.push(`p/${i}`);
          await pause(50);
        }
      };
      for (let i = 0; i < 50; i++) await write(i);
      const first = await cluster.leader();
      await cluster.kill(first);
      for (let i = 50; i < 100; i++) await write(i);
      await cluster.startMember(first);
      await cluster.leader();
      for (let i = 100; i < 150; i++) await write(i);
      const { items } = await kv.list({ prefix: "p/" });
      const stored = new Set(items.map((item) => item.modRevision));
      for (const each of acknowledged) assert.ok(stored.has(each), `revision ${each} was acknowledged and is gone`);
      assert.ok(acknowledged.length > 100, `${acknowledged.length} acknowledged, ${unknown.length} unknown`);
      const untilMs = systemClock.monotonicMs() + 30_000;
      while (seen.length < items.length && systemClock.monotonicMs() < untilMs) await pause(50);
      assert.deepEqual(
        seen,
        [...stored].sort((left, right) => left - right),
      );
      stopping.abort();
      await reading;
      await Promise.all([kv.close(), watching.close()]);
    },
  );

  it(
    "the leader is frozen for longer than its time-out, then thaws: the cache goes on and is right",
    deadline,
    async () => {
      assert.ok(members);
      const cluster = members;
      const kv = cluster.client("/frozen/");
      const watching = cluster.client("/frozen/");
      const base = { clock: systemClock, random: seededRandom(2), logger: silentLogger, indexes: [] };
      const stopping = new AbortController();
      const cache = new WatchCache({ kv: watching, codec: createObjectCodec(), ...base, driftCheckIntervalMs: 2000 });
      await cache.start(stopping.signal);
      const frozen = await cluster.leader();
      cluster.signal(frozen, "SIGSTOP");
      let written = 0;
      try {
        const writes = new RandomWrites(kv, seededRandom(5));
        const untilMs = systemClock.monotonicMs() + 60_000;
        while (writes.written.length < 20 && systemClock.monotonicMs() < untilMs) {
          await writes.step().catch((thrown: unknown) => {
            if (!Problem.is(thrown, "unavailable") && !Problem.is(thrown, "timeout")) throw thrown;
          });
        }
        written = writes.written.length;
      } finally {
        cluster.signal(frozen, "SIGCONT");
      }
      assert.ok(written >= 20, `${written} writes while the leader was frozen`);
      const { revision } = await kv.get("x");
      await cache.waitFor(endOfRevision(revision), 60_000);
      const { items } = await kv.list({ prefix: "registry/core/pods/" });
      assert.deepEqual(
        cache.list("pods").map(({ metadata }) => metadata.name),
        items.map((item) => item.key.split("/").at(-1)),
      );
      stopping.abort();
      await Promise.all([kv.close(), watching.close()]);
    },
  );
});
