import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { TestAuthority } from "#test/support/certificates.ts";
import { testAuthority } from "#test/support/certificates.ts";
import { agentGatewayService, apiService, enrollmentService } from "../../wire/generated/services.ts";
import { systemClock } from "../clock.ts";
import { silentLogger } from "../logger.ts";
import { Problem } from "../problem.ts";
import { RpcClient } from "./client.ts";
import { type BidiCall, bidi, serverStream, unary } from "./handlers.ts";
import { peerIdentity } from "./identity.ts";
import { RpcServer } from "./server.ts";
import { channelCredentials, TlsServerCredentials } from "./tls.ts";

const serverName = "control-plane.test.orch";
type Ping = { readonly token: string };

let authority: TestAuthority;
let credentials: TlsServerCredentials;

before(async () => {
  authority = await testAuthority();
  credentials = new TlsServerCredentials(await authority.issue("CN=server", [serverName]), {
    requireClientCertificate: true,
  });
});

interface Running {
  readonly client: RpcClient;
  readonly server: RpcServer;
  readonly address: string;
}
const running: Running[] = [];
after(async () => {
  for (const { client, server } of running) {
    client.close();
    await server.stop(100);
  }
});

/** A service of three shapes; `join` is unary, `session` bidi, `stream` serves as server stream. */
async function start(handlers: {
  join?: Parameters<typeof unary<Ping, { cluster?: string }>>[0];
  session?: (call: BidiCall<{ heartbeat?: { sequence?: number | null } | null }, object>) => Promise<void>;
}): Promise<Running> {
  const server = new RpcServer({ clock: systemClock, logger: silentLogger });
  server.add(enrollmentService, {
    join: unary(handlers.join ?? (async () => ({})), { deadlineMs: 200 }),
  } as never);
  server.add(agentGatewayService, {
    session: bidi(handlers.session ?? (async () => undefined)),
    stream: bidi(async () => undefined),
    renewCertificate: unary(async () => ({})),
  } as never);
  const port = await server.listen("127.0.0.1:0", credentials);
  const material = await authority.issue("CN=system:node:a,O=system:nodes,O=extra");
  const address = `127.0.0.1:${port}`;
  const client = new RpcClient({
    address,
    credentials: channelCredentials(authority.pem, material),
    serverName,
    clock: systemClock,
  });
  running.push({ client, server, address });
  return { client, server, address };
}

test("a handler sees user and groups of the client's certificate", async () => {
  const { client } = await start({
    join: async (_request, { peer }) => ({ cluster: `${peer?.user} ${peer?.groups.join("+")}` }),
  });
  const reply = await client.unary(enrollmentService.join, { token: "t" });
  assert.equal(reply.cluster, "system:node:a system:nodes+extra");
});

test("a Problem crosses the wire whole", async () => {
  const { client } = await start({
    join: async () => {
      throw new Problem("conflict", "taken \ud800 by another", {
        object: "Node n1",
        hint: "Choose another name.",
        causes: Array.from({ length: 100 }, (_, i) => ({ path: `f${i}`, message: "x".repeat(5_000) })),
      });
    },
  });
  await assert.rejects(client.unary(enrollmentService.join, {}), (problem: Problem) => {
    assert.equal(problem.code, "conflict");
    assert.equal(problem.message, "taken \ufffd by another");
    assert.equal(problem.object, "Node n1");
    assert.equal(problem.hint, "Choose another name.");
    assert.equal(problem.retry, "now");
    assert.ok(problem.causes.length > 0 && problem.causes.length <= 16);
    return true;
  });
});

test("an inner error shows no inner text", async () => {
  const { client } = await start({
    join: async () => {
      throw new TypeError("secret detail");
    },
  });
  await assert.rejects(client.unary(enrollmentService.join, {}), (problem: Problem) => {
    assert.equal(problem.code, "internal");
    assert.doesNotMatch(problem.message, /secret/);
    return true;
  });
});

test("a cancelled call aborts the handler's signal", async () => {
  const seen = Promise.withResolvers<unknown>();
  const entered = Promise.withResolvers<void>();
  const { client } = await start({
    join: (_request, { signal }) => {
      entered.resolve();
      return new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          seen.resolve(signal.reason);
          reject(signal.reason);
        });
      });
    },
  });
  const controller = new AbortController();
  const call = client.unary(enrollmentService.join, {}, { signal: controller.signal });
  await entered.promise;
  controller.abort();
  await assert.rejects(call, { code: "canceled" });
  assert.ok(Problem.is(await seen.promise, "canceled"));
});

test("a deadline ends a handler that overlooks its signal", async () => {
  const { client } = await start({ join: () => new Promise(() => undefined) });
  await assert.rejects(client.unary(enrollmentService.join, {}, { deadlineMs: 50 }), { code: "timeout" });
});

test("a bidi call carries messages both ways and ends with its Problem", async () => {
  const { client } = await start({
    session: async (call) => {
      for await (const message of call.requests) {
        const sequence = message.heartbeat?.sequence ?? 0;
        await call.send({ heartbeatAck: { sequence: sequence * 2 } });
        if (sequence === 3) throw new Problem("forbidden", "three is enough");
      }
    },
  });
  const stream = client.bidi(agentGatewayService.session);
  for (const sequence of [1, 2, 3]) await stream.send({ heartbeat: { sequence } });
  const acks: number[] = [];
  await assert.rejects(
    async () => {
      for await (const reply of stream.replies) acks.push(reply.heartbeatAck?.sequence ?? -1);
    },
    { code: "forbidden", message: "three is enough" },
  );
  assert.deepEqual(acks, [2, 4, 6]);
});

test("a slow reader slows the writer down", async () => {
  let sent = 0;
  const stalled = Promise.withResolvers<void>();
  const { client } = await start({
    session: async (call) => {
      const payload = { openStream: { id: "x".repeat(10_000) } };
      while (sent < 10_000) {
        const room = call.send(payload);
        sent++;
        const inTime = await Promise.race([room.then(() => true), new Promise((done) => setTimeout(done, 100, false))]);
        if (inTime) continue;
        stalled.resolve();
        await room;
      }
    },
  });
  const stream = client.bidi(agentGatewayService.session);
  await stalled.promise;
  assert.ok(sent < 1_000, `${sent} messages were taken although nobody read`);
  stream.cancel();
});

test("a reader of a stream that takes nothing is cut off with a sentence", async () => {
  const server = new RpcServer({ clock: systemClock, logger: silentLogger });
  const cut = Promise.withResolvers<void>();
  const watch = serverStream<unknown, { object: Uint8Array }>(
    async function* flood(_request, { signal }) {
      signal.addEventListener("abort", () => cut.resolve());
      while (true) yield { object: Buffer.alloc(10_000) };
    },
    { stallMs: 50, resumeAt: () => "resourceVersion 7" },
  );
  const never = (method: { requestStream: boolean }): unknown =>
    method.requestStream ? bidi(async () => undefined) : unary(async () => ({}));
  const others = Object.entries(apiService).map(([name, method]) => [name, never(method)]);
  server.add(apiService, { ...Object.fromEntries(others), watch } as never);
  const address = `127.0.0.1:${await server.listen("127.0.0.1:0", credentials)}`;
  const material = channelCredentials(authority.pem, await authority.issue("CN=ada"));
  const client = new RpcClient({ address, credentials: material, serverName, clock: systemClock });
  running.push({ client, server, address });
  const stream = client.serverStream(apiService.watch, {});
  await stream.next();
  await cut.promise;
  await assert.rejects(
    async () => {
      for await (const _ of stream);
    },
    { code: "too-many-requests", message: /took nothing for 50 ms/, hint: /go on from resourceVersion 7\./ },
  );
});

test("stopping tells streams and refuses what comes after", async () => {
  const { client, server } = await start({
    session: async (call) => {
      await call.send({ goodbye: { reason: "hello" } });
      for await (const _ of call.requests);
    },
  });
  const stream = client.bidi(agentGatewayService.session);
  const messages: unknown[] = [];
  await assert.rejects(
    async () => {
      for await (const reply of stream.replies) {
        messages.push(reply);
        void server.stop(1_000);
      }
    },
    { code: "unavailable", message: /stopping/ },
  );
  assert.equal(messages.length, 1);
  await server.stop(1_000);
});

test("what does not end within the grace is cut", async () => {
  const { client, server } = await start({ session: () => new Promise(() => undefined) });
  const stream = client.bidi(agentGatewayService.session);
  await stream.send({ heartbeat: {} });
  while (server.counters.connections === 0) await new Promise((resolve) => setImmediate(resolve));
  await server.stop(0);
  await assert.rejects(
    async () => {
      for await (const _ of stream.replies);
    },
    { code: "unavailable" },
  );
  while (server.counters.connections > 0) await new Promise((resolve) => setImmediate(resolve));
});

test("a client without a certificate, or of another authority, does not get in", async () => {
  const { address } = await start({});
  const other = await testAuthority();
  const attempts = [
    channelCredentials(authority.pem),
    channelCredentials(authority.pem, await other.issue("CN=ada,O=system:masters")),
  ];
  for (const wrong of attempts) {
    const client = new RpcClient({ address, credentials: wrong, serverName, clock: systemClock, deadlineMs: 2_000 });
    await assert.rejects(client.unary(enrollmentService.join, {}), { code: "unavailable" });
    client.close();
  }
});

test("a server of another name is not believed", async () => {
  const { address } = await start({});
  const material = await authority.issue("CN=ada");
  const client = new RpcClient({
    address,
    credentials: channelCredentials(authority.pem, material),
    serverName: "control-plane.other.orch",
    clock: systemClock,
    deadlineMs: 2_000,
  });
  await assert.rejects(client.unary(enrollmentService.join, {}), { code: "unavailable" });
  client.close();
});

test("a method with a handler of the wrong kind is refused at start", () => {
  const server = new RpcServer({ clock: systemClock, logger: silentLogger });
  const wrong = { join: serverStream(async function* none() {}) } as never;
  assert.throws(() => server.add(enrollmentService, wrong), /unary/);
});

test("a connection without a client certificate has no identity", () => {
  // What TLS gives for it: an empty object.
  assert.equal(peerIdentity({ sslPeerCertificate: {} } as unknown as Parameters<typeof peerIdentity>[0]), undefined);
});
