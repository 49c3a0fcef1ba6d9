import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { get } from "node:https";
import { createServer } from "node:net";
import { join } from "node:path";
import { env, kill } from "node:process";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { EmbeddedEtcd } from "#control-plane/etcd/embedded-etcd.ts";
import { findEtcdBinary } from "#control-plane/etcd/find-binary.ts";
import { findRunningEtcd } from "#control-plane/etcd/running-etcd.ts";
import { ensureEtcdCertificates, etcdTlsName } from "#control-plane/identity/etcd-certificates.ts";
import { EtcdEndpoints, type EtcdTls } from "#control-plane/store/etcd-endpoints.ts";
import { EtcdKv } from "#control-plane/store/etcd-kv.ts";
import { systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { freePort, scratchFolder } from "./etcd-process.ts";

const clock = systemClock;
const random = systemRandom;
const deadline = { timeout: 60_000 };

describe("embedded-etcd", () => {
  let folder = "";
  let clientPort = 0;
  let peerPort = 0;
  let tls: EtcdTls | undefined;
  const open: (() => Promise<unknown>)[] = [];

  before(async () => {
    folder = await scratchFolder("embedded");
    [clientPort, peerPort] = [await freePort(), await freePort()];
  });
  after(async () => {
    for (const close of open) await close().catch(() => undefined);
    const left = await findRunningEtcd(join(folder, "etcd"));
    if (left) kill(left.pid, "SIGKILL");
    await rm(folder, { recursive: true, force: true });
    assert.equal(left, undefined, "an etcd was left running");
  });

  /** A new control plane's view: nothing but the folder is shared with its predecessor. */
  async function controlPlane(ports = { clientPort, peerPort }, dataDir = join(folder, "etcd")) {
    const options = {
      folder: join(folder, "pki"),
      cluster: "store-test",
      ipAddresses: ["127.0.0.1"],
      lifetimeMs: 60_000,
      clock,
      random,
    };
    const certificates = await ensureEtcdCertificates(options);
    tls = {
      authorityPem: await readFile(certificates.authority),
      certificatePem: await readFile(certificates.certificate),
      keyPem: await readFile(certificates.key),
      serverName: etcdTlsName,
    };
    const connection = { endpoints: [`https://127.0.0.1:${ports.clientPort}`], tls, clock };
    const etcd = new EmbeddedEtcd({
      binary: await findEtcdBinary(env.PATH ?? ""),
      member: {
        ...{ name: "cp-1", cluster: "store-test", dataDir, certificates, ...ports },
        ...{ advertiseAddress: "127.0.0.1", listenAddresses: ["127.0.0.1"] },
      },
      logFile: join(folder, "etcd.log"),
      ...{ clock, random, logger: silentLogger },
      endpoints: new EtcdEndpoints(connection),
      kill: (pid, signal) => void kill(pid, signal),
    });
    const kv = new EtcdKv({ ...connection, prefix: "/test/", random, logger: silentLogger });
    open.push(
      () => kv.close(),
      () => etcd.stop(),
    );
    return { etcd, kv };
  }

  /** Reads once etcd answers again. */
  async function readSoon(kv: EtcdKv, key: string): Promise<string | undefined> {
    for (let attempt = 0; ; attempt++) {
      try {
        const { item } = await kv.get(key);
        return item && Buffer.from(item.value).toString();
      } catch (thrown) {
        if (attempt > 100) throw thrown;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  /** Bytes that etcd has asked of its heap since its start. */
  async function allocatedBytes(): Promise<number> {
    const request = get(`https://127.0.0.1:${clientPort}/metrics`, {
      ...{ ca: tls?.authorityPem as Buffer, cert: tls?.certificatePem as Buffer, key: tls?.keyPem as Buffer },
      ...{ servername: etcdTlsName, timeout: 10_000 },
    });
    const [answer] = (await once(request, "response")) as [IncomingMessage];
    const found = /^go_memstats_alloc_bytes_total (\S+)$/m.exec(await text(answer));
    assert.ok(found, "etcd tells what it allocated");
    return Number(found[1]);
  }
  const put = (value: string) => [{ kind: "put" as const, key: "a", value: Buffer.from(value) }];
  const forever = new AbortController().signal;

  it(
    "is adopted by the next control plane, same process; started again when killed; ended by stop",
    deadline,
    async () => {
      const first = await controlPlane();
      await first.etcd.start(forever);
      const { pid } = first.etcd;
      assert.ok(pid);
      await first.kv.transact(put("1"));
      await first.etcd.leaveRunning();

      const second = await controlPlane();
      await second.etcd.start(forever);
      assert.equal(second.etcd.pid, pid);
      assert.equal(await readSoon(second.kv, "a"), "1");

      for (const value of ["2", "3"]) {
        const killed: number | undefined = second.etcd.pid;
        assert.ok(killed);
        kill(killed, "SIGKILL");
        while (second.etcd.pid === killed) await new Promise((resolve) => setTimeout(resolve, 50));
        await second.kv.transact(put(value));
        assert.equal(await readSoon(second.kv, "a"), value);
      }

      await second.etcd.stop();
      assert.equal(await findRunningEtcd(join(folder, "etcd")), undefined);

      const third = await controlPlane();
      await third.etcd.start(forever);
      assert.equal(await readSoon(third.kv, "a"), "3");
      await third.etcd.stop();
    },
  );

  it(
    "refuses a client without a certificate of its authority, and serves one with several endpoints",
    deadline,
    async () => {
      const { etcd } = await controlPlane();
      await etcd.start(forever);
      const stranger = new EtcdKv({
        endpoints: [`https://127.0.0.1:${clientPort}`],
        tls: { authorityPem: tls?.authorityPem ?? new Uint8Array(), serverName: etcdTlsName },
        ...{ prefix: "/test/", clock, random, logger: silentLogger },
      });
      await assert.rejects(stranger.get("a"), (thrown) => thrown instanceof Problem);
      await stranger.close();

      // Of several members, a watch asks for one that has a leader: call credentials beside the channel's.
      const url = `https://127.0.0.1:${clientPort}`;
      const several = new EtcdKv({
        ...{ endpoints: [url, url], prefix: "/test/", clock, random, logger: silentLogger },
        ...(tls && { tls }),
      });
      const { revision } = await several.transact(put("several"));
      const batches = several.watch("a", revision - 1, AbortSignal.timeout(5000))[Symbol.asyncIterator]();
      assert.equal((await batches.next()).done, false);
      const { value } = await batches.next();
      assert.equal(value?.events.length, 1);
      await batches.return?.();
      await several.close();
      await etcd.stop();
    },
  );

  it("a read after a burst of writes costs etcd no copy of the burst", deadline, async () => {
    const { etcd, kv } = await controlPlane();
    await etcd.start(forever);
    const writes = (batch: number) =>
      Array.from({ length: 100 }, (_, at) => ({
        kind: "put" as const,
        key: `${batch}/${at}`,
        value: Buffer.from("x"),
      }));
    await Promise.all(Array.from({ length: 60 }, (_, batch) => kv.transact(writes(batch))));
    const reads = 200;
    const before = await allocatedBytes();
    for (let at = 0; at < reads; at++) await kv.get("0/0");
    const kibPerRead = (((await allocatedBytes()) - before) / reads) >> 10;
    assert.ok(kibPerRead < 120, `a read allocates ${kibPerRead} KiB`);
    await etcd.stop();
  });

  it("says why it does not start: its port is taken", deadline, async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    assert.ok(typeof address === "object" && address);
    const ports = { clientPort: address.port, peerPort: await freePort() };
    const { etcd } = await controlPlane(ports, join(folder, "other"));
    await assert.rejects(etcd.start(forever), (thrown) => {
      assert.ok(Problem.is(thrown, "unavailable"));
      assert.match(thrown.message, /address already in use/);
      return true;
    });
    server.close();
  });
});
