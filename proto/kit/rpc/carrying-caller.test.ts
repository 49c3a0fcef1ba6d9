import assert from "node:assert/strict";
import { test } from "node:test";
import { testAuthority } from "#test/support/certificates.ts";
import { apiService } from "../../wire/generated/services.ts";
import { Channel } from "../channel.ts";
import { systemClock } from "../clock.ts";
import { ManualClock } from "../manual-clock.ts";
import { Problem } from "../problem.ts";
import { http2TargetOf, rpcCallerContract } from "./caller.contract.ts";
import type { BidiStream, RpcCaller } from "./caller.ts";
import type { CarriedAnswer, CarriedMessage } from "./carried-calls.ts";
import { CarryingCaller } from "./carrying-caller.ts";
import { Http2Client } from "./http2-client.ts";
import { openSession } from "./http2-session.ts";
import { encodeProblem } from "./problem-wire.ts";

const bounded = { timeout: 20_000 };

rpcCallerContract("carried", testAuthority, (to) => {
  const target = http2TargetOf(to);
  const caller = new Http2Client({
    open: (signal) => openSession(target, signal),
    server: "the server",
    userAgent: "test",
    clock: systemClock,
    deadlineMs: 10_000,
    connectTimeoutMs: 5_000,
  });
  const carrying = new CarryingCaller({ caller, method: apiService.carry, clock: systemClock, deadlineMs: 10_000 });
  // Beside it all others are carried.
  carrying.unary(apiService.get, { name: "never" }, { deadlineMs: 20_000 }).catch(() => undefined);
  return carrying;
});

/** Calls are answered with their own name; streams are the test's to answer. */
class Fake {
  readonly alone: string[] = [];
  readonly streams: { readonly carried: CarriedMessage[]; readonly answers: Channel<CarriedAnswer>; ended: boolean }[] =
    [];
  readonly gates: (() => void)[] = [];
  readonly clock = new ManualClock();
  readonly caller = new CarryingCaller({
    caller: {
      unary: async (_method: unknown, { name }: { name: string }) => {
        this.alone.push(name);
        await new Promise<void>((resolve) => this.gates.push(resolve));
        return { object: Buffer.from(name) };
      },
      bidi: () => this.#stream(),
    } as unknown as RpcCaller,
    method: apiService.carry,
    clock: this.clock,
    deadlineMs: 5_000,
  });

  get(name: string, signal?: AbortSignal): Promise<string> {
    const reply = this.caller.unary(apiService.get, { name }, signal && { signal });
    return reply.then(({ object }) => Buffer.from(object).toString());
  }

  #stream(): BidiStream<CarriedMessage, CarriedAnswer> {
    const stream = { carried: [] as CarriedMessage[], answers: new Channel<CarriedAnswer>(100), ended: false };
    this.streams.push(stream);
    return {
      replies: stream.answers,
      send: async (message) => void stream.carried.push(message as CarriedMessage),
      end: () => {
        stream.ended = true;
      },
      cancel: () => undefined,
    };
  }
}

const reply = (id: number, text: string): CarriedAnswer => {
  const object = Buffer.from(text);
  return { id, reply: apiService.get.responseSerialize({ object } as never) };
};

test(
  "a call alone is an ordinary one; those beside it share a stream, which ends with the last of them",
  bounded,
  async () => {
    const fake = new Fake();
    const first = fake.get("first");
    const others = [fake.get("second"), fake.get("third")];
    assert.deepEqual(fake.alone, ["first"]);
    assert.equal(fake.streams.length, 1);
    const [stream] = fake.streams;
    assert.deepEqual(
      stream?.carried.map(({ method, deadlineMs }) => [method, deadlineMs]),
      [
        ["Get", 5_000],
        ["Get", 5_000],
      ],
    );
    const [second, third] = stream?.carried.map(({ id }) => id) ?? [];
    stream?.answers.push(reply(third ?? 0, "3"));
    stream?.answers.push(reply(second ?? 0, "2"));
    assert.deepEqual(await Promise.all(others), ["2", "3"], "each gets its own answer");
    assert.equal(stream?.ended, false);
    fake.gates[0]?.();
    await first;
    assert.equal(stream?.ended, true);
    void fake.get("alone again");
    void fake.get("beside it");
    assert.equal(fake.streams.length, 2, "a stream that has ended takes no more");
  },
);

test("a Problem is that of its own call", bounded, async () => {
  const fake = new Fake();
  void fake.get("first");
  const [refused, fine] = [fake.get("refused"), fake.get("fine")];
  const problem = encodeProblem(new Problem("conflict", "changed by somebody else", { hint: "Read it again." }));
  fake.streams[0]?.answers.push({ id: fake.streams[0].carried[0]?.id ?? 0, problem });
  fake.streams[0]?.answers.push(reply(fake.streams[0].carried[1]?.id ?? 0, "fine"));
  await assert.rejects(refused, (thrown) => Problem.is(thrown, "conflict") && thrown.hint === "Read it again.");
  assert.equal(await fine, "fine");
});

test("when the stream breaks whoever waits is told why, and the next call has a new one", bounded, async () => {
  const fake = new Fake();
  void fake.get("first");
  const waiting = [fake.get("a"), fake.get("b")];
  fake.streams[0]?.answers.close(new Problem("unavailable", "the server is stopping; connect again"));
  for (const one of waiting) await assert.rejects(one, /the server is stopping/);
  const next = fake.get("c");
  assert.equal(fake.streams.length, 2);
  fake.streams[1]?.answers.close();
  await assert.rejects(next, (thrown) => Problem.is(thrown, "unavailable"));
});

test(
  "a call is given up when it is not answered in time, or when its signal aborts; a late answer is nobody's",
  bounded,
  async () => {
    const fake = new Fake();
    void fake.get("first");
    const stopping = new AbortController();
    const [late, aborted] = [fake.get("late"), fake.get("aborted", stopping.signal)];
    stopping.abort(new Problem("canceled", "given up"));
    await assert.rejects(aborted, /given up/);
    fake.clock.advance(6_000);
    await assert.rejects(late, (thrown) => Problem.is(thrown, "timeout"));
    for (const { id } of fake.streams[0]?.carried ?? []) fake.streams[0]?.answers.push(reply(id, "late"));
    await assert.rejects(fake.get("never sent", stopping.signal), /given up/);
    assert.equal(fake.streams[0]?.carried.length, 2);
  },
);

test("a server that knows no such stream gets each call by itself, then and from then on", bounded, async () => {
  const fake = new Fake();
  void fake.get("first");
  const others = [fake.get("second"), fake.get("third")];
  fake.streams[0]?.answers.close(new Problem("unsupported", "the server does not implement the method"));
  while (fake.alone.length < 3) await new Promise((resolve) => setImmediate(resolve));
  void fake.get("fourth");
  assert.deepEqual(fake.alone, ["first", "second", "third", "fourth"]);
  assert.equal(fake.streams.length, 1);
  for (const open of fake.gates) open();
  assert.deepEqual(await Promise.all(others), ["second", "third"]);
});

test("what the server refuses as unsupported in one call is that call's own", bounded, async () => {
  const fake = new Fake();
  void fake.get("first");
  const refused = fake.get("odd");
  const problem = encodeProblem(new Problem("unsupported", "no such verb"));
  fake.streams[0]?.answers.push({ id: fake.streams[0].carried[0]?.id ?? 0, problem });
  await assert.rejects(refused, /no such verb/);
  assert.deepEqual(fake.alone, ["first"]);
});
