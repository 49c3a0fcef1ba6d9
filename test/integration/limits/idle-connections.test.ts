/** Two thousand connections that do nothing, on a real control plane: bounded memory, and callers who notice nothing. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type ClientHttp2Session, connect } from "node:http2";
import { after, before, describe, it } from "node:test";
import { systemClock } from "#proto/kit/clock.ts";
import { apiService } from "#proto/wire/generated/services.ts";
import { ControlPlaneProcess } from "../sessions/control-plane-process.ts";

const wanted = 2_000;
const handshakesAtOnce = 50;
/** Measured at 60 KB; sockets' and TLS' own buffers included. */
const maxBytesPerConnection = 150_000;
/** Generous for a loaded machine; without the connections it is a few milliseconds. */
const feltMs = 2_000;

function residentBytes(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(match?.[1] ?? 0) * 1024;
}

describe("idle connections", () => {
  let controlPlane: ControlPlaneProcess | undefined;
  const sessions: ClientHttp2Session[] = [];
  before(async () => {
    controlPlane = await ControlPlaneProcess.create("idle-conn");
    await controlPlane.start();
  });
  after(async () => {
    for (const session of sessions) session.destroy();
    await controlPlane?.remove();
  });

  it(`${wanted} of them cost little, and a caller beside them is served as before`, { timeout: 180_000 }, async () => {
    assert.ok(controlPlane);
    const { certificateAuthority, clientCertificate, clientKey } = await controlPlane.context();
    const tls = { ca: certificateAuthority, cert: clientCertificate, key: clientKey };
    const address = `https://127.0.0.1:${controlPlane.port}`;
    // Resumed from the first one's ticket: handshakes are not what is measured.
    let ticket: Buffer | undefined;
    const open = (servername: string): Promise<void> =>
      new Promise((resolve, reject) => {
        const session = connect(address, { ...tls, servername, ...(ticket && { session: ticket }) });
        session.socket.once("session", (given: Buffer) => {
          ticket ??= given;
        });
        sessions.push(session);
        session.once("remoteSettings", () => resolve()).once("error", reject);
      });
    const { serverName } = controlPlane;
    const client = await controlPlane.client();
    const call = async (): Promise<number> => {
      const startedAtMs = systemClock.monotonicMs();
      await client.unary(apiService.list, { resource: "namespaces" });
      return systemClock.monotonicMs() - startedAtMs;
    };
    for (let i = 0; i < 20; i++) await call();
    const pid = controlPlane.pid ?? 0;
    const before = residentBytes(pid);
    while (sessions.length < wanted) {
      await Promise.all(Array.from({ length: handshakesAtOnce }, () => open(serverName)));
    }
    const latencies: number[] = [];
    for (let i = 0; i < 50; i++) latencies.push(await call());
    const bytesEach = (residentBytes(pid) - before) / wanted;
    assert.equal(sessions.filter((session) => !session.destroyed).length, wanted, "none was cut off");
    assert.ok(bytesEach < maxBytesPerConnection, `${Math.round(bytesEach)} bytes a connection`);
    assert.ok(Math.max(...latencies) < feltMs, `a call took ${Math.max(...latencies)} ms`);
    client.close();
  });
});
