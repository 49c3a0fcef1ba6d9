/** Our side of HTTP/2 beside Node's as a client, and beside a peer that writes what frames it likes. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, connect, type IncomingHttpHeaders } from "node:http2";
import { after, before, describe, it } from "node:test";
import { createServer, type Server, type TLSSocket } from "node:tls";
import { type TestAuthority, testAuthority } from "#test/support/certificates.ts";
import { frame, frameTypes, RawPeer } from "#test/support/raw-peer.ts";
import { systemClock } from "../clock.ts";
import { headerBlock } from "./hpack-encoder.ts";
import { type ConnectionOptions, ServerConnection } from "./server-connection.ts";
import { ServerStream } from "./server-stream.ts";
import { ShortStream } from "./short-stream.ts";

const serverName = "server.test.orch";
const deadline = { timeout: 60_000 };
const request = headerBlock({ ":method": "POST", ":scheme": "https", ":path": "/echo" });

let authority: TestAuthority;
const open: (() => void)[] = [];
before(async () => {
  authority = await testAuthority();
});
after(() => {
  for (const close of open) close();
});

/** `/echo` is gathered and answered whole, `/stream` piece by piece; both with a trailer. */
const onRequest: ConnectionOptions["onRequest"] = (opening, headers) => {
  const answer = { ":status": 200, "x-path": headers[":path"] };
  if (headers[":path"] === "/stream") {
    const stream = new ServerStream(opening);
    stream.on("error", () => undefined);
    stream.respond(answer, { waitForTrailers: true });
    stream.once("wantTrailers", () => stream.sendTrailers({ "x-end": "well" }));
    stream.pipe(stream);
    return;
  }
  const parts: Buffer[] = [];
  const stream = new ShortStream(opening, {
    take: (part) => void parts.push(part),
    ended: () => stream.answer(headerBlock(answer), Buffer.concat(parts), headerBlock({ "x-end": "well" })),
    closed: () => undefined,
  });
};

interface Started {
  readonly port: number;
  readonly connections: readonly ServerConnection[];
}

async function start(options: Partial<ConnectionOptions> = {}): Promise<Started> {
  const { certificateChain, privateKey } = await authority.issue("CN=server", [serverName]);
  const tls = { cert: certificateChain, key: privateKey, ca: authority.pem, requestCert: true, ALPNProtocols: ["h2"] };
  const connections: ServerConnection[] = [];
  const server: Server = createServer(tls, (socket: TLSSocket) => {
    const windows = { streamWindowBytes: 70_000, windowBytes: 200_000 };
    const limits = { maxStreams: 100, stallMs: 30_000, resets: { perSecond: 1, burst: 20 } };
    connections.push(
      new ServerConnection(socket, { clock: systemClock, ...windows, ...limits, onRequest, ...options }),
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push(() => {
    server.close();
    for (const connection of connections) connection.destroy();
  });
  const address = server.address();
  return { port: typeof address === "object" && address ? address.port : 0, connections };
}

async function client(port: number, settings = {}): Promise<ClientHttp2Session> {
  const { certificateChain, privateKey } = await authority.issue("CN=client");
  const tls = { ca: authority.pem, cert: certificateChain, key: privateKey, servername: serverName };
  const session = connect(`https://127.0.0.1:${port}`, { ...tls, settings });
  session.on("error", () => undefined);
  await once(session, "remoteSettings");
  open.push(() => session.destroy());
  return session;
}

interface Answered {
  readonly body: Buffer;
  readonly trailers: IncomingHttpHeaders;
  readonly rstCode: number;
}

function answerOf(stream: ClientHttp2Stream): Promise<Answered> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let trailers: IncomingHttpHeaders = {};
    stream.on("trailers", (told) => {
      trailers = told;
    });
    stream.on("data", (part: Buffer) => parts.push(part));
    stream.on("error", () => undefined);
    stream.on("close", () => resolve({ body: Buffer.concat(parts), trailers, rstCode: stream.rstCode ?? 0 }));
  });
}

function ask(session: ClientHttp2Session, path: string, body: Uint8Array): Promise<Answered> {
  const stream = session.request({ ":method": "POST", ":path": path });
  const answer = answerOf(stream);
  stream.end(body);
  return answer;
}

const bytes = (length: number): Buffer => Buffer.from(Uint8Array.from({ length }, (_, at) => (at * 31) >>> 3));

describe("our side of an HTTP/2 connection", () => {
  for (const path of ["/echo", "/stream"]) {
    it(`${path}: bytes beyond all windows go there and back, whole and in order`, deadline, async () => {
      const { port } = await start();
      const session = await client(port, { initialWindowSize: 20_000 });
      const body = bytes(1_500_000);
      const answers = await Promise.all([body, bytes(0), bytes(1), body].map((each) => ask(session, path, each)));
      assert.deepEqual(
        answers.map(({ body: got }) => got.length),
        [1_500_000, 0, 1, 1_500_000],
      );
      for (const at of [0, 3]) assert.ok(answers[at]?.body.equals(body));
      for (const { trailers } of answers) assert.equal(trailers["x-end"], "well");
    });
  }

  it("a large answer that is not read holds up no small one", deadline, async () => {
    const { port } = await start();
    const session = await client(port, { initialWindowSize: 20_000 });
    const slow = session.request({ ":method": "POST", ":path": "/echo" });
    slow.end(bytes(500_000));
    slow.pause();
    for (let i = 0; i < 50; i++) assert.equal((await ask(session, "/echo", bytes(100))).body.length, 100);
    assert.equal((await answerOf(slow.resume())).body.length, 500_000);
  });

  it("leaves when its calls are done, and takes no more", deadline, async () => {
    const { port, connections } = await start();
    const session = await client(port);
    const slow = session.request({ ":method": "POST", ":path": "/stream" });
    const answer = answerOf(slow);
    slow.write("first");
    await once(slow, "data");
    const goaway = once(session, "goaway");
    connections[0]?.leave();
    await goaway;
    slow.end("last");
    assert.equal((await answer).trailers["x-end"], "well");
    await once(session, "close");
  });

  it("tells a stream that its peer has gone", deadline, async () => {
    const cut = Promise.withResolvers<number>();
    const { port } = await start({
      onRequest: (opening) => {
        const stream = new ServerStream(opening);
        stream.on("error", () => undefined).once("close", () => cut.resolve(stream.rstCode));
      },
    });
    const session = await client(port);
    session.request({ ":method": "POST", ":path": "/" }).on("error", () => undefined);
    session
      .request({ ":method": "POST", ":path": "/" })
      .on("error", () => undefined)
      .close(8);
    assert.equal(await cut.promise, 8);
    session.destroy();
  });

  it("refuses streams beyond its limit, and serves those within", deadline, async () => {
    const { port } = await start({ maxStreams: 2 });
    const peer = await RawPeer.connect(port, authority, "CN=peer", serverName);
    for (const id of [1, 3, 5]) peer.write(frame(frameTypes.headers, 4, id, request));
    // RST_STREAM of the third with REFUSED_STREAM.
    await peer.until((received) => received.includes(frame(3, 0, 5, Buffer.of(0, 0, 0, 7))));
    peer.socket.destroy();
  });

  const violations: Readonly<Record<string, readonly Buffer[]>> = {
    "data for a stream that is not there": [frame(0, 0, 1, Buffer.alloc(1))],
    "data beyond the window": [
      frame(1, 4, 1, request),
      ...Array.from({ length: 20 }, () => frame(0, 0, 1, Buffer.alloc(16_384))),
    ],
    "data after the end": [
      frame(1, 4, 1, request),
      frame(0, 0, 1, Buffer.of(1)),
      frame(0, 1, 1),
      frame(0, 0, 1, Buffer.of(1)),
    ],
    "a frame that is too long": [Buffer.concat([Buffer.from([0, 0x40, 1, 0, 0, 0, 0, 0, 1]), Buffer.alloc(9)])],
    "padding longer than its frame": [frame(1, 4, 1, request), frame(0, 8, 1, Buffer.of(200, 1))],
    "an empty padded frame": [frame(1, 4 | 8, 1)],
    "a stream with an even number": [frame(1, 4, 2, request)],
    "headers in the middle of a request": [frame(1, 4, 1, request), frame(1, 4, 1, request)],
    "an interrupted header block": [frame(1, 0, 1, request), frame(6, 0, 0, Buffer.alloc(8))],
    "a continuation of nothing": [frame(9, 4, 1, request)],
    "a push": [frame(5, 4, 1, Buffer.alloc(4))],
    "a window that grows by nothing": [frame(8, 0, 0, Buffer.alloc(4))],
    "a window beyond all bounds": [
      frame(8, 0, 0, Buffer.of(0x7f, 0xff, 0xff, 0xff)),
      frame(8, 0, 0, Buffer.of(0x7f, 0xff, 0xff, 0xff)),
    ],
    "a reset of a stream that is not there": [frame(3, 0, 7, Buffer.alloc(4))],
    "a reset out of shape": [frame(1, 4, 1, request), frame(3, 0, 1, Buffer.alloc(3))],
    "settings out of shape": [frame(4, 0, 0, Buffer.alloc(5))],
    "a window in settings beyond all bounds": [frame(4, 0, 0, Buffer.of(0, 4, 0xff, 0xff, 0xff, 0xff))],
    "a ping out of shape": [frame(6, 0, 0, Buffer.alloc(7))],
    "a header block that is none": [frame(1, 4, 1, Buffer.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff))],
  };
  for (const [what, frames] of Object.entries(violations)) {
    it(`${what} ends the connection with a reason`, deadline, async () => {
      // Nobody reads here: data piles up against its window.
      const { port } = await start({
        onRequest: (opening) => void new ServerStream(opening).on("error", () => undefined),
      });
      const peer = await RawPeer.connect(port, authority, "CN=peer", serverName);
      peer.write(Buffer.concat(frames));
      await peer.closed;
      assert.notEqual(peer.farewell(), "");
    });
  }

  it("any frames end at worst their own connection", deadline, async () => {
    let failures = 0;
    const { port, connections } = await start();
    const honest = await client(port);
    let state = 11;
    const next = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 8) % below;
    };
    for (let run = 0; run < 40; run++) {
      const peer = await RawPeer.connect(port, authority, "CN=peer", serverName);
      connections.at(-1)?.on("failed", () => failures++);
      for (let i = 0; i < 30; i++) {
        const payload = next(3) === 0 ? request : Buffer.from(Array.from({ length: next(40) }, () => next(256)));
        peer.write(frame(next(11), next(64), next(3) === 0 ? 0 : 1 + 2 * next(4), payload));
      }
      peer.socket.end();
      await peer.closed;
    }
    assert.equal(failures, 0);
    assert.equal((await ask(honest, "/echo", bytes(10))).body.length, 10);
  });
});
