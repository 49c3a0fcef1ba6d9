import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { LeaderElection, type Leadership } from "#control-plane/leadership/leader-election.ts";
import { leaderKey } from "#control-plane/store/keyspace.ts";
import { systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { EtcdProcess } from "./etcd-process.ts";

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const ttlMs = 3000;

describe("leader election on etcd", () => {
  let etcd: EtcdProcess | undefined;
  before(async () => {
    etcd = await EtcdProcess.start();
  });
  after(() => etcd?.end());

  it("hands over at once, outlives etcd's absence, and never has two terms at a time", {
    timeout: 60_000,
  }, async () => {
    assert.ok(etcd);
    const running = etcd;
    const terms: { readonly name: string; readonly leadership: Leadership }[] = [];
    let leading = 0;
    const candidate = (name: string) => {
      const kv = running.client("/leading/");
      const stopping = new AbortController();
      const lead = async (leadership: Leadership): Promise<void> => {
        assert.equal(++leading, 1, "two lead at a time");
        terms.push({ name, leadership });
        await new Promise<void>((resolve) => leadership.signal.addEventListener("abort", () => resolve()));
        leading--;
      };
      const election = new LeaderElection({
        ...{ kv, clock: systemClock, random: systemRandom, logger: silentLogger, identity: name, lead, ttlMs },
      });
      const done = election.run(stopping.signal);
      return {
        kv,
        election,
        stop: async () => {
          stopping.abort();
          await done;
          await kv.close();
        },
      };
    };
    const termAfter = async (count: number): Promise<(typeof terms)[number]> => {
      while (terms.length <= count) await pause(20);
      const term = terms[count];
      assert.ok(term);
      return term;
    };

    const one = candidate("one");
    const first = await termAfter(0);
    const two = candidate("two");
    await pause(500);
    const startedAtMs = systemClock.monotonicMs();
    await one.stop();
    const second = await termAfter(1);
    assert.ok(systemClock.monotonicMs() - startedAtMs < 1000, "a hand-over takes no time-out");
    const write = [{ kind: "put" as const, key: "x", value: new Uint8Array() }];
    assert.equal((await two.kv.transact(write, first.leadership.fence)).fenceHeld, false);
    assert.equal((await two.kv.transact(write, second.leadership.fence)).fenceHeld, true);

    // Away for longer than the lease: the leader must have stopped by itself before it is back.
    await etcd.kill();
    await pause(ttlMs);
    assert.equal(second.leadership.signal.aborted, true);
    await etcd.start();
    const third = await termAfter(2);
    assert.equal(third.name, "two");

    // Away for a moment: nobody need notice.
    await etcd.kill();
    await etcd.start();
    await pause(500);

    await two.kv.transact([{ kind: "delete", key: leaderKey }]);
    await termAfter(terms.length);
    await two.stop();
    const check = etcd.client("/leading/");
    assert.equal((await check.get(leaderKey)).item, undefined);
    await check.close();
  });
});
