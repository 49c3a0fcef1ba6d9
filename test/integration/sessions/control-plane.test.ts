import assert from "node:assert/strict";
import { access, readdir, readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { findRunningEtcd } from "#control-plane/etcd/running-etcd.ts";
import { EtcdKv } from "#control-plane/store/etcd-kv.ts";
import { clusterKey } from "#control-plane/store/keyspace.ts";
import type { JoinConfig } from "#node-agent/config.ts";
import { joinNode } from "#node-agent/join.ts";
import { identityDirectory, loadIdentity } from "#node-agent/session/node-identity.ts";
import { certificateDigest, readCertificate, splitPem } from "#proto/identity/certificate.ts";
import { type JoinOptions, joinCluster } from "#proto/identity/join.ts";
import { createJoinToken, formatJoinToken } from "#proto/identity/join-token.ts";
import { createSigningRequest } from "#proto/identity/signing-request.ts";
import { type Clock, systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { Problem, type ProblemCode } from "#proto/kit/problem.ts";
import { systemRandom } from "#proto/kit/random.ts";
import type { ClusterStatus } from "#proto/resources/cluster-status.ts";
import { agentGatewayService, apiService } from "#proto/wire/generated/services.ts";
import { ControlPlaneProcess } from "./control-plane-process.ts";

const slow = { timeout: 60_000 };

function refusal(code: ProblemCode, message: RegExp): (thrown: unknown) => boolean {
  return (thrown) => {
    assert.ok(thrown instanceof Problem, String(thrown));
    assert.equal(thrown.code, code, thrown.message);
    assert.match(thrown.message, message);
    return true;
  };
}

describe("control plane", () => {
  let plane: ControlPlaneProcess;
  before(async () => {
    plane = await ControlPlaneProcess.create("sessions-a");
    await plane.start();
  });
  after(() => plane.remove());

  const options = (token: string, nodeName: string): JoinOptions => ({
    host: "127.0.0.1",
    enrollmentPort: plane.enrollmentPort,
    token,
    nodeName,
    version: "0.1.0",
    timeoutMs: 10_000,
    clock: systemClock,
  });
  const newToken = async (uses = 1): Promise<string> => {
    const client = await plane.client();
    const { token } = await client.unary(apiService.createJoinToken, { uses, description: "test" });
    client.close();
    return token ?? "";
  };

  it(
    "a machine whose certificate ran out while it was off joins again with its own key, and so with its name",
    slow,
    async () => {
      const dataDirectory = join(plane.folder, "machine");
      const config = async (): Promise<JoinConfig> => ({
        server: { host: "127.0.0.1", port: plane.enrollmentPort },
        controlPlane: [`127.0.0.1:${plane.port}`],
        ...{ token: await newToken(), tokenFile: undefined, nodeName: "sleeper", dataDirectory, cluster: undefined },
        ...{ labels: {}, taints: [] },
      });
      const nextWeek: Clock = { ...systemClock, nowMs: () => systemClock.nowMs() + 8 * 86_400_000 };
      const joined = async (clock: Clock) => {
        await joinNode(await config(), "0.1.0", clock, AbortSignal.timeout(20_000));
        const identity = await loadIdentity(identityDirectory(dataDirectory));
        return readCertificate(splitPem(identity?.certificateChainPem ?? "")[0] ?? "");
      };
      const first = await joined(systemClock);
      assert.deepEqual(await joined(systemClock), first, "nothing to ask for");
      const again = await joined(nextWeek);
      assert.equal(again.keyDigest, first.keyDigest);
      assert.notEqual(again.serialNumber, first.serialNumber);
    },
  );

  it(
    "the first start leaves a join command that works, and writes keys and context for its owner alone",
    slow,
    async () => {
      const command = await readFile(join(plane.folder, "data/join-command"), "utf8");
      const token = /--token (ORCH1\S+)/.exec(command)?.[1] ?? "";
      assert.ok(!`${plane.output}${plane.errors}`.includes("ORCH1"), "a token is in the output");
      const identity = await joinCluster(options(token, "n1"));
      assert.equal(identity.cluster, "sessions-a");
      const [leaf = "", authority = ""] = splitPem(identity.certificateChainPem);
      assert.equal(readCertificate(leaf).user, "system:node:n1");
      assert.equal(certificateDigest(authority), token.split(".")[1]);
      const data = join(plane.folder, "data");
      assert.equal((await stat(data)).mode & 0o777, 0o700);
      for (const name of [
        "join-command",
        "admin.yaml",
        "encryption-keys.json",
        "pki/server-key.pem",
        "pki/etcd/ca-key.pem",
      ]) {
        assert.equal((await stat(join(data, name))).mode & 0o777, 0o600, name);
      }
    },
  );

  it("a node opens a session with its certificate and renews it", slow, async () => {
    const identity = await joinCluster(options(await newToken(), "n2"));
    const certificate = { certificateChain: identity.certificateChainPem, privateKey: identity.privateKeyPem };
    const client = await plane.client(certificate);
    const call = client.bidi(agentGatewayService.session);
    await call.send({ hello: { version: "0.1.0", instance: "a", node: Buffer.from("{}") } });
    const first = await call.replies[Symbol.asyncIterator]().next();
    assert.ok(!first.done && first.value.welcome, "expected a welcome");
    assert.match(first.value.welcome.podCidr ?? "", /^10\.1\d\d\.\d+\.0\/24$/);
    const request = await createSigningRequest("x");
    const renewed = await client.unary(agentGatewayService.renewCertificate, {
      signingRequest: Buffer.from(request.signingRequestPem),
    });
    const info = readCertificate(Buffer.from(renewed.certificateChain ?? []).toString());
    assert.equal(info.user, "system:node:n2");
    assert.notEqual(info.keyDigest, readCertificate(identity.certificateChainPem).keyDigest);
    call.cancel();
    client.close();
    await assert.rejects(joinCluster(options(await newToken(), "n2")), refusal("already-exists", /with another key/));
  });

  it(
    "tokens used up, foreign and wrong are refused with a sentence each, and a foreign one never leaves this machine",
    slow,
    async () => {
      const token = await newToken();
      await joinCluster(options(token, "n3"));
      await assert.rejects(joinCluster(options(token, "n4")), refusal("forbidden", /used up: it let in n3/));
      const foreign = formatJoinToken(createJoinToken("A".repeat(43), systemRandom));
      await assert.rejects(
        joinCluster(options(foreign, "n4")),
        refusal("forbidden", /does not belong to the cluster of this token/),
      );
      const wrong = `${token.slice(0, -22)}${"A".repeat(22)}`;
      await assert.rejects(joinCluster(options(wrong, "n4")), refusal("unauthenticated", /mistyped/));
      const nowhere = joinCluster({ ...options(token, "n4"), enrollmentPort: 1 });
      await assert.rejects(nowhere, refusal("unavailable", /no enrollment server could be reached at 127.0.0.1:1/));
    },
  );

  it("people get certificates by their own request, and only administrators may give them", slow, async () => {
    const admin = await plane.client();
    const request = await createSigningRequest("ignored");
    const issued = await admin.unary(apiService.issueUserCertificate, {
      signingRequest: Buffer.from(request.signingRequestPem),
      user: "ana",
      groups: ["orch:viewers"],
    });
    admin.close();
    const certificateChain = Buffer.from(issued.certificateChain ?? []).toString();
    const ana = await plane.client({ certificateChain, privateKey: request.privateKeyPem });
    const hello = await ana.unary(apiService.hello, {});
    assert.deepEqual([hello.user, hello.groups], ["ana", ["orch:viewers"]]);
    await assert.rejects(ana.unary(apiService.createJoinToken, {}), refusal("forbidden", /ana/));
    ana.close();
  });

  it("the status says who leads, how etcd is, and what to do", slow, async () => {
    const client = await plane.client();
    const reply = await client.unary(apiService.clusterStatus, {});
    client.close();
    const status = JSON.parse(Buffer.from(reply.status ?? []).toString()) as ClusterStatus;
    assert.deepEqual([status.cluster, status.store.kind, status.store.healthy], ["sessions-a", "embedded", true]);
    assert.deepEqual(
      status.controlPlanes.map(({ name, leader }) => [name, leader]),
      [["cp", true]],
    );
    assert.ok(
      status.warnings.some((warning) => /^Node n2.*agent/.test(warning)),
      status.warnings.join("\n"),
    );
  });

  it("a node whose clock is wrong is named by the status with what to do, until it is right again", slow, async () => {
    const identity = await joinCluster(options(await newToken(), "n5"));
    const certificate = { certificateChain: identity.certificateChainPem, privateKey: identity.privateKeyPem };
    const [node, admin] = [await plane.client(certificate), await plane.client()];
    const call = node.bidi(agentGatewayService.session);
    await call.send({ hello: { version: "0.1.0", instance: "a", node: Buffer.from("{}") } });
    const replies = call.replies[Symbol.asyncIterator]();
    await replies.next();
    let sequence = 0;
    /** Beats, with a clock so wrong, until the status says what it should; resolves to that line. */
    const beatUntil = async (aheadMs: number, isSaid: (line: string | undefined) => boolean) => {
      for (const untilMs = systemClock.monotonicMs() + 30_000; systemClock.monotonicMs() < untilMs; ) {
        sequence += 1;
        await call.send({ heartbeat: { sequence, wallClockMs: systemClock.nowMs() + aheadMs } });
        await replies.next();
        const reply = await admin.unary(apiService.clusterStatus, {});
        const { warnings } = JSON.parse(Buffer.from(reply.status ?? []).toString()) as ClusterStatus;
        const line = warnings.find((warning) => warning.startsWith("Node n5: NodeClockSkew"));
        if (isSaid(line)) return line;
      }
      return assert.fail("the status does not say so");
    };
    assert.match(
      (await beatUntil(90_000, (line) => line !== undefined)) ?? "",
      /the node's clock is about 90 s ahead of the control plane's; run NTP on both\.$/,
    );
    await beatUntil(0, (line) => line === undefined);
    call.cancel();
    node.close();
    admin.close();
  });

  it("another cluster's certificate opens no connection", slow, async () => {
    const other = await ControlPlaneProcess.create("sessions-b");
    try {
      await other.start();
      const { clientCertificate, clientKey } = await other.context();
      const stranger = await plane.client({ certificateChain: clientCertificate, privateKey: clientKey });
      await assert.rejects(stranger.waitForReady(1500), Problem);
      stranger.close();
    } finally {
      await other.remove();
    }
  });

  it("a second one on the same port ends with a sentence that names the port and who holds it", slow, async () => {
    const second = await ControlPlaneProcess.create("sessions-c");
    try {
      second.launch("--port", String(plane.port));
      const { code, errors } = await second.ended();
      assert.equal(code, 3);
      assert.match(errors, new RegExp(`port ${plane.port} on 127.0.0.1 is taken by .*pid ${plane.pid}`));
      assert.ok(!(await readdir(join(second.folder, "data"))).includes("etcd"), "nothing was started");
    } finally {
      await second.remove();
    }
  });

  it("kill -9 leaves etcd running; the next start adopts it and knows all that was acknowledged", slow, async () => {
    const etcdBefore = await findRunningEtcd(join(plane.folder, "data/etcd"));
    const client = await plane.client();
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "kept" } };
    await client.unary(apiService.create, { resource: "namespaces", object: Buffer.from(JSON.stringify(namespace)) });
    client.close();
    await plane.stop("SIGKILL");
    await plane.start();
    assert.equal((await findRunningEtcd(join(plane.folder, "data/etcd")))?.pid, etcdBefore?.pid);
    assert.equal(plane.output, "", "only a new cluster tells first steps");
    const again = await plane.client();
    await again.unary(apiService.get, { resource: "namespaces", name: "kept" });
    again.close();
  });

  it("SIGTERM ends it in order: exit 0, no ready file, no etcd", slow, async () => {
    const { code, errors } = await plane.stop();
    assert.equal(code, 0, errors);
    await assert.rejects(access(plane.readyFile));
    assert.equal(await findRunningEtcd(join(plane.folder, "data/etcd")), undefined);
    assert.ok(!/"level":"(warn|error)"/.test(errors.split('"stopping"')[1] ?? ""), errors);
  });

  it(
    "a start without the cluster's key file, or with other fixed settings, is refused with a sentence",
    slow,
    async () => {
      plane.launch("--service-cidr", "10.55.0.0/16");
      const changed = await plane.ended();
      assert.equal(changed.code, 3);
      assert.match(changed.errors, /--service-cidr: is 10.96.0.0\/16 since the cluster was made/);
      const keys = join(plane.folder, "data/encryption-keys.json");
      await rename(keys, `${keys}.away`);
      plane.launch();
      const keyless = await plane.ended();
      assert.equal(keyless.code, 3);
      assert.match(keyless.errors, /encryption-keys.json does not exist/);
      await rename(`${keys}.away`, keys);
    },
  );

  it("nothing secret is in etcd's files", slow, async () => {
    for (const name of await readdir(join(plane.folder, "data/etcd/member"), { recursive: true })) {
      const path = join(plane.folder, "data/etcd/member", name);
      if (!(await stat(path)).isFile()) continue;
      assert.ok(!(await readFile(path)).includes("PRIVATE KEY"), path);
    }
  });

  it("data of a newer version is refused with a sentence, before anything of it is read", slow, async () => {
    await plane.start();
    const [authorityPem, certificatePem, keyPem] = await Promise.all(
      ["ca.pem", "etcd.pem", "etcd-key.pem"].map((name) => readFile(join(plane.folder, "data/pki/etcd", name))),
    );
    assert.ok(authorityPem && certificatePem && keyPem);
    const kv = new EtcdKv({
      endpoints: [`https://127.0.0.1:${plane.etcdPort}`],
      tls: { authorityPem, certificatePem, keyPem, serverName: "etcd.orch" },
      ...{ prefix: "/orch/sessions-a/", clock: systemClock, random: systemRandom, logger: silentLogger },
    });
    const newer = Buffer.from('{"deployments.apps":{"version":7}}');
    await kv.transact([{ kind: "put", key: clusterKey("stored-versions"), value: newer }]);
    await kv.close();
    await plane.stop();
    plane.launch();
    const { code, errors } = await plane.ended();
    assert.equal(code, 3);
    assert.match(
      errors,
      /newer than this control plane: deployments\.apps are stored as version 7, and it reads up to 1/,
    );
    assert.match(errors, /going back needs a backup/);
  });
});

describe("command line", () => {
  it("is refused as a whole, with every problem and exit code 2", slow, async () => {
    const plane = await ControlPlaneProcess.create("sessions-d");
    try {
      plane.launch("--nonsense", "--heartbeat-interval", "soon");
      const { code, errors } = await plane.ended();
      assert.equal(code, 2);
      assert.match(errors, /--nonsense: is not known/);
      assert.match(errors, /--heartbeat-interval: use a duration/);
    } finally {
      await plane.remove();
    }
  });
});
