import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttp2Server, type ServerHttp2Stream } from "node:http2";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { PassThrough } from "node:stream";
import { after, test } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { testContainer } from "../reconciler/pod-builder.ts";
import type { ContainerRuntime, ExecSession } from "../runtime/container-runtime.ts";
import { runExec } from "./exec-runner.ts";
import { runGrpc } from "./grpc-runner.ts";
import { createHookRunner } from "./hook-runner.ts";
import { runHttp } from "./http-runner.ts";
import { type ProbeTarget, portNumber } from "./runner.ts";
import { runTcp } from "./tcp-runner.ts";

const requests: IncomingMessage[] = [];
const server = createServer((request: IncomingMessage, response: ServerResponse) => {
  requests.push(request);
  response.statusCode = Number(request.url?.slice(1)) || 200;
  response.end("words of the server");
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
after(() => server.close());
const { port } = server.address() as AddressInfo;

const target: ProbeTarget = {
  containerId: "c1",
  container: testContainer({ ports: [{ name: "web", containerPort: port }] }),
  addresses: ["127.0.0.1"],
};
/** Begun by each test for itself: all files are loaded long before their turn. */
const deadline = (): AbortSignal => AbortSignal.timeout(10_000);

test("ports are numbers or names of the container's ports", () => {
  assert.equal(portNumber("web", target.container), port);
  assert.equal(portNumber(80, target.container), 80);
  assert.equal(portNumber("80", target.container), 80);
  for (const bad of ["nope", 0, 70_000]) assert.equal(portNumber(bad, target.container), undefined);
});

test("an HTTP status from 200 to 399 is success, everything else failure with the server's words", async () => {
  assert.equal((await runHttp(target, { port: "web", path: "/204" }, deadline())).ok, true);
  assert.equal((await runHttp(target, { port: "web", path: "302" }, deadline())).ok, true);
  const failed = await runHttp(target, { port: "web", path: "/503" }, deadline());
  assert.equal(failed.message, "HTTP probe failed with statuscode: 503: words of the server");
});

test("an HTTP probe sends its headers, Host among them", async () => {
  const httpHeaders = [
    { name: "Host", value: "example.test" },
    { name: "X-Probe", value: "yes" },
  ];
  await runHttp(target, { port: "web", path: "/", httpHeaders }, deadline());
  const headers: IncomingHttpHeaders = requests.at(-1)?.headers ?? {};
  assert.equal(headers.host, "example.test");
  assert.equal(headers["x-probe"], "yes");
  assert.equal(headers["user-agent"], "orch-probe");
});

test("nobody listening, no address and an unknown port are failures, not errors", async () => {
  const closed = createTcpServer().listen(0, "127.0.0.1");
  await once(closed, "listening");
  const free = (closed.address() as AddressInfo).port;
  closed.close();
  await once(closed, "close");
  assert.equal((await runHttp(target, { port: free }, deadline())).ok, false);
  assert.equal((await runTcp(target, { port: free }, deadline())).ok, false);
  assert.equal((await runTcp({ ...target, addresses: [] }, { port: 80 }, deadline())).ok, false);
  assert.match((await runTcp(target, { port: "nope" }, deadline())).message, /no port "nope"/);
});

test("a TCP probe succeeds when the connection is accepted", async () => {
  assert.equal((await runTcp(target, { port: "web" }, deadline())).ok, true);
});

function runtimeThatExits(exitCode: number, output: string): ContainerRuntime {
  const stdio = new PassThrough();
  stdio.end(output);
  const session: ExecSession = {
    stdio,
    stderr: new PassThrough().end(),
    resize: () => undefined,
    exitCode: new Promise((resolve) => setImmediate(() => resolve(exitCode))),
    kill: () => undefined,
  };
  return { exec: () => Promise.resolve(session) } as unknown as ContainerRuntime;
}

test("an exec probe goes by the exit code and shows what was written", async () => {
  assert.equal((await runExec(runtimeThatExits(0, ""), target, ["true"], deadline())).ok, true);
  const failed = await runExec(runtimeThatExits(2, "no such file\n"), target, ["cat", "/ready"], deadline());
  assert.deepEqual(failed, { ok: false, message: "no such file" });
  assert.equal(
    (await runExec(runtimeThatExits(1, ""), target, ["false"], deadline())).message,
    "command exited with code 1",
  );
});

test("a gRPC probe asks the health service, and says what it answered", async () => {
  const asked: Buffer[] = [];
  const health = createHttp2Server();
  health.on("stream", (stream: ServerHttp2Stream) => {
    const parts: Buffer[] = [];
    stream.on("data", (part: Buffer) => void parts.push(part));
    stream.on("end", () => {
      const body = Buffer.concat(parts);
      asked.push(body);
      const name = body.subarray(7).toString();
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      const isUnknown = name === "unknown";
      const trailers = { "grpc-status": isUnknown ? 5 : 0, ...(isUnknown && { "grpc-message": "unknown service" }) };
      stream.on("wantTrailers", () => stream.sendTrailers(trailers));
      stream.end(isUnknown ? Buffer.alloc(0) : Buffer.from([0, 0, 0, 0, 2, 8, name === "sick" ? 2 : 1]));
    });
  });
  health.listen(0, "127.0.0.1");
  await once(health, "listening");
  const { port: at } = health.address() as AddressInfo;
  const ask = (service?: string) =>
    runGrpc(target, { port: at, ...(service !== undefined && { service }) }, deadline());
  assert.deepEqual(await ask(), { ok: true, message: "the service is SERVING" });
  assert.deepEqual(asked[0], Buffer.alloc(5));
  assert.deepEqual(await ask("sick"), { ok: false, message: "the service is NOT_SERVING" });
  assert.deepEqual(await ask("unknown"), { ok: false, message: "gRPC status 5: unknown service" });
  health.close();
  await once(health, "close");
  assert.equal((await ask()).ok, false);
  assert.match((await runGrpc(target, { port }, deadline())).message, /./, "a server that speaks no HTTP/2");
});

test("a sleeping hook ends when its time has passed, or with its signal", async () => {
  const clock = new ManualClock();
  const run = createHookRunner({} as ContainerRuntime, clock);
  const slept = run(target, { sleep: { seconds: 5 } }, deadline());
  clock.advance(5_000);
  assert.equal((await slept).ok, true);
  await assert.rejects(run(target, { sleep: { seconds: 5 } }, AbortSignal.abort(new Error("stopped"))), /stopped/);
});
