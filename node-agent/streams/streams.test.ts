import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { freshContainer, type PodRecord } from "../journal/record.ts";
import type { ContainerLogs, LogQuery } from "../logs/container-logs.ts";
import { testPod, testRecord, testUid } from "../reconciler/pod-builder.ts";
import type { ContainerRuntime, ExecSession } from "../runtime/container-runtime.ts";
import { settle, TestClient } from "./client.fixture.ts";
import { execServer } from "./exec-stream.ts";
import { logsServer } from "./logs-stream.ts";
import { initialCreditBytes } from "./send-window.ts";
import { type StreamServer, Streams, type StreamTarget } from "./serve-stream.ts";

async function open(
  kind: string,
  server: StreamServer,
  target: StreamTarget = {},
  maxStreams = 10,
): Promise<TestClient> {
  const client = new TestClient();
  const streams = new Streams({
    dial: () => client.call,
    servers: { [kind]: server },
    logger: silentLogger,
    maxStreams,
  });
  streams.open({ id: "s1", deadlineMs: 5_000, target: { kind, podUid: testUid, ...target } });
  await settle();
  return client;
}

test("the first frame repeats the id; the result is the last", async () => {
  const client = await open("x", async () => ({ exitCode: 4 }));
  assert.equal(client.received[0]?.open?.id, "s1");
  assert.equal(client.received.at(-1)?.result?.exitCode, 4);
  assert.ok(client.isEnded);
});

test("a kind this agent does not know is refused in words", async () => {
  const client = new TestClient();
  new Streams({ dial: () => client.call, servers: {}, logger: silentLogger, maxStreams: 1 }).open({
    id: "s1",
    target: { kind: "attach" },
  });
  await settle();
  assert.equal(client.problem?.code, "unsupported");
});

test("what a server throws is the result's problem", async () => {
  const client = await open("x", () => Promise.reject(new Problem("not-found", "no such pod", { hint: "look" })));
  assert.deepEqual([client.problem?.code, client.problem?.hint], ["not-found", "look"]);
});

test("no more streams than allowed", async () => {
  const client = await open("x", async () => ({ exitCode: 0 }), {}, 0);
  assert.equal(client.problem?.code, "too-many-requests");
});

test("no more is sent than the client has granted", async () => {
  const client = await open("x", async (_, stream) => {
    await stream.write(Buffer.alloc(initialCreditBytes + 1_000));
    return { exitCode: 0 };
  });
  assert.equal(client.output.length, initialCreditBytes);
  assert.ok(!client.isEnded);
  client.send({ credit: 400 });
  await settle();
  assert.equal(client.output.length, initialCreditBytes + 400);
  client.send({ credit: 600 });
  await settle();
  assert.equal(client.result?.exitCode, 0);
});

test("credit goes back as input is taken, and input ends with the half-close", async () => {
  let bytes = 0;
  const client = await open("x", async (_, stream) => {
    for await (const chunk of stream.input()) bytes += chunk.length;
    return { exitCode: 0 };
  });
  for (let frame = 0; frame < 16; frame++) client.send({ data: Buffer.alloc(32 * 1024) });
  await settle();
  const granted = client.received.reduce((sum, { credit }) => sum + Number(credit ?? 0), 0);
  assert.equal(granted, 512 * 1024);
  client.send({ endOfInput: true });
  await settle();
  assert.equal(bytes, 512 * 1024);
  assert.equal(client.result?.exitCode, 0);
});

test("a client that sends more than it may is cut off", async () => {
  const client = await open(
    "x",
    (_, stream) =>
      new Promise((_resolve, reject) => stream.signal.addEventListener("abort", () => reject(stream.signal.reason))),
  );
  for (let frame = 0; frame < 21; frame++) client.send({ data: Buffer.alloc(32 * 1024) });
  await settle();
  assert.ok(client.isCanceled);
});

test("when the client leaves, the server is told", async () => {
  let reason: unknown;
  const client = await open("x", (_, stream, signal) => {
    return new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        reason = stream.signal.reason;
        reject(signal.reason);
      });
    });
  });
  client.leave();
  await settle();
  assert.ok(Problem.is(reason, "canceled"));
  assert.ok(client.isCanceled);
});

interface Known {
  readonly attempt: number;
  readonly started?: boolean;
  /** Attempt that ran before. */
  readonly previous?: number;
  readonly ended?: boolean;
}

function record({ previous, ended, ...rest }: Known): PodRecord {
  const end = { containerId: "c", exitCode: 1, reason: "Error", startedAtMs: 0, finishedAtMs: 0 };
  const app = {
    ...freshContainer,
    ...rest,
    ...(previous !== undefined && { previous: { ...end, attempt: previous } }),
    ...(ended && { ended: end }),
  };
  return { ...testRecord(testPod()), containers: { app } };
}

async function asked(known: PodRecord | undefined, options: StreamTarget["logs"] = {}): Promise<LogQuery | Problem> {
  let query: LogQuery | undefined;
  const read = (asking: LogQuery) => {
    query = asking;
    return new PassThrough().end("line\n");
  };
  const server = logsServer({ read } as unknown as ContainerLogs, () => known, new ManualClock(1_000_000));
  const client = await open("logs", server, { logs: options });
  return query ?? client.problem ?? assert.fail("neither read nor refused");
}

test("logs are the current attempt's; --previous the one's before; while waiting the last that ran", async () => {
  const attempt = async (known: PodRecord, options = {}): Promise<unknown> => {
    const answer = await asked(known, options);
    return answer instanceof Problem ? answer.message : answer.attempt;
  };
  assert.equal(await attempt(record({ attempt: 2, started: true, previous: 1 })), 2);
  assert.equal(await attempt(record({ attempt: 2, started: true, previous: 1 }), { previous: true }), 1);
  assert.equal(await attempt(record({ attempt: 2, started: false, previous: 1 })), 1);
  assert.equal(await attempt(record({ attempt: 2, started: false, previous: 1 }), { previous: true }), 1);
  const waiting = record({ attempt: 2, started: true, ended: true, previous: 1 });
  assert.deepEqual(
    [await attempt(waiting), await attempt(waiting, { previous: true })],
    [2, 2],
    "as its lastState says",
  );
  assert.match(
    String(await attempt(record({ attempt: 0, started: true }), { previous: true })),
    /previous .* not found/,
  );
  assert.match(String(await attempt(record({ attempt: 0 }))), /waiting to start/);
});

test("log options are passed on; an ended container is not followed", async () => {
  const running = record({ attempt: 0, started: true });
  const query = await asked(running, { follow: true, sinceMs: 5_000, tailLines: 10, limitBytes: 99, timestamps: true });
  assert.deepEqual(query, {
    podUid: testUid,
    container: "app",
    attempt: 0,
    follow: true,
    timestamps: true,
    sinceMs: 995_000,
    tailLines: 10,
    limitBytes: 99,
  });
  const over = await asked(record({ attempt: 0, started: true, ended: true }), { follow: true, tailLines: -1 });
  assert.ok(!(over instanceof Problem) && !over.follow && over.tailLines === undefined);
});

test("a pod or container that is not here is named", async () => {
  assert.ok(Problem.is(await asked(undefined), "not-found"));
  const server = logsServer({} as ContainerLogs, () => record({ attempt: 0, started: true }), new ManualClock());
  const client = await open("logs", server, { container: "nope" });
  assert.match(client.problem?.message ?? "", /container nope is not valid for pod web/);
  assert.match(client.problem?.hint ?? "", /app/);
});

function execSession(): ExecSession & { readonly killed: () => boolean } {
  const stdio = new PassThrough();
  const exit = Promise.withResolvers<number>();
  let killed = false;
  stdio.once("finish", () => exit.resolve(0));
  return {
    stdio,
    stderr: new PassThrough().end("warn"),
    resize: () => undefined,
    exitCode: exit.promise,
    kill: () => {
      killed = true;
      stdio.destroy();
    },
    killed: () => killed,
  };
}

test("exec carries stdin, stdout, stderr and the exit code", async () => {
  const session = execSession();
  const runtime = { exec: () => Promise.resolve(session) } as unknown as ContainerRuntime;
  const server = execServer(runtime, () => record({ attempt: 0, started: true }));
  const client = await open("exec", server, { exec: { command: ["cat"], stdin: true } });
  client.send({ data: Buffer.from("hello") });
  client.send({ endOfInput: true });
  await settle();
  assert.equal(client.output, "hello");
  assert.equal(String(Buffer.from(client.received.find(({ errorData }) => errorData)?.errorData ?? [])), "warn");
  assert.equal(client.result?.exitCode, 0);
});

test("a client that leaves ends the command", async () => {
  const session = execSession();
  const runtime = { exec: () => Promise.resolve(session) } as unknown as ContainerRuntime;
  const server = execServer(runtime, () => record({ attempt: 0, started: true }));
  const client = await open("exec", server, { exec: { command: ["cat"], stdin: true } });
  client.leave();
  await settle();
  assert.ok(session.killed());
});

test("exec needs a running container and a command", async () => {
  const runtime = {} as ContainerRuntime;
  const ended = execServer(runtime, () => record({ attempt: 0, started: true, ended: true }));
  assert.equal((await open("exec", ended, { exec: { command: ["true"] } })).problem?.code, "conflict");
  const running = execServer(runtime, () => record({ attempt: 0, started: true }));
  assert.equal((await open("exec", running, { exec: { command: [] } })).problem?.code, "bad-request");
});
