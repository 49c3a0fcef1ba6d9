import assert from "node:assert/strict";
import { test } from "node:test";
import { Channel } from "#proto/kit/channel.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem, type ProblemCode } from "#proto/kit/problem.ts";
import { seededRandom } from "#proto/kit/random.ts";
import { encodeProblem } from "#proto/kit/rpc/problem-status.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import { Operations } from "./operations.ts";
import { type Frame, type FrameCall, StreamBroker } from "./stream-broker.ts";

const forever = new AbortController().signal;
const hasCode = (code: ProblemCode) => (thrown: unknown) => Problem.is(thrown, code);
const turns = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await new Promise(setImmediate);
};

function setUp() {
  const clock = new ManualClock();
  const sent: orch.v1.ControlMessage.$Properties[] = [];
  const session = new AbortController();
  const state = { connected: true };
  const sender = {
    send: (message: orch.v1.ControlMessage.$Properties) => sent.push(message) > 0,
    signal: session.signal,
  };
  const options = {
    clock,
    random: seededRandom(3),
    sessionOf: (node: string) => (state.connected && node === "n" ? sender : undefined),
    ownerOf: (node: string) => (node === "far" ? "10.0.0.2:7443" : undefined),
    deadlineMs: 10_000,
  };
  return { clock, sent, session, state, broker: new StreamBroker(options), operations: new Operations(options) };
}

function callWith(...frames: Frame[]): FrameCall & { readonly said: Channel<Frame> } {
  const said = new Channel<Frame>(10);
  for (const frame of frames) said.push(frame);
  return { requests: said, said, send: async () => undefined, signal: new AbortController().signal };
}

test("an agent that calls back with the id gets the caller who asked", async () => {
  const { sent, broker } = setUp();
  const opening = broker.open("n", { kind: "logs" }, forever);
  const id = sent[0]?.openStream?.id ?? "";
  const accepted = broker.accept("n", callWith({ open: { id } }, { data: Buffer.from("x") }));
  const end = await opening;
  assert.equal((await end.frames.next()).value?.data?.length, 1);
  end.close();
  await accepted;
});

test("an agent that moves to another session calls back all the same; one that loses its last does not", async () => {
  const clock = new ManualClock();
  const sessions = [new AbortController(), new AbortController()];
  let at: number | undefined = 0;
  const sent: orch.v1.ControlMessage.$Properties[] = [];
  const sessionOf = () => {
    const session = at === undefined ? undefined : sessions[at];
    return session && { signal: session.signal, send: (message: (typeof sent)[number]) => sent.push(message) > 0 };
  };
  const broker = new StreamBroker({ clock, random: seededRandom(3), sessionOf, deadlineMs: 10_000 });
  const opening = broker.open("n", { kind: "logs" }, forever);
  const lost = broker.open("n", { kind: "logs" }, forever);
  at = 1;
  sessions[0]?.abort();
  const accepted = broker.accept("n", callWith({ open: { id: sent[0]?.openStream?.id ?? "" } }));
  (await opening).close();
  await accepted;
  at = undefined;
  sessions[1]?.abort();
  await assert.rejects(lost, hasCode("unavailable"));
});

test("an agent that does not call back in time leaves nothing behind, and comes too late then", async () => {
  const { clock, sent, broker } = setUp();
  const opening = broker.open("n", { kind: "logs" }, forever);
  clock.advance(10_000);
  await assert.rejects(opening, hasCode("timeout"));
  const late = broker.accept("n", callWith({ open: { id: sent[0]?.openStream?.id ?? "" } }));
  await assert.rejects(late, hasCode("not-found"));
});

test("a node without session, elsewhere, or lost while it is asked is told as such", async () => {
  const { session, broker } = setUp();
  await assert.rejects(broker.open("unknown", {}, forever), hasCode("unavailable"));
  await assert.rejects(broker.open("far", {}, forever), /served by another control plane, at 10.0.0.2:7443/);
  const opening = broker.open("n", {}, forever);
  session.abort();
  await assert.rejects(opening, /not connected/);
});

test("a caller that goes away while it waits ends the wait", async () => {
  const { broker } = setUp();
  const caller = new AbortController();
  const opening = broker.open("n", {}, caller.signal);
  caller.abort(new Problem("canceled", "gone"));
  await assert.rejects(opening, hasCode("canceled"));
});

test("a call back without a first frame is cut after its time", async () => {
  const { clock, broker } = setUp();
  const accepting = broker.accept("n", callWith());
  clock.advance(10_000);
  await assert.rejects(accepting, hasCode("timeout"));
});

test("an operation ends with its answer, its agent's problem, or at its deadline", async () => {
  const { clock, sent, operations } = setUp();
  const request = { node: "n", kind: "ping", payload: new Uint8Array(), deadlineMs: 1000 };
  const idOf = (index: number): string => sent[index]?.operation?.id ?? "";
  const good = operations.request(request, forever);
  operations.answered("another", { id: idOf(0), payload: Buffer.from("no") });
  operations.answered("n", { id: idOf(0), payload: Buffer.from("yes") });
  assert.equal(Buffer.from(await good).toString(), "yes");
  const bad = operations.request(request, forever);
  operations.answered("n", { id: idOf(1), problem: encodeProblem(new Problem("too-large", "no room")) });
  await assert.rejects(bad, hasCode("too-large"));
  const late = operations.request(request, forever);
  clock.advance(1000);
  await assert.rejects(late, hasCode("timeout"));
});

test("an operation is repeated with a new session, with what is left of its time, and not after it was answered", async () => {
  const { clock, sent, operations } = setUp();
  const asking = operations.request({ node: "n", kind: "p", payload: new Uint8Array(), deadlineMs: 5000 }, forever);
  clock.advance(2000);
  operations.sessionStarted("n");
  assert.equal(sent[1]?.operation?.id, sent[0]?.operation?.id);
  assert.equal(sent[1]?.operation?.deadlineMs, 3000);
  operations.answered("n", { id: sent[0]?.operation?.id ?? "" });
  await asking;
  await turns();
  operations.sessionStarted("n");
  assert.equal(sent.length, 2);
});
