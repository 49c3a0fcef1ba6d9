/** What a hostile peer can do with frames: it loses its connection, and another client's calls go on. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectHttp2, constants } from "node:http2";
import { connect as connectTcp, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import type { TestAuthority } from "#test/support/certificates.ts";
import { testAuthority } from "#test/support/certificates.ts";
import { frame, frameTypes, RawPeer } from "#test/support/raw-peer.ts";
import { apiService, enrollmentService } from "../../wire/generated/services.ts";
import { systemClock } from "../clock.ts";
import { silentLogger } from "../logger.ts";
import { RpcClient } from "./client.ts";
import type { ConnectionLimits } from "./connection-guard.ts";
import { bidi, serverStream, unary } from "./handlers.ts";
import { RpcServer } from "./server.ts";
import { channelCredentials, TlsServerCredentials } from "./tls.ts";

const serverName = "control-plane.test.orch";
const deadline = { timeout: 60_000 };
/** A call that takes this long under attack would be felt. Generous: the machine may be loaded. */
const feltMs = 2_000;
const large = "x".repeat(1 << 20);

let authority: TestAuthority;
const open: (() => unknown)[] = [];
before(async () => {
  authority = await testAuthority();
});
after(async () => {
  for (const close of open) await close();
});

interface Attacked {
  readonly server: RpcServer;
  readonly port: number;
  /** Runs the attack while another client calls; the slowest of its calls. */
  during(attack: Promise<unknown>): Promise<number>;
}

async function start(connections: Partial<ConnectionLimits> = {}, handshakeTimeoutMs = 10_000): Promise<Attacked> {
  const server = new RpcServer({ clock: systemClock, logger: silentLogger, connections, goodbyeMs: 50 });
  server.add(enrollmentService, {
    join: unary(async ({ token }: { readonly token: string }) => ({ cluster: token === "small" ? "" : large })),
  } as never);
  async function* forever() {
    while (true) yield { type: "ADDED", object: Buffer.from(large) };
  }
  const others = Object.entries(apiService).map(([name, { requestStream }]) => [
    name,
    requestStream ? bidi(async () => undefined) : unary(async () => ({})),
  ]);
  const watch = serverStream(forever, { stallMs: 50 });
  server.add(apiService, { ...Object.fromEntries(others), watch } as never);
  const material = await authority.issue("CN=server", [serverName]);
  const credentials = new TlsServerCredentials(material, { requireClientCertificate: true, handshakeTimeoutMs });
  const port = await server.listen("127.0.0.1:0", credentials);
  const client = new RpcClient({
    address: `127.0.0.1:${port}`,
    credentials: channelCredentials(authority.pem, await authority.issue("CN=honest")),
    ...{ serverName, clock: systemClock },
  });
  await client.unary(enrollmentService.join, { token: "small" });
  open.push(
    () => client.close(),
    () => server.stop(50),
  );
  const during = async (attack: Promise<unknown>): Promise<number> => {
    let slowestMs = 0;
    let isOver = false;
    const over = attack.finally(() => {
      isOver = true;
    });
    while (!isOver) {
      const startedAtMs = systemClock.monotonicMs();
      await client.unary(enrollmentService.join, { token: "small" });
      slowestMs = Math.max(slowestMs, systemClock.monotonicMs() - startedAtMs);
    }
    await over;
    return slowestMs;
  };
  return { server, port, during };
}

const peer = (port: number): Promise<RawPeer> => RawPeer.connect(port, authority, "CN=hostile", serverName);

/** A session whose failure is its end, as an attacker expects. */
async function hostileSession(
  port: number,
  settings = {},
): Promise<{ session: ClientHttp2Session; ended: Promise<void> }> {
  const { certificateChain, privateKey } = await authority.issue("CN=hostile");
  const tls = { ca: authority.pem, cert: certificateChain, key: privateKey, servername: serverName };
  const session = connectHttp2(`https://127.0.0.1:${port}`, { ...tls, settings });
  session.on("error", () => undefined);
  await once(session, "connect");
  return { session, ended: new Promise((resolve) => session.once("close", () => resolve())) };
}

function request(session: ClientHttp2Session, path = enrollmentService.join.path): ClientHttp2Stream {
  const headers = { ":method": "POST", ":path": path, "content-type": "application/grpc" };
  const stream = session.request({ ...headers, te: "trailers" });
  stream.on("error", () => undefined);
  return stream;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

/** Writes `bytes` again and again until the other side hangs up. */
async function flood(attacker: RawPeer, bytes: Buffer): Promise<void> {
  const end = attacker.closed.then(() => true);
  const turn = (): Promise<boolean> => new Promise((resolve) => setImmediate(() => resolve(false)));
  while (!(await Promise.race([end, turn()]))) attacker.write(bytes);
}

describe("abuse of HTTP/2", () => {
  it("a flood of pings ends the connection with a sentence, and no other", deadline, async () => {
    const { server, port, during } = await start();
    const attacker = await peer(port);
    const slowestMs = await during(flood(attacker, frame(frameTypes.ping, 0, 0, Buffer.alloc(8))));
    assert.match(attacker.farewell(), /too many PING/);
    assert.equal(server.counters.dropped["control-frames"], 1);
    assert.ok(slowestMs < feltMs, `another client waited ${slowestMs} ms`);
  });

  it("a flood of settings ends the connection, and no other", deadline, async () => {
    const { port, during } = await start();
    const attacker = await peer(port);
    const slowestMs = await during(flood(attacker, frame(frameTypes.settings, 0, 0)));
    assert.ok(slowestMs < feltMs, `another client waited ${slowestMs} ms`);
  });

  it("a header block that never ends (CONTINUATION flood) ends the connection, and no other", deadline, async () => {
    const { port, during } = await start();
    const attacker = await peer(port);
    // A literal header without indexing, name `x`, value of 1,000 bytes; END_HEADERS is never set.
    const literal = Buffer.concat([Buffer.from([0, 1, 0x78, 0x7f, 0xe9, 0x06]), Buffer.alloc(1_000, 0x61)]);
    attacker.write(frame(frameTypes.headers, 0, 1, literal));
    const slowestMs = await during(flood(attacker, frame(frameTypes.continuation, 0, 1, literal)));
    assert.ok(slowestMs < feltMs, `another client waited ${slowestMs} ms`);
  });

  it("streams opened and reset at once (rapid reset) end the connection, and no other", deadline, async () => {
    const { port, during } = await start();
    const { session, ended } = await hostileSession(port);
    const attack = async (): Promise<void> => {
      while (!session.destroyed && !session.closed) {
        for (let i = 0; i < 50 && !session.destroyed && !session.closed; i++) {
          request(session).close(constants.NGHTTP2_CANCEL);
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      await ended;
    };
    const slowestMs = await during(attack());
    assert.ok(slowestMs < feltMs, `another client waited ${slowestMs} ms`);
  });

  it("an answer that nobody takes (window of zero) ends the connection, and no other", deadline, async () => {
    const { server, port, during } = await start({ stallMs: 1_000 });
    const { session, ended } = await hostileSession(port, { initialWindowSize: 0 });
    const farewell = new Promise<string>((resolve) => {
      session.on("goaway", (_code, _last, data) => resolve(Buffer.from(data ?? []).toString()));
    });
    request(session).end(Buffer.alloc(5));
    const slowestMs = await during(ended);
    assert.match(await farewell, /nothing was read or sent/);
    assert.equal(server.counters.dropped.stalled, 1);
    assert.ok(slowestMs < feltMs, `another client waited ${slowestMs} ms`);
  });

  it("a stream that nobody reads is ended, its connection is not", deadline, async () => {
    const { server, port, during } = await start();
    const { session } = await hostileSession(port, { initialWindowSize: 0 });
    const stream = request(session, apiService.watch.path);
    stream.end(Buffer.alloc(5));
    const slowestMs = await during(new Promise((resolve) => stream.once("close", resolve)));
    assert.equal(session.destroyed, false);
    await until(() => server.counters.streams === 0);
    assert.ok(slowestMs < feltMs, `another client waited ${slowestMs} ms`);
    session.destroy();
  });

  it("a request that never gets whole ends the connection", deadline, async () => {
    const { server, port } = await start({ stallMs: 1_000 });
    const { session, ended } = await hostileSession(port);
    request(session).write(Buffer.from([0, 0, 0, 1, 0]));
    await ended;
    assert.equal(server.counters.dropped.stalled, 1);
  });

  it("a connection that says nothing is closed in time, whether it began TLS or not", deadline, async () => {
    const { server, port } = await start({}, 100);
    const silent = connectTcp(port, "127.0.0.1");
    const halfway = connectTcp(port, "127.0.0.1");
    // The first bytes of a TLS record, and no more.
    halfway.once("connect", () => halfway.write(Buffer.from([0x16, 0x03, 0x01])));
    for (const socket of [silent, halfway]) socket.on("error", () => undefined).resume();
    await Promise.all([once(silent, "close"), once(halfway, "close")]);
    await until(() => server.counters.handshakes === 0);
  });

  it(
    "connections and handshakes beyond the limit of an address are closed, and places come free again",
    deadline,
    async () => {
      const { server, port, during } = await start({ maxHandshakesOfAddress: 3 });
      const sockets: Socket[] = [];
      for (let i = 0; i < 5; i++) {
        const socket = connectTcp(port, "127.0.0.1");
        socket.on("error", () => undefined).resume();
        sockets.push(socket);
      }
      const gone = sockets.map((socket) => once(socket, "close").then(() => socket));
      await Promise.race(gone);
      await until(() => server.counters.dropped.handshakes === 2);
      assert.equal(server.counters.handshakes, 3);
      assert.ok((await during(Promise.resolve())) < feltMs, "who is connected already goes on");
      for (const socket of sockets) socket.destroy();
      await Promise.all(gone);
      await until(() => server.counters.handshakes === 0);
      (await peer(port)).socket.destroy();
    },
  );

  it("an identity has so many connections and no more; another has its own", deadline, async () => {
    const { server, port } = await start({ maxConnectionsOfIdentity: 2 });
    const peers = [await peer(port), await peer(port), await peer(port)];
    await Promise.race(peers.map(({ closed }) => closed));
    assert.deepEqual(
      peers.map((one) => one.farewell()).filter((text) => text !== ""),
      ["too many connections of this identity"],
    );
    const other = await RawPeer.connect(port, authority, "CN=other", serverName);
    assert.equal(server.counters.dropped.identity, 1);
    for (const one of [...peers, other]) one.socket.destroy();
  });
});
