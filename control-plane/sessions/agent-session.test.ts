import assert from "node:assert/strict";
import { test } from "node:test";
import { Channel } from "#proto/kit/channel.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { type AgentMessage, AgentSession, type ControlMessage, type SessionHandlers } from "./agent-session.ts";
import { AssignmentView } from "./assignment-view.ts";

const turns = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await new Promise(setImmediate);
};

/** A session whose agent reads only while `gate` is open. */
function setUp(handlers: Partial<SessionHandlers> = {}) {
  const clock = new ManualClock();
  const pods = new Map<string, KubeObject>();
  const view = new AssignmentView("n", {
    podsOf: () => [...pods.values()],
    get: (_resource, _namespace, name) => pods.get(name),
  });
  const session = new AgentSession({
    node: "n",
    instance: "i",
    version: "1.0.0",
    features: [],
    epoch: 1,
    standing: { condition: () => undefined, confirm: async () => undefined },
    view,
    clock,
    certificateExpiresAtMs: Number.POSITIVE_INFINITY,
    serial: "00",
    handlers: {
      heartbeat: () => undefined,
      status: async () => undefined,
      nodeStatus: () => undefined,
      events: () => undefined,
      operation: () => undefined,
      images: () => undefined,
      ...handlers,
    },
  });
  const said = new Channel<AgentMessage>(10_000);
  const told: ControlMessage[] = [];
  const state = { gate: Promise.resolve() };
  const call = {
    requests: said,
    send: async (message: ControlMessage) => {
      await state.gate;
      told.push(message);
    },
  };
  const place = (name: string): void => {
    const metadata = { name, namespace: "default", uid: name, resourceVersion: "1" };
    pods.set(name, { apiVersion: "v1", kind: "Pod", metadata, spec: { nodeName: "n" } });
    view.touchPod("default", name);
    session.assignmentsChanged();
  };
  return { clock, session, said, told, state, place, running: session.run(call) };
}
const upserts = (message: ControlMessage | undefined): number => message?.assignments?.upserts?.length ?? 0;

test("changes that come together leave together; the next delta is at least 20 ms later", async () => {
  const { clock, session, told, place } = setUp();
  await turns();
  assert.equal(told[0]?.assignments?.complete, true);
  clock.advance(100);
  for (const name of ["a", "b", "c"]) place(name);
  clock.advance(0);
  await turns();
  assert.equal(upserts(told[1]), 3);
  place("d");
  clock.advance(19);
  await turns();
  assert.equal(told.length, 2);
  clock.advance(1);
  await turns();
  assert.equal(upserts(told[2]), 1);
  session.end({ reason: "done", reconnectAfterMs: 0 });
});

test("an agent that reads nothing gets one delta for all that happened meanwhile", async () => {
  const { clock, session, told, state, place } = setUp();
  await turns();
  const open = Promise.withResolvers<void>();
  state.gate = open.promise;
  clock.advance(100);
  for (let i = 0; i < 60; i++) {
    place(`p${i}`);
    clock.advance(25);
    await turns();
  }
  open.resolve();
  await turns();
  clock.advance(100);
  await turns();
  const deltas = told.filter((message) => message.assignments?.complete === false);
  assert.equal(
    deltas.reduce((sum, delta) => sum + upserts(delta), 0),
    60,
  );
  assert.ok(deltas.length <= 3, `${deltas.length} deltas`);
  session.end({ reason: "done", reconnectAfterMs: 0 });
});

test("an agent that takes nothing for too long is ended, and what waits for it is bounded", async () => {
  const { session, state, said, running, clock } = setUp();
  await turns();
  state.gate = new Promise(() => undefined);
  for (let i = 0; i < 2000; i++) said.push({ heartbeat: { sequence: i } });
  await turns();
  await turns();
  assert.equal(session.send({}), false);
  for (let second = 0; second < 2; second++) {
    clock.advance(1000);
    await turns();
  }
  await running;
  assert.ok(session.signal.aborted);
});

test("too many unacknowledged status batches end the session with a reason", async () => {
  const { said, told, running } = setUp({ status: () => new Promise(() => undefined) });
  for (let sequence = 0; sequence < 70; sequence++) said.push({ status: { sequence } });
  await running;
  assert.match(told.at(-1)?.goodbye?.reason ?? "", /status batches await acknowledgement/);
});

test("a status that cannot be written ends the session with the reason, to be tried again", async () => {
  const status = async (): Promise<void> => {
    throw new Problem("unavailable", "etcd is away");
  };
  const { said, told, running } = setUp({ status });
  said.push({ status: { sequence: 1 } });
  await running;
  const { reason, reconnectAfterMs } = told.at(-1)?.goodbye ?? {};
  assert.deepEqual([reason, reconnectAfterMs], ["etcd is away", 1000]);
});

test("a second hello is no part of a session", async () => {
  const { said, told, running } = setUp();
  said.push({ hello: { version: "1.0.0" } });
  await running;
  assert.match(told.at(-1)?.goodbye?.reason ?? "", /hello is only the first/);
});
