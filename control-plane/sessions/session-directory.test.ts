import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { KvFaults } from "../store/kv-faults.ts";
import { MemoryEtcd } from "../store/memory-etcd.ts";
import { MemoryKv } from "../store/memory-kv.ts";
import { SessionDirectory } from "./session-directory.ts";

const leaseMs = 9000;
const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
};

function setUp() {
  const clock = new ManualClock();
  const etcd = new MemoryEtcd(clock);
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 500) {
      clock.advance(500);
      await turns();
    }
  };
  const controlPlane = async (name: string, faults: KvFaults = {}) => {
    const stop = new AbortController();
    const news: string[] = [];
    const directory = new SessionDirectory({
      kv: new MemoryKv({ clock, etcd, faults }),
      clock,
      logger: silentLogger,
      controlPlane: name,
      address: `${name}:7443`,
      leaseMs,
      onStoreHealth: (well) => void (news.at(-1) !== `well ${well}` && news.push(`well ${well}`)),
      onHeldElsewhere: (node, held) => void news.push(`${node} ${held ? "held" : "free"} elsewhere`),
      onTaken: (node, epoch, by) => void news.push(`${node} ${epoch} taken by ${by.instance}`),
    });
    await directory.start(stop.signal);
    news.length = 0;
    return { directory, news, stop };
  };
  return { clock, etcd, pass, controlPlane };
}

test("every claim of a node has a larger epoch, whoever claims; the one before learns of it", async () => {
  const { controlPlane } = setUp();
  const [one, two] = [await controlPlane("one"), await controlPlane("two")];
  const first = await one.directory.claim("n", "a");
  await turns();
  assert.deepEqual(two.news, ["n held elsewhere"]);
  assert.equal(two.directory.heldElsewhere("n")?.address, "one:7443");
  const second = await two.directory.claim("n", "a");
  await turns();
  assert.ok(second > first);
  assert.deepEqual(one.news, ["n held elsewhere", `n ${first} taken by a`]);
  assert.deepEqual(two.news, ["n held elsewhere", "n free elsewhere"]);
});

test("an agent process that was replaced is refused, by any control plane; a new process is not", async () => {
  const { controlPlane } = setUp();
  const [one, two] = [await controlPlane("one"), await controlPlane("two")];
  await one.directory.claim("n", "older");
  await two.directory.claim("n", "newer");
  await assert.rejects(one.directory.claim("n", "older"), (thrown) => Problem.is(thrown, "forbidden"));
  await one.directory.claim("n", "newest");
  await one.directory.claim("n", "newest");
});

test("releasing a session removes its own record only", async () => {
  const { controlPlane, etcd } = setUp();
  const [one, two] = [await controlPlane("one"), await controlPlane("two")];
  const first = await one.directory.claim("n", "a");
  const second = await two.directory.claim("n", "a");
  await one.directory.release("n", first);
  assert.ok(etcd.get("sessions/n"));
  await two.directory.release("n", second);
  assert.equal(etcd.get("sessions/n"), undefined);
});

test("records of a control plane that vanished go with its lease; those of a living one stay", async () => {
  const { controlPlane, pass } = setUp();
  const [one, two] = [await controlPlane("one"), await controlPlane("two")];
  await one.directory.claim("n", "a");
  const aboutNodes = (): string[] => two.news.filter((line) => line.startsWith("n "));
  await pass(2 * leaseMs);
  assert.deepEqual(aboutNodes(), ["n held elsewhere"]);
  one.stop.abort();
  await pass(2 * leaseMs);
  assert.deepEqual(aboutNodes(), ["n held elsewhere", "n free elsewhere"]);
});

test("sessions outlive a store that was away for longer than the lease, under the same epoch", async () => {
  const { controlPlane, etcd, pass } = setUp();
  let isAway = false;
  const one = await controlPlane("one", { request: () => (isAway ? { kind: "lost-request" } : undefined) });
  const epoch = await one.directory.claim("n", "a");
  isAway = true;
  await pass(2 * leaseMs);
  assert.equal(etcd.get("sessions/n"), undefined);
  assert.ok(one.news.includes("well false"));
  isAway = false;
  await pass(leaseMs);
  assert.equal(one.news.at(-1), "well true");
  const record = JSON.parse(Buffer.from(etcd.get("sessions/n")?.value ?? []).toString()) as { epoch: number };
  assert.equal(record.epoch, epoch);
  await one.directory.release("n", epoch);
  assert.equal(etcd.get("sessions/n"), undefined);
});

test("a session that another took while the store was away is given up", async () => {
  const { controlPlane, pass } = setUp();
  let isAway = false;
  const one = await controlPlane("one", { request: () => (isAway ? { kind: "lost-request" } : undefined) });
  const two = await controlPlane("two");
  const epoch = await one.directory.claim("n", "a");
  isAway = true;
  await pass(2 * leaseMs);
  await two.directory.claim("n", "b");
  isAway = false;
  await pass(leaseMs);
  assert.ok(one.news.includes(`n ${epoch} taken by b`), one.news.join());
});

test("what the watch lost is found by the next comparison: records that came, that went, and a session that was taken", async () => {
  const { controlPlane, pass } = setUp();
  let isLosing = false;
  const faults: KvFaults = { watch: () => (isLosing ? { kind: "lose" } : undefined) };
  const [one, two] = [await controlPlane("one"), await controlPlane("two", faults)];
  const gone = await one.directory.claim("gone", "a");
  const kept = await two.directory.claim("taken", "b");
  await turns();
  two.news.length = 0;
  isLosing = true;
  await one.directory.claim("new", "c");
  await one.directory.release("gone", gone);
  await one.directory.claim("taken", "b2");
  await turns();
  isLosing = false;
  assert.equal(two.news.length, 0, "nothing was heard");
  await pass(60_000);
  const news = two.news.filter((line) => !line.startsWith("well"));
  assert.deepEqual(
    new Set(news),
    new Set(["gone free elsewhere", "new held elsewhere", "taken held elsewhere", `taken ${kept} taken by b2`]),
  );
  assert.equal(news.length, 4);
});

test("the record of a held session that somebody removed is written again, with its epoch", async () => {
  const { etcd, controlPlane, pass } = setUp();
  const one = await controlPlane("one");
  const epoch = await one.directory.claim("n", "a");
  etcd.transact([{ kind: "delete", key: "sessions/n" }]);
  await pass(60_000);
  const record = JSON.parse(Buffer.from(etcd.get("sessions/n")?.value ?? "{}").toString()) as { epoch?: number };
  assert.equal(record.epoch, epoch);
  assert.deepEqual(
    one.news.filter((line) => !line.startsWith("well")),
    [],
  );
});

test("a claim of a dead process that comes after its successor's is refused, and does not send the successor away", async () => {
  const { clock, controlPlane } = setUp();
  let isStuck = false;
  const one = await controlPlane("one", { request: () => (isStuck ? { kind: "delay", beforeMs: 5000 } : undefined) });
  const two = await controlPlane("two");
  await two.directory.claim("n", "first");
  isStuck = true;
  const late = one.directory.claim("n", "second", { replaces: ["first"] });
  await turns();
  const epoch = await two.directory.claim("n", "third", { replaces: ["first", "second"] });
  const refused = assert.rejects(late, (thrown) => Problem.is(thrown, "forbidden"));
  clock.advance(5000);
  await refused;
  await turns();
  assert.ok(!two.news.some((line) => line.includes("taken")), two.news.join());
  assert.ok((await two.directory.claim("n", "third")) > epoch);
});

test("nobody is replaced by itself, and what is too much to remember are the oldest", async () => {
  const { controlPlane, etcd } = setUp();
  const { directory } = await controlPlane("one");
  await directory.claim("n", "0", { replaces: ["0"] });
  for (let i = 1; i <= 20; i++) await directory.claim("n", String(i), { replaces: [String(i - 1)] });
  const record = JSON.parse(Buffer.from(etcd.get("sessions/n")?.value ?? []).toString()) as { superseded: string[] };
  assert.deepEqual(
    record.superseded,
    Array.from({ length: 16 }, (_, i) => String(i + 4)),
  );
});

test("a session whose record was removed still bars the processes that it replaced", async () => {
  const { controlPlane, etcd } = setUp();
  const { directory } = await controlPlane("one");
  await directory.claim("n", "older");
  await directory.claim("n", "newer");
  etcd.transact([{ kind: "delete", key: "sessions/n" }]);
  await assert.rejects(directory.claim("n", "older"), (thrown) => Problem.is(thrown, "forbidden"));
});

test("of two claims here the later is held, though the answer to the earlier comes last", async () => {
  const { clock, controlPlane, etcd } = setUp();
  let answerAfterMs = 3000;
  const one = await controlPlane("one", {
    request: (operation) =>
      operation === "transact" ? { kind: "delay", beforeMs: 0, afterMs: answerAfterMs } : undefined,
  });
  const earlier = one.directory.claim("n", "a");
  await turns();
  answerAfterMs = 0;
  const later = await one.directory.claim("n", "a");
  clock.advance(3000);
  assert.ok((await earlier) < later);
  await one.directory.release("n", await earlier);
  assert.ok(etcd.get("sessions/n"));
  await one.directory.release("n", later);
  assert.equal(etcd.get("sessions/n"), undefined);
});

test("a session may speak while its record stands; once another has claimed it, it is told so and may not", async () => {
  const { controlPlane } = setUp();
  // Hears nothing by itself: it stands still.
  const one = await controlPlane("one", { watch: () => ({ kind: "lose" }) });
  const two = await controlPlane("two");
  const epoch = await one.directory.claim("n", "a");
  const standing = one.directory.standing("n", epoch);
  assert.deepEqual(standing.condition(), { key: "sessions/n", modRevision: epoch });
  await two.directory.claim("n", "b");
  await turns();
  assert.ok(standing.condition(), "it does not know yet");
  await standing.confirm();
  assert.equal(standing.condition(), undefined);
  assert.ok(one.news.includes(`n ${epoch} taken by b`), one.news.join());
});

test("a session whose record went speaks on when the record is back, at its new revision", async () => {
  const { controlPlane, etcd } = setUp();
  const { directory } = await controlPlane("one");
  const epoch = await directory.claim("n", "a");
  const standing = directory.standing("n", epoch);
  etcd.transact([{ kind: "delete", key: "sessions/n" }]);
  await standing.confirm();
  const { modRevision = 0 } = standing.condition() ?? {};
  assert.equal(etcd.get("sessions/n")?.modRevision, modRevision);
  assert.ok(modRevision > epoch);
});

test("a record whose claim nobody waited for is removed: the node counts as heard by nobody", async () => {
  const { controlPlane, etcd, pass } = setUp();
  let isLost = false;
  const one = await controlPlane("one", {
    request: (operation) => (isLost && operation === "transact" ? { kind: "lost-answer" } : undefined),
  });
  const two = await controlPlane("two");
  isLost = true;
  await assert.rejects(one.directory.claim("n", "a"), (thrown) => Problem.is(thrown, "unavailable"));
  isLost = false;
  await turns();
  assert.ok(two.directory.heldElsewhere("n"));
  await pass(2 * leaseMs);
  assert.equal(etcd.get("sessions/n"), undefined);
  assert.ok(two.news.includes("n free elsewhere"), two.news.join());
});

test("a record that the store would not remove at a session's end is removed later; one of a newer session stays", async () => {
  const { controlPlane, etcd, pass } = setUp();
  let isAway = false;
  const one = await controlPlane("one", { request: () => (isAway ? { kind: "lost-request" } : undefined) });
  const over = await one.directory.claim("over", "a");
  const again = await one.directory.claim("again", "a");
  isAway = true;
  await assert.rejects(one.directory.release("over", over));
  await assert.rejects(one.directory.release("again", again));
  isAway = false;
  const held = await one.directory.claim("again", "a");
  await pass(3 * leaseMs);
  assert.equal(etcd.get("sessions/over"), undefined);
  assert.equal(etcd.get("sessions/again")?.modRevision, held);
});
