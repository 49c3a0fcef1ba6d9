/** Calls with many messages each way, from callers that keep no rules. */
import assert from "node:assert/strict";
import { once } from "node:events";
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from "node:http2";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { testAuthority } from "#test/support/certificates.ts";
import type { orch } from "../../wire/generated/messages.js";
import { apiService } from "../../wire/generated/services.ts";
import { systemClock } from "../clock.ts";
import type { Logger } from "../logger.ts";
import { silentLogger } from "../logger.ts";
import { Problem } from "../problem.ts";
import { type BidiCall, bidi } from "./handlers.ts";
import { flowControlBytes } from "./limits.ts";
import { framed } from "./message-frame.ts";
import { decodeProblem, problemMetadataKey } from "./problem-wire.ts";
import { RpcServer } from "./server.ts";
import { TlsServerCredentials } from "./tls.ts";

type FrameBidi = BidiCall<orch.v1.Frame, orch.v1.Frame>;

const serverName = "control-plane.test.orch";
const bounded = { timeout: 20_000 };
const maxReceiveBytes = 100_000;
const failures: string[] = [];
const logger: Logger = { ...silentLogger, error: (...words: unknown[]) => void failures.push(JSON.stringify(words)) };

let server: RpcServer;
let session: ClientHttp2Session;
/** What the next calls do. */
let serve: (call: FrameBidi) => Promise<void> = async () => undefined;

const echo = async (call: FrameBidi): Promise<void> => {
  for await (const { data } of call.requests) await call.send({ data: Buffer.from(data ?? []) });
};

before(async () => {
  const authority = await testAuthority();
  server = new RpcServer({ clock: systemClock, logger, limits: { maxReceiveBytes } });
  server.add(apiService, { stream: bidi((call: FrameBidi) => serve(call)) } as never);
  const material = await authority.issue("CN=server", [serverName]);
  const credentials = new TlsServerCredentials(material, { requireClientCertificate: true });
  const port = await server.listen("127.0.0.1:0", credentials);
  const { certificateChain, privateKey } = await authority.issue("CN=hostile");
  const tls = { ca: authority.pem, cert: certificateChain, key: privateKey, servername: serverName };
  session = connect(`https://127.0.0.1:${port}`, tls);
  await once(session, "remoteSettings");
});
after(async () => {
  session.destroy();
  await server.stop(50);
});

function request(more: OutgoingHttpHeaders = {}): ClientHttp2Stream {
  const headers = { ":method": "POST", ":path": apiService.stream.path, "content-type": "application/grpc" };
  return session.request({ ...headers, te: "trailers", ...more }).on("error", () => undefined);
}

/** Status and Problem that a call ends with, in headers or trailers. */
async function ending(stream: ClientHttp2Stream): Promise<{ readonly status: string; readonly problem: Problem }> {
  let told: IncomingHttpHeaders = {};
  const note = (headers: IncomingHttpHeaders): void => {
    told = { ...told, ...headers };
  };
  stream.on("response", note).on("trailers", note).resume();
  await once(stream, "end");
  const problem = Buffer.from(String(told[problemMetadataKey] ?? ""), "base64");
  return { status: String(told["grpc-status"]), problem: decodeProblem(problem) };
}

/** `bytes`, then the call's end when it does not end by itself. */
async function answerTo(bytes: Buffer): Promise<{ readonly status: string; readonly problem: Problem }> {
  serve = echo;
  const stream = request();
  const answer = ending(stream);
  stream.end(bytes);
  return await answer;
}

test("a message beyond the bound is refused by its prefix, before it is gathered", bounded, async () => {
  const long = framed(Buffer.alloc(0));
  long.writeUInt32BE(maxReceiveBytes + 1, 1);
  const { status, problem } = await answerTo(long);
  assert.deepEqual([status, problem.code], ["8", "too-large"]);
});

test("what is no message is refused as such, and is no failure of the server", bounded, async () => {
  const compressed = framed(Buffer.from("zz"));
  compressed[0] = 1;
  const unreadable = framed(Buffer.from([0x12, 0xff]));
  const cutOff = framed(Buffer.alloc(10)).subarray(0, 9);
  for (const bytes of [compressed, unreadable, cutOff]) {
    const { status, problem } = await answerTo(bytes);
    assert.deepEqual([status, problem.code], ["3", "bad-request"], problem.message);
  }
  assert.deepEqual(failures, []);
});

test("the connection goes on after that, and compressed messages are grpc-js' to serve", bounded, async () => {
  serve = echo;
  const message = apiService.stream.requestSerialize({ data: Buffer.from("well") } as orch.v1.Frame);
  const zipped = framed(gzipSync(message));
  zipped[0] = 1;
  for (const [bytes, headers] of [
    [framed(message), {}],
    [zipped, { "grpc-encoding": "gzip" }],
  ] as const) {
    const stream = request(headers);
    stream.end(bytes);
    const [first] = (await once(stream, "data")) as [Buffer];
    assert.match(first.toString("latin1"), /well$/);
    stream.resume();
  }
});

test("a flood of messages that nobody reads stops at the window", bounded, async () => {
  const done = Promise.withResolvers<void>();
  serve = () => done.promise;
  const stream = request();
  const message = framed(Buffer.alloc(50_000));
  let sentBytes = 0;
  const flooding = (async () => {
    while (!stream.destroyed) {
      await new Promise((resolve) => stream.write(message, resolve));
      if (!stream.destroyed) sentBytes += message.length;
    }
  })();
  // Whatever else is on the connection is answered while the flood stands still.
  const answered = (): Promise<unknown> => new Promise((resolve) => session.ping(resolve));
  while (sentBytes < flowControlBytes - message.length) await answered();
  for (let more = 0; more < 10; more++) await answered();
  assert.ok(sentBytes <= flowControlBytes + message.length, `${sentBytes} bytes were taken`);
  stream.destroy();
  done.resolve();
  await flooding;
});

test("a caller's deadline ends a stream, and its leaving is told to the handler", bounded, async () => {
  const seen: unknown[] = [];
  serve = ({ signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => {
        seen.push(Problem.from(signal.reason).code);
        reject(signal.reason);
      });
    });
  assert.equal((await ending(request({ "grpc-timeout": "50m" }))).problem.code, "timeout");
  const leaving = request();
  leaving.write(framed(Buffer.alloc(0)));
  await new Promise((resolve) => session.ping(resolve));
  leaving.close(8);
  while (seen.length < 2) await new Promise(setImmediate);
  assert.deepEqual(seen, ["timeout", "canceled"]);
});
