/** The disk below our own etcd runs full: etcd ends, comes back when there is space, and has all that it acknowledged. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, readFile, rm, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { env, kill } from "node:process";
import { after, before, describe, it } from "node:test";
import { EmbeddedEtcd } from "#control-plane/etcd/embedded-etcd.ts";
import { findEtcdBinary } from "#control-plane/etcd/find-binary.ts";
import { findRunningEtcd } from "#control-plane/etcd/running-etcd.ts";
import { ensureEtcdCertificates, etcdTlsName } from "#control-plane/identity/etcd-certificates.ts";
import { EtcdEndpoints } from "#control-plane/store/etcd-endpoints.ts";
import { EtcdKv } from "#control-plane/store/etcd-kv.ts";
import { systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { freePort, scratchFolder } from "./etcd-process.ts";

const base = { clock: systemClock, random: systemRandom, logger: silentLogger };
const forever = new AbortController().signal;
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
/** etcd sets two log files of 64 MB aside, and keeps a copy of one that it had to mend; what is free beyond that is filled. */
const diskBytes = 400 << 20;

describe("a full disk below etcd", () => {
  let folder = "";
  let disk = "";
  let isMounted = false;
  const open: (() => Promise<unknown>)[] = [];
  before(async () => {
    folder = await scratchFolder("full-disk");
    disk = join(folder, "disk");
    await mkdir(disk);
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${diskBytes}`, "tmpfs", disk]);
    isMounted = true;
  });
  after(async () => {
    for (const close of open) await close().catch(() => undefined);
    const left = await findRunningEtcd(join(disk, "etcd"));
    if (left) kill(left.pid, "SIGKILL");
    if (isMounted) execFileSync("umount", ["-l", disk]);
    await rm(folder, { recursive: true, force: true });
  });

  it("stops writes with a Problem; with space again all that was acknowledged is there", {
    timeout: 180_000,
  }, async () => {
    const certificates = await ensureEtcdCertificates({
      ...{ folder: join(folder, "pki"), cluster: "full-disk", ipAddresses: ["127.0.0.1"], lifetimeMs: 86_400_000 },
      ...base,
    });
    const read = [certificates.authority, certificates.certificate, certificates.key].map((path) => readFile(path));
    const [authorityPem, certificatePem, keyPem] = await Promise.all(read);
    assert.ok(authorityPem && certificatePem && keyPem);
    const [clientPort, peerPort] = [await freePort(), await freePort()];
    const tls = { authorityPem, certificatePem, keyPem, serverName: etcdTlsName };
    const connection = { endpoints: [`https://127.0.0.1:${clientPort}`], tls, clock: systemClock };
    const embedded = new EmbeddedEtcd({
      binary: await findEtcdBinary(env.PATH ?? ""),
      member: {
        ...{ name: "cp-1", cluster: "full-disk", dataDir: join(disk, "etcd"), certificates, clientPort, peerPort },
        ...{ advertiseAddress: "127.0.0.1", listenAddresses: ["127.0.0.1"] },
      },
      logFile: join(folder, "etcd.log"),
      ...base,
      endpoints: new EtcdEndpoints(connection),
      kill: (pid, signal) => void kill(pid, signal),
    });
    const kv = new EtcdKv({ ...connection, prefix: "/test/", ...base });
    open.push(
      () => embedded.stop(),
      () => kv.close(),
    );
    await embedded.start(forever);
    await kv.transact([{ kind: "put", key: "first", value: new Uint8Array(1) }]);
    const { bavail, bsize } = await statfs(disk);
    await writeFile(join(disk, "filler"), new Uint8Array(bavail * bsize)).catch(() => undefined);

    const acknowledged: string[] = ["first"];
    const value = new Uint8Array(1_000_000).fill(7);
    const fill = async (): Promise<void> => {
      for (let i = 0; i < 400; i++) {
        await kv.transact([{ kind: "put", key: `p/${i}`, value }]);
        acknowledged.push(`p/${i}`);
      }
    };
    await assert.rejects(fill(), (thrown) => Problem.is(thrown, "unavailable") || Problem.is(thrown, "timeout"));

    await rm(join(disk, "filler"));
    const deadlineMs = systemClock.monotonicMs() + 90_000;
    const isBack = (): Promise<boolean> =>
      kv.transact([{ kind: "put", key: "after", value: new Uint8Array(1) }]).then(
        () => true,
        () => false,
      );
    while (!(await isBack())) {
      assert.ok(systemClock.monotonicMs() < deadlineMs, "etcd did not come back");
      await pause(250);
    }
    const { items } = await kv.list({ prefix: "", keysOnly: true });
    const stored = new Set(items.map(({ key }) => key));
    assert.deepEqual(
      acknowledged.filter((key) => !stored.has(key)),
      [],
    );
  });
});
