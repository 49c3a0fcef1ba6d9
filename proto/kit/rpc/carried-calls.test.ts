/** Calls that a stream brings, from callers that keep the rules and from others. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { testAuthority } from "#test/support/certificates.ts";
import type { orch } from "../../wire/generated/messages.js";
import { apiService } from "../../wire/generated/services.ts";
import { systemClock } from "../clock.ts";
import { silentLogger } from "../logger.ts";
import { Problem } from "../problem.ts";
import { defaultCallLimits } from "./call-admission.ts";
import type { BidiStream } from "./caller.ts";
import { CarryingCaller } from "./carrying-caller.ts";
import { type CallContext, carrier, serverStream, unary } from "./handlers.ts";
import { Http2Client } from "./http2-client.ts";
import { openSession } from "./http2-session.ts";
import { decodeProblem } from "./problem-wire.ts";
import { RpcServer, type RpcServerOptions } from "./server.ts";
import { TlsServerCredentials } from "./tls.ts";

type Carried = BidiStream<orch.v1.CarriedCall, orch.v1.CarriedAnswer>;

const bounded = { timeout: 20_000 };
const serverName = "control-plane.test.orch";
const atOnce = 3;
const maxSendBytes = 50_000;
let authority: Awaited<ReturnType<typeof testAuthority>>;
const open: (() => unknown)[] = [];
before(async () => {
  authority = await testAuthority();
});
after(async () => {
  for (const close of open) await close();
});

interface Started {
  readonly server: RpcServer;
  readonly observed: string[];
  /** Names asked for, in order. */
  readonly begun: string[];
  /** Lets a call that waits end. */
  release(name: string): void;
  readonly client: Http2Client;
  begin(): Carried;
}

async function start(
  options: Partial<RpcServerOptions> = {},
  carry: object = { carry: carrier(atOnce) },
): Promise<Started> {
  const observed: string[] = [];
  const begun: string[] = [];
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const gate = (name: string): PromiseWithResolvers<void> => {
    const known = gates.get(name) ?? Promise.withResolvers<void>();
    gates.set(name, known);
    return known;
  };
  const observer = { begun: (method: string) => (code: string | undefined) => void observed.push(`${method} ${code}`) };
  const limits = { maxSendBytes };
  const server = new RpcServer({ clock: systemClock, logger: silentLogger, observer, limits, ...options });
  const get = async ({ name }: { readonly name: string }, { peer }: CallContext): Promise<{ object: Buffer }> => {
    begun.push(name);
    if (name === "nobody") throw new Problem("not-found", "nobody is not there");
    if (name === "broken") throw new TypeError("the secret inside");
    if (name === "big") return { object: Buffer.alloc(maxSendBytes) };
    if (name.startsWith("wait")) await gate(name).promise;
    return { object: Buffer.from(`${name} for ${peer?.user}`) };
  };
  server.add(apiService, {
    get: unary(get, { deadlineMs: 15_000 }),
    watch: serverStream(async function* none() {}),
    ...carry,
  } as never);
  const material = await authority.issue("CN=server", [serverName]);
  const port = await server.listen(
    "127.0.0.1:0",
    new TlsServerCredentials(material, { requireClientCertificate: true }),
  );
  open.push(() => server.stop(50));
  const { certificateChain, privateKey } = await authority.issue("CN=ada");
  const client = new Http2Client({
    open: (signal) =>
      openSession(
        {
          ...{ address: `127.0.0.1:${port}`, serverName, certificateAuthority: authority.pem },
          ...{ clientCertificate: certificateChain, clientKey: privateKey, windowBytes: 1 << 20 },
        },
        signal,
      ),
    ...{ server: "the server", userAgent: "test", clock: systemClock, deadlineMs: 10_000, connectTimeoutMs: 5_000 },
  });
  open.unshift(() => client.close());
  const begin = (): Carried => client.bidi(apiService.carry, { signal: AbortSignal.timeout(15_000) });
  return { server, client, observed, begun, begin, release: (name) => gate(name).resolve() };
}

const call = (id: number, name: string, more: Partial<orch.v1.CarriedCall> = {}): object => ({
  ...{ id, method: "Get", request: apiService.get.requestSerialize({ name } as never), deadlineMs: 0 },
  ...more,
});

/** As `1: web for ada`, or `2: not-found, nobody is not there`. */
function text({ id, reply, problem }: orch.v1.CarriedAnswer): string {
  if (reply) return `${id}: ${Buffer.from(apiService.get.responseDeserialize(Buffer.from(reply)).object)}`;
  const told = decodeProblem(problem ?? Buffer.alloc(0));
  return `${id}: ${told.code}, ${told.message}`;
}

async function answers(stream: Carried, count: number): Promise<readonly string[]> {
  const told: string[] = [];
  const replies = stream.replies[Symbol.asyncIterator]();
  while (told.length < count) {
    const { value, done } = await replies.next();
    if (done) break;
    told.push(text(value));
  }
  return told;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

test(
  "each is served as by itself: who calls, its own Problem, its own line in the observer's book",
  bounded,
  async () => {
    const { begin, observed } = await start();
    const stream = begin();
    for (const [at, name] of ["web", "nobody", "broken", "big"].entries()) await stream.send(call(at + 1, name));
    stream.end();
    const told = (await answers(stream, 9)).toSorted();
    assert.deepEqual(told, [
      "1: web for ada",
      "2: not-found, nobody is not there",
      "3: internal, an internal error happened; the server's log has the details",
      `4: too-large, an answer of ${maxSendBytes + 4} bytes is larger than ${maxSendBytes}`,
    ]);
    await until(() => observed.length === 5);
    assert.deepEqual(observed.filter((line) => line.includes("Get")).toSorted(), [
      "/orch.v1.Api/Get internal",
      "/orch.v1.Api/Get not-found",
      "/orch.v1.Api/Get undefined",
      "/orch.v1.Api/Get undefined",
    ]);
  },
);

test("what cannot be carried or read is refused, and the stream goes on", bounded, async () => {
  const { begin } = await start();
  const stream = begin();
  const odd = [
    call(1, "x", { method: "Watch" }),
    call(2, "x", { method: "Carry" }),
    call(3, "x", { method: "../Enrollment/Join" }),
    call(4, "x", { method: "" }),
    call(5, "x", { request: Buffer.from([0x0a, 0xff]) }),
    { id: 6 },
    call(7, "web"),
  ];
  for (const one of odd) await stream.send(one);
  stream.end();
  assert.deepEqual((await answers(stream, 9)).toSorted(), [
    '1: unsupported, a stream cannot carry calls of "Watch"',
    '2: unsupported, a stream cannot carry calls of "Carry"',
    '3: unsupported, a stream cannot carry calls of "../Enrollment/Join"',
    '4: unsupported, a stream cannot carry calls of ""',
    "5: bad-request, the request of Get cannot be read",
    '6: unsupported, a stream cannot carry calls of ""',
    "7: web for ada",
  ]);
});

test("they overtake each other, but no more than so many are begun", bounded, async () => {
  const { begin, begun, release } = await start();
  const stream = begin();
  for (const id of [1, 2, 3, 4, 5]) await stream.send(call(id, `wait ${id}`));
  await until(() => begun.length === atOnce);
  release("wait 2");
  assert.deepEqual(await answers(stream, 1), ["2: wait 2 for ada"]);
  await until(() => begun.length > atOnce);
  assert.deepEqual(begun, ["wait 1", "wait 2", "wait 3", "wait 4"]);
  stream.cancel();
});

test("each counts against its caller's rate, and is told when to come again", bounded, async () => {
  const { begin } = await start({ calls: { ...defaultCallLimits, rate: { perSecond: 0.001, burst: 3 } } });
  const stream = begin();
  for (const id of [1, 2, 3]) await stream.send(call(id, "web"));
  stream.end();
  const told = (await answers(stream, 9)).toSorted();
  assert.deepEqual(told.slice(0, 2), ["1: web for ada", "2: web for ada"]);
  assert.match(told[2] ?? "", /3: too-many-requests, "ada" calls more than/);
});

test("each has its own deadline", bounded, async () => {
  const { begin } = await start();
  const stream = begin();
  await stream.send(call(1, "wait for ever", { deadlineMs: 20 }));
  await stream.send(call(2, "web"));
  stream.end();
  const told = (await answers(stream, 9)).toSorted();
  assert.deepEqual(told, ["1: timeout, Get took longer than its deadline", "2: web for ada"]);
});

test("a caller that goes away takes its calls along", bounded, async () => {
  const { begin, begun, server } = await start();
  const stream = begin();
  await stream.send(call(1, "wait"));
  await until(() => begun.length === 1);
  stream.cancel();
  await until(() => server.counters.running === 0 && server.counters.streams === 0);
});

test("a server that stops begins no more and answers what is under way before it says so", bounded, async () => {
  const { begin, begun, server, release } = await start();
  const stream = begin();
  await stream.send(call(1, "wait"));
  await until(() => begun.length === 1);
  const stopped = server.stop(10_000);
  await stream.send(call(2, "late")).catch(() => undefined);
  release("wait");
  const replies = stream.replies[Symbol.asyncIterator]();
  assert.equal(text((await replies.next()).value), "1: wait for ada");
  await assert.rejects(
    replies.next(),
    (thrown) => Problem.is(thrown, "unavailable") && /stopping/.test(thrown.message),
  );
  await stopped;
  assert.deepEqual(begun, ["wait"]);
});

test("a caller that is cut off loses the stream and what it carries, with the reason", bounded, async () => {
  const { begin, begun, server } = await start();
  const stream = begin();
  await stream.send(call(1, "wait"));
  await until(() => begun.length === 1);
  server.cut(({ user }) => user === "ada", new Problem("unauthenticated", "the certificate was revoked"));
  await assert.rejects(answers(stream, 2), /the certificate was revoked/);
  await until(() => server.counters.running === 0);
});

test("at a server of before there were such streams calls go one by one", bounded, async () => {
  const { client, begun } = await start({}, {});
  const caller = new CarryingCaller({
    caller: client,
    method: apiService.carry,
    clock: systemClock,
    deadlineMs: 10_000,
  });
  const names = ["one", "two", "three", "four"];
  const replies = await Promise.all(names.map((name) => caller.unary(apiService.get, { name })));
  assert.deepEqual(
    replies.map(({ object }) => Buffer.from(object).toString()),
    names.map((name) => `${name} for ada`),
  );
  assert.deepEqual(begun.toSorted(), names.toSorted(), "each once");
});
