import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerHttp2Stream } from "node:http2";
import { type AddressInfo, connect } from "node:net";
import { Duplex, duplexPair } from "node:stream";
import { test } from "node:test";
import { setTimeout as within } from "node:timers/promises";
import { errorCode, frame, frameFlag, frameHeader, frameType, numberFrame } from "./frames.ts";
import { headerBlock } from "./hpack-encoder.ts";
import { LightSession } from "./light-session.ts";
import type { Headers } from "./light-stream.ts";

const options = {
  scheme: "http",
  authority: "test",
  windowBytes: 256 * 1024,
  connectionWindowBytes: 1024 * 1024,
} as const;
const deadlineMs = 20_000;

/** A server of Node's without TLS, and a light session with it. */
async function served(
  serve: (stream: ServerHttp2Stream) => void,
): Promise<{ session: LightSession; stop: () => void }> {
  const server = createServer().on("stream", (stream: ServerHttp2Stream) => {
    stream.on("error", () => undefined);
    serve(stream);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const session = new LightSession(socket, options);
  session.on("error", () => undefined);
  return {
    session,
    stop: () => {
      session.destroy();
      server.close();
    },
  };
}

const printable = String.fromCharCode(...Array.from({ length: 0x7f - 0x21 }, (_, i) => 0x21 + i));

test("headers of every printable character, and trailers, come as they were sent", async () => {
  const { session, stop } = await served((stream) => {
    stream.respond({ ":status": 200, all: printable }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0", back: printable }));
    stream.end("body");
  });
  const call = session.request({ ":method": "POST", ":path": "/", long: printable });
  const told: Headers[] = [];
  call.on("response", (headers) => told.push(headers)).on("trailers", (headers) => told.push(headers));
  assert.equal(String(Buffer.concat(await call.toArray())), "body");
  assert.equal(told[0]?.all, printable);
  assert.deepEqual([told[1]?.["grpc-status"], told[1]?.back], ["0", printable]);
  stop();
});

test("more than the windows hold goes both ways, whole and in order", async () => {
  const { session, stop } = await served((stream) => {
    stream.respond({ ":status": 200 });
    stream.pipe(stream);
  });
  const sent = Buffer.alloc(5 * 1024 * 1024, "0123456789abcdefg");
  const call = session.request({ ":method": "POST", ":path": "/" });
  call.end(sent);
  assert.ok(sent.equals(Buffer.concat(await call.toArray())));
  stop();
});

test("calls share a connection: one that nobody reads does not hold another", async () => {
  const { session, stop } = await served((stream) => {
    stream.respond({ ":status": 200 });
    stream.end(Buffer.alloc(900 * 1024));
  });
  const unread = session.request({ ":method": "POST", ":path": "/unread" });
  const read = session.request({ ":method": "POST", ":path": "/read" });
  assert.equal(Buffer.concat(await read.toArray()).length, 900 * 1024);
  assert.ok(unread.readableLength <= options.windowBytes);
  unread.close(8);
  stop();
});

test("a server that ends without an error lets calls finish, and takes no more", async () => {
  const answered = Promise.withResolvers<ServerHttp2Stream>();
  const { session, stop } = await served((stream) => answered.resolve(stream));
  const call = session.request({ ":method": "POST", ":path": "/" });
  const stream = await answered.promise;
  stream.session?.close();
  stream.respond({ ":status": 200 });
  stream.end("last");
  assert.equal(String(Buffer.concat(await call.toArray())), "last");
  assert.throws(() => session.request({ ":method": "POST", ":path": "/" }), /closed/);
  stop();
});

/** What a server says that no honest one would. */
const hostile: Readonly<Record<string, Buffer>> = {
  "a frame longer than allowed": frameHeader(frameType.data, 0, 1, 20_000),
  "a push": frame(frameType.pushPromise, 0, 1, Buffer.alloc(8)),
  "headers that cannot be read": frame(frameType.headers, frameFlag.endHeaders, 1, Buffer.from([0xff])),
  "headers that go on for ever": Buffer.concat([
    frame(frameType.headers, 0, 1, Buffer.alloc(16_000, 0x82)),
    ...Array.from({ length: 20 }, () => frame(frameType.continuation, 0, 1, Buffer.alloc(16_000, 0x82))),
  ]),
  "other frames between headers": Buffer.concat([
    frame(frameType.headers, 0, 1, headerBlock({ ":status": "200" })),
    frame(frameType.ping, 0, 0, Buffer.alloc(8)),
  ]),
  "a continuation of nothing": frame(frameType.continuation, frameFlag.endHeaders, 1, Buffer.alloc(0)),
  "a window that overflows": Buffer.concat([1, 2].map(() => numberFrame(frameType.windowUpdate, 0, 2 ** 31 - 1))),
  "more padding than there is": frame(frameType.data, frameFlag.padded, 1, Buffer.from([200, 1])),
  "a goodbye with an error": frame(
    frameType.goaway,
    0,
    0,
    Buffer.from([0, 0, 0, 0, 0, 0, 0, errorCode.enhanceYourCalm]),
  ),
};

for (const [what, bytes] of Object.entries(hostile)) {
  test(`${what} ends the connection and its calls with an error`, async () => {
    const [socket, server] = duplexPair();
    const session = new LightSession(socket, options);
    const failed = once(session, "error");
    session.once("error", () => undefined);
    const call = session.request({ ":method": "POST", ":path": "/" });
    const broken = once(call, "error");
    server.resume();
    server.write(bytes);
    const late = within(deadlineMs, undefined, { ref: false }).then(() => assert.fail("nothing happened"));
    await Promise.race([Promise.all([failed, broken]), late]);
    assert.ok(session.destroyed && call.destroyed);
  });
}

test("what is said in one turn leaves as one: the other side is woken once for a call and what it brings", async () => {
  const left: Buffer[] = [];
  const socket = new Duplex({
    read: () => undefined,
    write: (bytes: Buffer, _encoding, done) => {
      left.push(bytes);
      done();
    },
    writev: (parts, done) => {
      left.push(Buffer.concat(parts.map(({ chunk }) => chunk as Buffer)));
      done();
    },
  });
  const session = new LightSession(socket, options);
  const call = session.request({ ":method": "POST", ":path": "/" });
  call.on("error", () => undefined);
  call.write("what it brings");
  assert.equal(left.length, 0);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(left.length, 1);
  assert.ok(left[0]?.subarray(0, 3).equals(Buffer.from("PRI")) && left[0].includes("what it brings"));
  call.write("later");
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(left.length, 2);
  session.destroy();
});
