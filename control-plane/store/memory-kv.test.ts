import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { kvContract } from "./kv.contract.ts";
import type { KvFaults } from "./kv-faults.ts";
import { MemoryEtcd } from "./memory-etcd.ts";
import { MemoryKv } from "./memory-kv.ts";

kvContract(
  "memory",
  async () => {
    const clock = new ManualClock();
    const kv = new MemoryKv({ clock });
    return { kv, pass: async (ms) => clock.advance(ms), close: () => kv.close() };
  },
  { shortLeaseMs: 2000 },
);

const put = (key: string) => ({ kind: "put" as const, key, value: Buffer.from("x") });
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("memory-kv's faults", () => {
  const setUp = (faults: KvFaults) => {
    const clock = new ManualClock();
    const etcd = new MemoryEtcd(clock);
    return { clock, etcd, kv: new MemoryKv({ clock, etcd, faults }) };
  };

  it("a lost request changes nothing, a lost answer hides what it changed", async () => {
    const { kv, etcd } = setUp({ request: (_, key) => ({ kind: key === "a" ? "lost-request" : "lost-answer" }) });
    await assert.rejects(kv.transact([put("a")]), (thrown) => Problem.is(thrown, "unavailable"));
    await assert.rejects(kv.transact([put("b")]), (thrown) => Problem.is(thrown, "unavailable"));
    assert.equal(etcd.get("a"), undefined);
    assert.ok(etcd.get("b"));
  });

  it("a delayed request takes effect between its two delays", async () => {
    const { kv, etcd, clock } = setUp({ request: () => ({ kind: "delay", beforeMs: 100, afterMs: 100 }) });
    let answered = false;
    const writing = kv.transact([put("a")]).then(() => {
      answered = true;
    });
    clock.advance(99);
    await settle();
    assert.equal(etcd.get("a"), undefined);
    clock.advance(1);
    await settle();
    assert.deepEqual([etcd.get("a") !== undefined, answered], [true, false]);
    clock.advance(100);
    await writing;
  });

  it("clients of one store have their own faults", async () => {
    const { kv, etcd, clock } = setUp({ request: () => ({ kind: "lost-request" }) });
    const other = new MemoryKv({ clock, etcd });
    await other.transact([put("a")]);
    await assert.rejects(kv.get("a"), (thrown) => Problem.is(thrown, "unavailable"));
  });

  it("a watch can be late, repeat itself and lose events", async () => {
    const faults = ["delay", "duplicate", "lose", undefined];
    const { kv, etcd, clock } = setUp({
      watch: () => {
        const kind = faults.shift();
        if (kind === "delay") return { kind, delayMs: 1000 };
        return kind === "duplicate" || kind === "lose" ? { kind } : undefined;
      },
    });
    const seen: string[] = [];
    const stopping = new AbortController();
    const reading = (async () => {
      for await (const { events } of kv.watch("", 1, stopping.signal)) seen.push(...events.map((event) => event.key));
    })();
    const write = async (key: string, passMs = 0): Promise<void> => {
      etcd.transact([put(key)]);
      await settle();
      clock.advance(passMs);
      await settle();
    };
    await write("a");
    assert.deepEqual(seen, []);
    await write("b", 1000);
    assert.deepEqual(seen, ["a", "b"]);
    for (const key of ["twice", "lost", "last"]) await write(key);
    assert.deepEqual(seen, ["a", "b", "twice", "twice", "last"]);
    stopping.abort();
    await reading;
  });

  it("a closed client refuses everything and ends its watches with an error", async () => {
    const { kv } = setUp({});
    const watching = (async () => {
      for await (const batch of kv.watch("", 1, new AbortController().signal)) assert.fail(`${batch.revision}`);
    })();
    await kv.close();
    await assert.rejects(watching, (thrown) => Problem.is(thrown, "unavailable"));
    await assert.rejects(kv.get("a"), (thrown) => Problem.is(thrown, "unavailable"));
  });
});
