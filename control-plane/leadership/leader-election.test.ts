import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { seededRandom } from "#proto/kit/random.ts";
import { leaderKey } from "../store/keyspace.ts";
import type { KvFaults } from "../store/kv-faults.ts";
import { MemoryEtcd } from "../store/memory-etcd.ts";
import { MemoryKv } from "../store/memory-kv.ts";
import { LeaderElection, type Leadership } from "./leader-election.ts";

const ttlMs = 6000;
const turns = async (count = 10): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise<void>((resolve) => setImmediate(resolve));
};

function setUp() {
  const clock = new ManualClock();
  const etcd = new MemoryEtcd(clock);
  const history: string[] = [];
  const candidate = (name: string, seed: number, faults: KvFaults = {}) => {
    const stopping = new AbortController();
    const kv = new MemoryKv({ clock, etcd, faults });
    const terms: Leadership[] = [];
    const lead = async (leadership: Leadership): Promise<void> => {
      terms.push(leadership);
      history.push(`${name} leads`);
      await new Promise<void>((resolve) => leadership.signal.addEventListener("abort", () => resolve()));
      history.push(`${name} stops`);
    };
    const election = new LeaderElection({
      ...{ kv, clock, random: seededRandom(seed), logger: silentLogger, identity: name, lead, ttlMs },
    });
    const done = election.run(stopping.signal);
    return { election, kv, terms, stop: () => stopping.abort(), done };
  };
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 250) {
      clock.advance(Math.min(250, ms - passed));
      await turns(3);
    }
  };
  return { clock, etcd, history, candidate, pass };
}

describe("leader-election", () => {
  it("one of several leads, and the fence is its key", async () => {
    const { etcd, history, candidate, pass } = setUp();
    const one = candidate("one", 1);
    await turns();
    const two = candidate("two", 2);
    await pass(20_000);
    assert.deepEqual(history, ["one leads"]);
    assert.equal(two.election.leadership, undefined);
    assert.equal(await two.election.leader(), "one");
    assert.deepEqual(one.election.leadership?.fence, {
      key: leaderKey,
      createRevision: etcd.get(leaderKey)?.createRevision,
    });
    one.stop();
    two.stop();
    await Promise.all([one.done, two.done]);
    assert.equal(etcd.get(leaderKey), undefined);
  });

  it("a leader that stops hands over at once", async () => {
    const { history, candidate } = setUp();
    const one = candidate("one", 1);
    await turns();
    const two = candidate("two", 2);
    await turns();
    one.stop();
    await one.done;
    await turns();
    assert.deepEqual(history, ["one leads", "one stops", "two leads"]);
    two.stop();
    await two.done;
  });

  it("a leader cut off from the store stops before its lease runs out, and a successor follows after", async () => {
    const { history, candidate, pass } = setUp();
    let isCut = false;
    const one = candidate("one", 1, { request: () => (isCut ? { kind: "lost-request" } : undefined) });
    await turns();
    const two = candidate("two", 2);
    await pass(3000);
    isCut = true;
    await pass(4500);
    assert.deepEqual(history, ["one leads", "one stops"]);
    await pass(2000);
    assert.deepEqual(history, ["one leads", "one stops", "two leads"]);
    isCut = false;
    two.stop();
    await pass(20_000);
    assert.equal(history.at(-1), "one leads");
    one.stop();
    await Promise.all([one.done, two.done]);
  });

  it("leads again as soon as a store that was away is back, though its own old lease still runs there", async () => {
    const { etcd, clock, history, candidate, pass } = setUp();
    let isAway = false;
    const one = candidate("one", 1, {
      request: () => (isAway ? { kind: "lost-request", afterMs: 100 } : undefined),
    });
    await turns();
    isAway = true;
    for (let second = 0; second < 8; second++) {
      await pass(1_000);
      etcd.keepLeaseAlive("1"); // its first: an etcd that starts gives every lease its whole time again
    }
    assert.deepEqual(history, ["one leads", "one stops"]);
    isAway = false;
    const backAtMs = clock.monotonicMs();
    while (history.length < 3 && clock.monotonicMs() < backAtMs + 20_000) await pass(100);
    assert.deepEqual(history, ["one leads", "one stops", "one leads"]);
    assert.ok(clock.monotonicMs() - backAtMs < ttlMs, `it waited ${clock.monotonicMs() - backAtMs} ms`);
    one.stop();
    await one.done;
  });

  it("a renewal that hangs does not keep the leader past its lease", async () => {
    const { history, candidate, pass } = setUp();
    const request: KvFaults["request"] = (operation) =>
      operation === "keepLeaseAlive" ? { kind: "delay", beforeMs: 60_000 } : undefined;
    const one = candidate("one", 1, { request });
    await turns();
    await pass(4750);
    assert.deepEqual(history, ["one leads"]);
    await pass(250);
    assert.deepEqual(history.slice(0, 2), ["one leads", "one stops"]);
    one.stop();
    await one.done;
  });

  it("steps down when its key is taken away, and its fence no longer holds", async () => {
    const { etcd, candidate } = setUp();
    const one = candidate("one", 1);
    await turns();
    const [first] = one.terms;
    assert.ok(first);
    etcd.transact([{ kind: "delete", key: leaderKey }]);
    await turns();
    assert.equal(first.signal.aborted, true);
    assert.equal(one.terms.length, 2, "it stands again");
    const write = { kind: "put" as const, key: "x", value: new Uint8Array() };
    assert.equal((await one.kv.transact([write], first.fence)).fenceHeld, false);
    assert.equal((await one.kv.transact([write], one.terms[1]?.fence)).fenceHeld, true);
    one.stop();
    await one.done;
  });

  it("leads when the answer to its claim got lost", async () => {
    const { history, candidate } = setUp();
    const one = candidate("one", 1, {
      request: (operation) => (operation === "transact" ? { kind: "lost-answer" } : undefined),
    });
    await turns();
    assert.deepEqual(history, ["one leads"]);
    one.stop();
    await one.done;
  });

  it("stands again when its claim never arrived, leaving no lease behind", async () => {
    const { etcd, history, candidate, pass } = setUp();
    let failures = 2;
    const one = candidate("one", 1, {
      request: (operation) => (operation === "transact" && failures-- > 0 ? { kind: "lost-request" } : undefined),
    });
    await pass(2000);
    assert.deepEqual(history, ["one leads"]);
    one.stop();
    await one.done;
    assert.equal(etcd.get(leaderKey), undefined);
  });

  it("says since when it leads, in monotonic time", async () => {
    const { clock, candidate } = setUp();
    clock.advance(1234);
    const one = candidate("one", 1);
    await turns();
    assert.equal(one.election.leadership?.leaderSinceMonotonicMs, 1234);
    one.stop();
    await one.done;
  });

  it("work that fails ends the term, and it stands again", async () => {
    const { clock, etcd, pass } = setUp();
    const stopping = new AbortController();
    let terms = 0;
    const election = new LeaderElection({
      kv: new MemoryKv({ clock, etcd }),
      clock,
      random: seededRandom(1),
      logger: silentLogger,
      identity: "one",
      lead: async ({ signal }) => {
        if (terms++ === 0) throw new Error("broken");
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      },
    });
    const done = election.run(stopping.signal);
    await pass(10_000);
    assert.equal(terms, 2);
    stopping.abort();
    await done;
  });
});
