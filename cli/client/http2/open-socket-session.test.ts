import assert from "node:assert/strict";
import { chmodSync, chownSync, mkdtempSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { RpcCaller } from "#proto/kit/rpc/caller.ts";
import { type BidiCall, bidi, serverStream, unary } from "#proto/kit/rpc/handlers.ts";
import { Http2Client } from "#proto/kit/rpc/http2-client.ts";
import type { Http2Connection } from "#proto/kit/rpc/http2-connection.ts";
import { RpcServer } from "#proto/kit/rpc/server.ts";
import { TlsServerCredentials } from "#proto/kit/rpc/tls.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import { apiService } from "#proto/wire/generated/services.ts";
import { type TestAuthority, testAuthority } from "#test/support/certificates.ts";
import { openLightSession } from "./open-light-session.ts";
import { openSocketSession } from "./open-socket-session.ts";

const root = { user: "root", groups: ["all"], serialNumber: "", expiresAtMs: Number.POSITIVE_INFINITY };
const windowBytes = 1024 * 1024;
const soon = (): AbortSignal => AbortSignal.timeout(20_000);
const serverName = "control-plane.test.orch";
const refused = "somebody who may not call";

let folder: string;
let path: string;
let server: RpcServer;
let authority: TestAuthority;
let port: number;
const callers: RpcCaller[] = [];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "orch-socket-"));
  path = join(folder, "api.sock");
  const admit = ({ user }: { readonly user: string }): void => {
    if (user === refused) throw new Problem("unauthenticated", "revoked");
  };
  server = new RpcServer({
    clock: systemClock,
    logger: silentLogger,
    admit,
    connections: { maxConnectionsOfIdentity: 4 },
  });
  server.add(apiService, {
    get: unary(async (_request: unknown, { peer }) => ({ object: Buffer.from(JSON.stringify(peer ?? null)) })),
    watch: serverStream(async function* events(_request: unknown, { peer }) {
      yield { type: "ADDED", resourceVersion: peer?.user ?? "", object: Buffer.alloc(0) };
    }),
    stream: bidi(async (call: BidiCall<orch.v1.Frame, orch.v1.Frame>) => {
      for await (const frame of call.requests)
        await call.send({ data: Buffer.from(`${call.peer?.user} ${frame.credit}`) });
    }),
  } as never);
  authority = await testAuthority();
  const material = await authority.issue("CN=server", [serverName]);
  port = await server.listen("127.0.0.1:0", new TlsServerCredentials(material, { requireClientCertificate: true }));
  await server.listenOnSocket(path, root);
});
after(async () => {
  for (const caller of callers) caller.close();
  await server.stop(100);
  rmSync(folder, { recursive: true });
});

function callerOf(open: (signal: AbortSignal) => Promise<Http2Connection>): RpcCaller {
  const limits = { deadlineMs: 10_000, connectTimeoutMs: 5_000 };
  const caller = new Http2Client({ open, clock: systemClock, server: "the server", userAgent: "test", ...limits });
  callers.push(caller);
  return caller;
}

async function open(): Promise<Http2Connection> {
  const session = await openSocketSession(path, windowBytes, soon());
  assert.ok(session);
  return session;
}

async function byTls(subject: string): Promise<RpcCaller> {
  const { certificateChain: clientCertificate, privateKey: clientKey } = await authority.issue(subject);
  const address = `127.0.0.1:${port}`;
  const target = {
    address,
    serverName,
    certificateAuthority: authority.pem,
    clientCertificate,
    clientKey,
    windowBytes,
  };
  return callerOf((signal) => openLightSession(target, signal));
}

const peerSeenBy = async (caller: RpcCaller): Promise<unknown> =>
  JSON.parse(Buffer.from((await caller.unary(apiService.get, {}, { signal: soon() })).object).toString());

test("whoever opens the socket is whom it stands for, in calls of every kind; by TLS the certificate says it", async () => {
  const caller = callerOf(open);
  assert.deepEqual(await peerSeenBy(caller), { ...root, expiresAtMs: null });
  for await (const event of caller.serverStream(apiService.watch, {}, { signal: soon() }))
    assert.equal(event.resourceVersion, "root");
  const stream = caller.bidi(apiService.stream, { signal: soon() });
  await stream.send({ credit: 7 });
  for await (const frame of stream.replies) {
    assert.equal(Buffer.from(frame.data ?? []).toString(), "root 7");
    break;
  }
  const ada = (await peerSeenBy(await byTls("CN=ada,O=people"))) as {
    readonly user: string;
    readonly groups: string[];
  };
  assert.deepEqual([ada.user, ada.groups], ["ada", ["people"]]);
  await assert.rejects(peerSeenBy(await byTls(`CN=${refused}`)), /revoked/);
});

test("only its owner may open it", () => {
  const { mode } = statSync(path);
  assert.equal(mode & 0o777, 0o600);
});

test("connections by it shake no hands, and count as those of one identity", async () => {
  const before = server.counters;
  const sessions = [];
  for (let i = 0; i < 3; i++) {
    const session = await open();
    await peerSeenBy(callerOf(async () => session));
    sessions.push(session);
  }
  assert.equal(server.counters.connections, before.connections + 3);
  assert.equal(server.counters.handshakes, 0);
  // The first test's still stands: this is the fifth of four.
  const fifth = callerOf(open);
  await assert.rejects(peerSeenBy(fifth), /too many connections of this identity/);
  for (const session of sessions) session.destroy();
});

test("without a socket that answers and is ours there is no session, and no error: TLS is the way", async () => {
  const none = (at: string): Promise<unknown> => openSocketSession(at, windowBytes, soon());
  assert.equal(await none(join(folder, "nothing")), undefined);
  assert.equal(await none(join(path, "beneath-a-socket")), undefined);
  writeFileSync(join(folder, "file"), "");
  assert.equal(await none(join(folder, "file")), undefined);
  symlinkSync(path, join(folder, "link"));
  assert.equal(await none(join(folder, "link")), undefined, "a link may lead anywhere");
  // As a process leaves it that was killed.
  const dead = createServer();
  await new Promise<void>((resolve) => dead.listen(join(folder, "living"), resolve));
  renameSync(join(folder, "living"), join(folder, "dead"));
  await new Promise((resolve) => dead.close(resolve));
  assert.ok(statSync(join(folder, "dead")).isSocket());
  assert.equal(await none(join(folder, "dead")), undefined);
});

test("a socket of somebody else is not spoken to", { skip: process.getuid?.() !== 0 }, async () => {
  const foreign = createServer();
  const at = join(folder, "foreign");
  await new Promise<void>((resolve) => foreign.listen(at, resolve));
  chmodSync(at, 0o777);
  chownSync(at, 65_534, 65_534);
  assert.equal(await openSocketSession(at, windowBytes, soon()), undefined);
  await new Promise((resolve) => foreign.close(resolve));
});

test("an abort is told with its reason", async () => {
  const reason = new Problem("canceled", "given up");
  await assert.rejects(openSocketSession(path, windowBytes, AbortSignal.abort(reason)), /given up/);
});
