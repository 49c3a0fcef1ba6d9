/** Your own etcd, with its own authority and client certificates: a cluster comes up on it, and wrong files are told apart. */
import assert from "node:assert/strict";
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { dayMs } from "#control-plane/identity/certificate-authority.ts";
import { joinCluster } from "#proto/identity/join.ts";
import { systemClock } from "#proto/kit/clock.ts";
import type { ClusterStatus } from "#proto/resources/cluster-status.ts";
import { agentGatewayService, apiService } from "#proto/wire/generated/services.ts";
import { makeEtcdPki, SecureEtcd } from "#test/support/etcd-tls.ts";
import { ControlPlaneProcess } from "../sessions/control-plane-process.ts";

const slow = { timeout: 120_000 };
let etcd: SecureEtcd;
let plane: ControlPlaneProcess;
let files: { readonly certificate: string; readonly key: string };

before(async () => {
  etcd = await SecureEtcd.start();
  files = await etcd.pki.issue("control-plane");
  plane = await ControlPlaneProcess.create("certs-etcd");
});
after(async () => {
  await plane.remove();
  await etcd.end();
});

const flags = (given: { readonly ca?: string; readonly certificate?: string; readonly key?: string } = {}): string[] =>
  ["--etcd-endpoints", etcd.endpoint, "--etcd-ca", given.ca ?? etcd.pki.authorityFile]
    .concat("certificate" in given && !given.certificate ? [] : ["--etcd-cert", given.certificate || files.certificate])
    .concat("key" in given && !given.key ? [] : ["--etcd-key", given.key || files.key]);

/** No flags of an embedded etcd. */
async function refusal(...more: readonly string[]): Promise<string> {
  plane.launch(...more);
  const { code, errors } = await plane.ended();
  assert.equal(code, 3, errors);
  return errors;
}

test("each wrong file is told with its flag, and nothing is made", slow, async () => {
  const foreign = await makeEtcdPki(etcd.folder, "foreign");
  const theirs = await foreign.issue("control-plane");
  const expired = await etcd.pki.issue("expired", { lifetimeMs: -60_000 });
  const text = join(etcd.folder, "text");
  await writeFile(text, "hello\n");
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [
      flags({ ca: foreign.authorityFile }),
      /etcd at https:.* cannot be used: its certificate is not of the authority in --etcd-ca/,
    ],
    [flags(theirs), /cannot be used: it refuses the certificate in --etcd-cert/],
    [flags(expired), /cannot be used: it refuses the certificate in --etcd-cert|has expired/],
    [flags({ certificate: "", key: "" }), /it wants a client certificate: give --etcd-cert and --etcd-key/],
    [flags({ key: theirs.key }), /is not the key of the certificate in/],
    [flags({ ca: text }), /text of --etcd-ca holds no certificate in PEM form/],
    [flags({ ca: join(etcd.folder, "nowhere") }), /nowhere of --etcd-ca cannot be read \(ENOENT\)/],
    [
      [...flags(), "--etcd-tls-name", "other.test"],
      /does not name other\.test: give the name it has with --etcd-tls-name/,
    ],
    [["--etcd-endpoints", etcd.endpoint], /speaks TLS, and --etcd-ca is not given/],
  ];
  for (const [given, expected] of cases) assert.match(await refusal(...given), expected);
});

test(
  "a client certificate that ends soon is told by the cluster's status, and no more when a newer one lies there",
  slow,
  async () => {
    // Made so that it has 25 of 30 days behind it.
    const aged = { ...systemClock, nowMs: () => systemClock.nowMs() - 25 * dayMs };
    const short = await etcd.pki.issue("short", { clock: aged });
    await plane.start(...flags(short));
    const told = await warnings();
    assert.match(
      told,
      new RegExp(`The certificate in ${short.certificate} \\(--etcd-cert\\) expires on 20.*newer one`),
    );
    await plane.stop();
    await copyFile(files.certificate, short.certificate);
    await copyFile(files.key, short.key);
    await plane.start(...flags(short));
    assert.doesNotMatch(await warnings(), /--etcd-cert/);
    await plane.stop();
  },
);

async function warnings(): Promise<string> {
  const client = await plane.client();
  const reply = await client.unary(apiService.clusterStatus, {});
  client.close();
  return (JSON.parse(Buffer.from(reply.status).toString("utf8")) as ClusterStatus).warnings.join("\n");
}

test("a cluster comes up and runs on it, and outlives restarts of both", slow, async () => {
  await plane.start(...flags(), "--etcd-tls-name", "etcd.example.test");
  await workOn("one");
  await etcd.kill();
  await etcd.start();
  await workOn("two");
  await plane.stop();
  await plane.start(...flags());
  const client = await plane.client();
  const { items } = await client.unary(apiService.list, { resource: "configmaps", namespace: "default" });
  client.close();
  assert.deepEqual(
    items.map((item) => (JSON.parse(String(Buffer.from(item))) as { metadata: { name: string } }).metadata.name),
    ["one", "two"],
  );
});

/** Writes an object, joins a node, and waits until the controllers have given it an address range. */
async function workOn(name: string): Promise<void> {
  const client = await plane.client();
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" } };
  await client.unary(apiService.create, {
    ...{ resource: "configmaps", namespace: "default", object: Buffer.from(JSON.stringify(object)) },
    options: { fieldManager: "test" },
  });
  const { token = "" } = await client.unary(apiService.createJoinToken, {});
  const joined = await joinCluster({
    ...{ host: "127.0.0.1", enrollmentPort: plane.enrollmentPort, token, nodeName: `n-${name}`, version: "0.1.0" },
    ...{ timeoutMs: 10_000, clock: systemClock },
  });
  const node = await plane.client({ certificateChain: joined.certificateChainPem, privateKey: joined.privateKeyPem });
  const session = node.bidi(agentGatewayService.session);
  await session.send({ hello: { version: "0.1.0", instance: "a", node: Buffer.from("{}") } });
  const first = await session.replies[Symbol.asyncIterator]().next();
  assert.ok(!first.done && /^10\./.test(first.value.welcome?.podCidr ?? ""), "expected a welcome with addresses");
  const reply = await client.unary(apiService.clusterStatus, {});
  const status = JSON.parse(Buffer.from(reply.status).toString("utf8")) as ClusterStatus;
  assert.deepEqual([status.store.kind, status.store.healthy], ["external", true], status.store.message ?? "");
  session.cancel();
  node.close();
  client.close();
}
