import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { etcdArguments, etcdEnvironment } from "./etcd-command.ts";
import { lastWords } from "./etcd-log.ts";
import { findEtcdBinary } from "./find-binary.ts";
import { isWorthDefragmenting } from "./maintenance.ts";

const member = {
  name: "cp-1",
  cluster: "local",
  dataDir: "/data/etcd",
  advertiseAddress: "10.0.0.5",
  listenAddresses: ["127.0.0.1", "::1"],
  clientPort: 1,
  peerPort: 2,
  certificates: { authority: "/c/ca.pem", certificate: "/c/etcd.pem", key: "/c/etcd-key.pem" },
};

describe("etcd's command line", () => {
  const flags = etcdArguments(member);

  it("listens where it is told and advertises the real address under a unique name", () => {
    assert.ok(flags.includes("--listen-client-urls=https://127.0.0.1:1,https://[::1]:1"));
    assert.ok(flags.includes("--advertise-client-urls=https://10.0.0.5:1"));
    assert.ok(flags.includes("--initial-cluster=cp-1=https://10.0.0.5:2"));
  });

  it("asks everybody for a certificate and uses no plain text", () => {
    assert.ok(flags.includes("--client-cert-auth=true") && flags.includes("--peer-client-cert-auth=true"));
    assert.ok(flags.every((flag) => !flag.includes("http://")));
  });
});

describe("etcd's surroundings", () => {
  it("a missing program is said with what to install", async () => {
    await assert.rejects(findEtcdBinary("/nowhere:/neither"), (thrown) => {
      assert.ok(Problem.is(thrown, "not-found"));
      assert.match(thrown.hint ?? "", /apt-get install .*etcd-server/);
      return true;
    });
  });

  it("the last words of a log are the last error's, without JSON", async () => {
    const folder = await mkdtemp(join(tmpdir(), "orch-etcd-log-"));
    const path = join(folder, "etcd.log");
    const lines = [
      { level: "warn", msg: "slow" },
      { level: "fatal", msg: "discovery failed", error: "address already in use" },
      { level: "warn", msg: "closing" },
    ];
    await writeFile(path, lines.map((line) => JSON.stringify(line)).join("\n"));
    assert.equal(await lastWords(path), "discovery failed: address already in use");
    assert.equal(await lastWords(join(folder, "none")), "");
    await rm(folder, { recursive: true });
  });

  it("defragments a large file that is mostly air, or one near its quota", () => {
    const mib = 1 << 20;
    const worth = (fileMib: number, usedMib: number): boolean =>
      isWorthDefragmenting({ fileBytes: fileMib * mib, usedBytes: usedMib * mib, quotaBytes: 2048 * mib });
    assert.deepEqual(
      [worth(20, 1), worth(400, 300), worth(400, 100), worth(1900, 1500), worth(1900, 1850)],
      [false, false, true, true, false],
    );
  });

  it("leaves half of the processors to the control plane, and has one at least", () => {
    const threads = [1, 2, 4, 5, 64].map((processors) => etcdEnvironment(processors).GOMAXPROCS);
    assert.deepEqual(threads, ["1", "1", "2", "2", "32"]);
  });
});
