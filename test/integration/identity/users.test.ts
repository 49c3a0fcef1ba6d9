/** People: a certificate made by `orchctl user add` opens what its groups allow, and nothing else. */
import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { eventually } from "../../e2e/support/programs.ts";
import { ControlPlaneProcess } from "../sessions/control-plane-process.ts";
import { orchctl, type Ran } from "./orchctl-process.ts";

const slow = { timeout: 120_000 };
let plane: ControlPlaneProcess;
const admin = (...args: readonly string[]): Promise<Ran> => orchctl(join(plane.folder, "data/admin.yaml"), args);
const file = (name: string): string => join(plane.folder, `${name}.yaml`);

before(async () => {
  plane = await ControlPlaneProcess.create("certs-users");
  await plane.start();
});
after(() => plane.remove());

async function addUser(
  name: string,
  group: string,
): Promise<(args: readonly string[], input?: string) => Promise<Ran>> {
  const added = await admin("user", "add", name, "--group", group, "--ttl", "2h", "--file", file(name));
  assert.equal(added.code, 0, added.err);
  assert.match(added.out, new RegExp(`^User ${name} \\(${group}\\) has a certificate until \\d{4}-`));
  assert.equal((await stat(file(name))).mode & 0o777, 0o600);
  return (args, input) => orchctl(file(name), args, input);
}

const configMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: NAME }\ndata: { x: one }\n";
const secret = "apiVersion: v1\nkind: Secret\nmetadata: { name: s }\nstringData: { x: one }\n";

test("a person's certificate is given out until it is shown, and in use from then on", slow, async () => {
  const eva = await addUser("eva", "orch:viewers");
  assert.match((await admin("cert", "status")).out, /^person +eva +orch:viewers .* given out$/m);
  assert.equal((await eva(["whoami"])).code, 0);
  await eventually("its use to be noted", async () =>
    /^person +eva +orch:viewers .* in use$/m.test((await admin("cert", "status")).out) ? true : undefined,
  );
});

test("a viewer reads everything but Secrets, and changes nothing", slow, async () => {
  const ana = await addUser("ana", "orch:viewers");
  const pod = "apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { containers: [{ name: c, image: i }] }\n";
  assert.equal((await orchctl(join(plane.folder, "data/admin.yaml"), ["apply", "-f", "-"], pod)).code, 0);
  const allowed = [
    ["get", "nodes"],
    ["get", "pods", "-A"],
    ["cluster", "status"],
  ].map(async (args) => {
    const ran = await ana(args);
    assert.ok(ran.code <= 1, `${args.join(" ")}: ${ran.err}`);
  });
  await Promise.all(allowed);
  const refused = [
    ["get", "secrets"],
    ["delete", "namespace", "default"],
    ["node", "join"],
    ["user", "add", "eve", "--group", "system:masters", "--file", file("eve")],
    ["exec", "web", "--", "true"],
  ].map(async (args) => {
    const ran = await ana(args);
    assert.equal(ran.code, 6, `${args.join(" ")}: ${ran.out}${ran.err}`);
    assert.match(ran.err, /user "ana" cannot .*the group orch:viewers may/);
  });
  await Promise.all(refused);
  const applied = await ana(["apply", "-f", "-"], configMap.replace("NAME", "from-ana"));
  assert.equal(applied.code, 6, applied.err);
  assert.doesNotMatch((await admin("get", "configmaps")).out, /from-ana/);
});

test("an editor changes workloads, not the cluster, and its name is on what it made", slow, async () => {
  const ci = await addUser("ci@build", "orch:editors");
  const applied = await ci(["apply", "-f", "-"], `${configMap.replace("NAME", "from-ci")}---\n${secret}`);
  assert.equal(applied.code, 0, applied.err);
  assert.equal((await ci(["get", "secret", "s"])).code, 0);
  const refused = [
    ["get", "secrets", "-n", "kube-system"],
    ["delete", "node", "n1"],
    ["node", "join"],
    ["user", "add", "eve", "--group", "orch:viewers", "--file", file("eve")],
  ].map(async (args) => {
    const ran = await ci(args);
    assert.equal(ran.code, 6, `${args.join(" ")}: ${ran.out}${ran.err}`);
  });
  await Promise.all(refused);
});

test(
  "names of the system, no group, a life of years and a file that is there are refused with a sentence",
  slow,
  async () => {
    const add = (...more: readonly string[]): Promise<Ran> => admin("user", "add", ...more, "--file", file("refused"));
    assert.match((await add("system:node:n1", "--group", "orch:viewers")).err, /must not begin with system:/);
    assert.match((await add("bob", "--group", "system:nodes")).err, /groups\[0\]: only system:masters or/);
    assert.match((await add("bob", "--group", "orch:viewers", "--ttl", "900d")).err, /at most 365 days/);
    const without = await add("bob");
    assert.equal(without.code, 2);
    assert.match(without.err, /--group/);
    const again = await admin("user", "add", "ana", "--group", "orch:viewers", "--file", file("ana"));
    assert.equal(again.code, 4);
    assert.match(again.err, /is there already/);
    const unknown = await admin("user", "add", "dan", "--group", "ops", "--file", "-");
    assert.match(unknown.err, /warning: the group "ops" is none of/);
    assert.match(unknown.out, /"clientKey": "-----BEGIN PRIVATE KEY/);
  },
);
