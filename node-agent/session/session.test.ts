import assert from "node:assert/strict";
import { test } from "node:test";
import { Channel } from "#proto/kit/channel.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { seededRandom } from "#proto/kit/random.ts";
import { Session } from "./session.ts";
import type { AgentMessage, ControlMessage, Dismissal, SessionCall } from "./session-ports.ts";

/** The other end of one call. */
class Call {
  readonly sent: AgentMessage[] = [];
  readonly #replies = new Channel<ControlMessage>(100);
  isClosed = false;

  get call(): SessionCall {
    return {
      replies: this.#replies,
      send: (message) => {
        this.sent.push(message);
        return Promise.resolve();
      },
      close: () => {
        this.isClosed = true;
        this.#replies.close(new Problem("canceled", "closed"));
      },
    };
  }

  say(message: ControlMessage): void {
    this.#replies.push(message);
  }

  hangUp(): void {
    this.#replies.close();
  }
}

class Bench {
  readonly clock = new ManualClock();
  readonly calls: Call[] = [];
  readonly log: string[] = [];
  refusal: Problem | undefined;
  takesAssignments = true;
  readonly #stop = new AbortController();
  readonly session = new Session({
    clock: this.clock,
    random: seededRandom(3),
    logger: { ...silentLogger, warn: (fields) => void this.log.push(String(fields.error)) },
    dial: () => {
      if (this.refusal) return Promise.reject(this.refusal);
      const call = new Call();
      this.calls.push(call);
      return Promise.resolve(call.call);
    },
    handlers: {
      hello: () => ({ version: "0.1.0" }),
      welcome: () => void this.log.push("welcome"),
      assignments: () => this.takesAssignments,
      statusAck: (sequence) => void this.log.push(`ack ${sequence}`),
      openStream: (request) => void this.log.push(`stream ${request.id}`),
      operation: (request) => void this.log.push(`operation ${request.kind}`),
      renewNow: () => void this.log.push("renew"),
      ended: () => void this.log.push("ended"),
    },
  });
  ended: Promise<Dismissal | undefined> = Promise.resolve(undefined);

  async start(): Promise<Call> {
    this.ended = this.session.run(this.#stop.signal);
    await this.settle();
    return this.last;
  }

  get last(): Call {
    const call = this.calls.at(-1);
    assert.ok(call, "no call was made");
    return call;
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
  }

  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.settle();
  }

  stop(): Promise<Dismissal | undefined> {
    this.#stop.abort(new DOMException("stop", "AbortError"));
    return this.ended;
  }
}

const welcome: ControlMessage = { welcome: { heartbeatIntervalMs: 2_000 } };

test("hello first; heartbeats after the welcome, while they are answered", async () => {
  const bench = new Bench();
  const call = await bench.start();
  assert.equal(call.sent[0]?.hello?.version, "0.1.0");
  call.say(welcome);
  await bench.settle();
  for (let sequence = 1; sequence <= 10; sequence++) {
    await bench.pass(2_000);
    assert.equal(call.sent.at(-1)?.heartbeat?.sequence, sequence);
    call.say({ heartbeatAck: { sequence } });
    await bench.settle();
  }
  assert.equal(bench.calls.length, 1);
  await bench.stop();
});

test("unanswered heartbeats end the session, and another is begun", async () => {
  const bench = new Bench();
  (await bench.start()).say(welcome);
  await bench.settle();
  for (let beat = 0; beat < 6; beat++) await bench.pass(2_000);
  assert.ok(bench.calls[0]?.isClosed);
  await bench.pass(1_000);
  assert.equal(bench.calls.length, 2);
  await bench.stop();
});

test("messages reach their handlers; a gap asks for the whole set", async () => {
  const bench = new Bench();
  const call = await bench.start();
  call.say(welcome);
  call.say({ statusAck: { sequence: 7 } });
  call.say({ openStream: { id: "s1" } });
  call.say({ operation: { id: "o1", kind: "build" } });
  call.say({ renewNow: { reason: "another authority" } });
  bench.takesAssignments = false;
  call.say({ assignments: {} });
  await bench.settle();
  assert.deepEqual(bench.log, ["welcome", "ack 7", "stream s1", "operation build", "renew"]);
  assert.deepEqual(call.sent.at(-1), { gap: {} });
  await bench.stop();
});

test("without a control plane it tries again with growing waits of at most 8 s, and says so once", async () => {
  const bench = new Bench();
  bench.refusal = new Problem("unavailable", "connection refused");
  bench.ended = bench.session.run(new AbortController().signal);
  const waits: number[] = [];
  for (let tries = 0; tries < 10; tries++) {
    await bench.settle();
    const nextAtMs = bench.clock.nextAtMs() ?? 0;
    waits.push(nextAtMs - bench.clock.monotonicMs());
    bench.clock.fireNext();
  }
  assert.ok(
    waits.every((wait, index) => wait <= Math.min(8_000, 100 * 2 ** index)),
    String(waits),
  );
  assert.ok((waits.at(-1) ?? 0) >= 4_000, String(waits));
  assert.deepEqual(bench.log, ["connection refused"]);
});

test("a goodbye says when to come back", async () => {
  const bench = new Bench();
  const call = await bench.start();
  call.say(welcome);
  call.say({ goodbye: { reason: "restarting", reconnectAfterMs: 3_000 } });
  await bench.settle();
  await bench.pass(2_999);
  assert.equal(bench.calls.length, 1);
  await bench.pass(1);
  assert.equal(bench.calls.length, 2);
  await bench.stop();
});

test("a goodbye for good ends it", async () => {
  const bench = new Bench();
  const call = await bench.start();
  call.say({ goodbye: { reason: "a newer agent has taken over", reconnectAfterMs: -1 } });
  assert.deepEqual(await bench.ended, {
    reason: "a newer agent has taken over",
    nodeDeleted: false,
    identityRefused: false,
  });
});

test("no welcome within 30 s is a broken session", async () => {
  const bench = new Bench();
  await bench.start();
  await bench.pass(30_000);
  assert.ok(bench.calls[0]?.isClosed);
  assert.deepEqual(bench.log, ["no welcome from the control plane"]);
  await bench.stop();
});

test("a closed session is begun again at once", async () => {
  const bench = new Bench();
  const call = await bench.start();
  call.say(welcome);
  await bench.settle();
  call.hangUp();
  await bench.settle();
  await bench.pass(200);
  assert.equal(bench.calls.length, 2);
  await bench.stop();
});

test("reconnecting serves the old session until the new one is welcome, and nobody hears of an end", async () => {
  const bench = new Bench();
  const old = await bench.start();
  old.say(welcome);
  await bench.settle();
  bench.session.reconnect();
  await bench.settle();
  assert.equal(bench.calls.length, 2);
  assert.ok(bench.last.sent[0]?.hello);
  old.say({ openStream: { id: "meanwhile" } });
  bench.takesAssignments = false;
  old.say({ assignments: {} });
  await bench.settle();
  assert.ok(!old.sent.some(({ gap }) => gap), "the successor will be told everything");
  bench.last.say(welcome);
  await bench.settle();
  old.say({ openStream: { id: "asked before" } });
  old.say({ assignments: {} });
  bench.last.say({ openStream: { id: "new" } });
  await bench.settle();
  assert.deepEqual(bench.log, ["welcome", "stream meanwhile", "welcome", "stream asked before", "stream new"]);
  old.say({ goodbye: { reason: "this agent has opened a newer session" } });
  await bench.settle();
  assert.ok(old.isClosed && !bench.last.isClosed);
  assert.ok(!bench.log.includes("ended"));
  await bench.stop();
  assert.equal(bench.log.at(-1), "ended");
});

test("a session that cannot be moved goes on, asks for all again, and is tried to be moved later", async () => {
  const bench = new Bench();
  const old = await bench.start();
  old.say(welcome);
  await bench.settle();
  bench.session.reconnect();
  await bench.settle();
  bench.last.hangUp();
  await bench.settle();
  assert.ok(!old.isClosed);
  assert.deepEqual(old.sent.at(-1), { gap: {} });
  bench.refusal = new Problem("unavailable", "connection refused");
  await bench.pass(5_000);
  assert.ok(!old.isClosed);
  bench.refusal = undefined;
  await bench.pass(5_000);
  bench.last.say(welcome);
  await bench.settle();
  await bench.pass(3_000);
  assert.deepEqual([bench.calls.length, old.isClosed], [3, true]);
  assert.ok(!bench.log.includes("ended"));
  await bench.stop();
});

test("stopping ends the call and resolves", async () => {
  const bench = new Bench();
  const call = await bench.start();
  call.say(welcome);
  await bench.settle();
  assert.equal(await bench.stop(), undefined);
  assert.ok(call.isClosed);
});
