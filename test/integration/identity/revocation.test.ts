/** Certificates taken back: at once, on every connection, for people, nodes and deleted nodes; tokens too. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { readCertificate } from "#proto/identity/certificate.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { CertificateList, JoinTokenSummary } from "#proto/resources/administration.ts";
import { agentGatewayService, apiService } from "#proto/wire/generated/services.ts";
import { ControlPlaneProcess } from "../sessions/control-plane-process.ts";
import { joinAs, LightNode, newToken } from "./light-node.ts";
import { orchctl, type Ran } from "./orchctl-process.ts";

const slow = { timeout: 120_000 };
let plane: ControlPlaneProcess;
let admin: string;
const run = (...args: readonly string[]): Promise<Ran> => orchctl(admin, args);
const done = async (...args: readonly string[]): Promise<string> => {
  const ran = await run(...args);
  assert.equal(ran.code, 0, `${args.join(" ")}: ${ran.err}`);
  return ran.out;
};
const certificates = async (): Promise<CertificateList["certificates"]> =>
  (JSON.parse(await done("cert", "status", "--all", "-o", "json")) as CertificateList).certificates;

before(async () => {
  plane = await ControlPlaneProcess.create("certs-revoke");
  await plane.start();
  admin = join(plane.folder, "data/admin.yaml");
});
after(() => plane.remove());

async function makePerson(name: string) {
  const file = join(plane.folder, `${name}.yaml`);
  await done("user", "add", name, "--group", "orch:viewers", "--file", file);
  const [context] = (
    JSON.parse(await readFile(file, "utf8")) as { contexts: [{ clientCertificate: string; clientKey: string }] }
  ).contexts;
  const identity = { certificateChain: context.clientCertificate, privateKey: context.clientKey };
  return {
    client: await plane.client(identity),
    serial: readCertificate(context.clientCertificate).serialNumber,
    file,
  };
}

test(
  "a revoked person's streams are cut, their calls refused with the reason, also after a restart",
  slow,
  async () => {
    const { client, serial, file } = await makePerson("ana");
    const watch = client.serverStream(apiService.watch, { resource: "namespaces" });
    assert.ok((await watch.next()).value);
    const cut = (async () => {
      for await (const _ of watch);
    })();
    cut.catch(() => undefined);
    assert.match(
      await done("cert", "revoke", "ana", "--reason", "left the company"),
      new RegExp(`${serial} of ana revoked`),
    );
    const isRefused = (thrown: unknown): boolean =>
      Problem.is(thrown, "unauthenticated") &&
      /certificate of "ana" was revoked at .*: left the company/.test(thrown.message);
    await assert.rejects(cut, isRefused);
    await assert.rejects(client.unary(apiService.hello, {}), isRefused);
    client.close();
    await plane.stop();
    await plane.start();
    const late = await orchctl(file, ["get", "pods"]);
    assert.equal(late.code, 6, late.err);
    assert.match(late.err, /was revoked at .*: left the company[\s\S]*orchctl user add/);
    const row = (await certificates()).find((one) => one.serial === serial);
    assert.deepEqual([row?.state, row?.user], ["revoked", "ana"]);
    assert.match(row?.note ?? "", /left the company \(by system:root/);
    assert.match(await done("cert", "status"), /person +ana +orch:viewers +\S+ +\S+ \S+ +revoked: left the company/);
  },
);

test(
  "nobody revokes their own certificate, or one that is not there, by accident; viewers revoke none",
  slow,
  async () => {
    const own = await run("cert", "revoke", "admin");
    assert.equal(own.code, 4, own.err);
    assert.match(own.err, /locked out[\s\S]*--yes/);
    assert.equal((await run("cert", "revoke", "nobody")).code, 3);
    const ben = await makePerson("ben");
    ben.client.close();
    for (const args of [
      ["cert", "status"],
      ["cert", "revoke", "admin"],
      ["token", "list"],
      ["cluster", "ca", "rotate"],
    ]) {
      assert.equal((await orchctl(ben.file, args)).code, 6, args.join(" "));
    }
  },
);

test("a revoked node loses its session, and is told what to do", slow, async () => {
  const node = await LightNode.join(plane, "n1");
  const ended = node.ends;
  await done("cert", "revoke", "n1");
  const dismissal = await node.dismissal();
  assert.ok(node.ends > ended);
  assert.match(dismissal?.reason ?? "", /certificate of "system:node:n1" was revoked at .*orchctl node join/);
  assert.equal(dismissal?.nodeDeleted, false, "its containers run on");
  await node.stop();
});

test(
  "a deleted node's certificate makes no Node again: it is sent away for good, and a token brings it back",
  slow,
  async () => {
    const identity = await joinAs(plane, "n2");
    const node = new LightNode(plane, "n2", identity);
    await node.start();
    await done("delete", "node", "n2");
    const dismissal = await node.dismissal();
    assert.match(dismissal?.reason ?? "", /the node n2 was deleted.*orchctl node join/);
    assert.deepEqual([dismissal?.nodeDeleted, dismissal?.identityRefused], [true, true]);
    assert.equal((await run("get", "node", "n2")).code, 3, "it is not there again");
    const stolen = await plane.client({
      certificateChain: identity.certificateChainPem,
      privateKey: identity.privateKeyPem,
    });
    const renewal = stolen.unary(agentGatewayService.renewCertificate, { signingRequest: Buffer.from("") });
    await assert.rejects(renewal, (thrown) => Problem.is(thrown) && /revoked|deleted/.test(thrown.message));
    stolen.close();
    const again = await LightNode.join(plane, "n2");
    await done("get", "node", "n2");
    await again.stop();
    await node.stop();
  },
);

test("tokens are listed with who used them, and revoked", slow, async () => {
  const id = async (): Promise<JoinTokenSummary | undefined> =>
    (JSON.parse(await done("token", "list", "-o", "json")) as JoinTokenSummary[]).find(
      ({ description }) => description === "rack 4",
    );
  const token = (await done("token", "create", "--uses", "2", "--ttl", "2h", "--description", "rack 4")).trim();
  await joinAs(plane, "n5", token);
  const listed = await id();
  assert.deepEqual(
    [listed?.uses, listed?.usedBy, listed?.state, listed?.createdBy],
    [2, ["n5"], "good", "system:root"],
  );
  assert.match(await done("token", "list"), /good +1 of 2 .*n5 +rack 4/);
  await done("token", "revoke", listed?.id ?? "");
  await assert.rejects(joinAs(plane, "n6", token), /not known here: it is mistyped, revoked/);
  assert.equal((await run("token", "revoke", "nothing")).code, 3);
  await assert.rejects(joinAs(plane, "n6", `${await newToken(plane)}x`), /not a join token/);
});
