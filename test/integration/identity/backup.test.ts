/** A backup, restored onto a new machine: state, authority and keys are there, nodes go on, people's certificates hold. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { findRunningEtcd } from "#control-plane/etcd/running-etcd.ts";
import { decodeProblem } from "#proto/kit/rpc/problem-wire.ts";
import { apiService } from "#proto/wire/generated/services.ts";
import { ControlPlaneProcess } from "../sessions/control-plane-process.ts";
import { LightNode } from "./light-node.ts";
import { orchctl, type Ran } from "./orchctl-process.ts";

const slow = { timeout: 180_000 };
let plane: ControlPlaneProcess;
let admin: string;
const run = (...args: readonly string[]): Promise<Ran> => orchctl(admin, args);
const done = async (...args: readonly string[]): Promise<string> => {
  const ran = await run(...args);
  assert.equal(ran.code, 0, `${args.join(" ")}: ${ran.out}${ran.err}`);
  return ran.out;
};
const path = (name: string): string => join(plane.folder, name);

before(async () => {
  plane = await ControlPlaneProcess.create("certs-backup");
  await plane.start();
  admin = path("admin-copy.yaml");
  await cp(path("data/admin.yaml"), admin);
});
after(() => plane.remove());

const manifest = `apiVersion: v1
kind: Secret
metadata: { name: s }
stringData: { password: hunter2 }
---
apiVersion: v1
kind: Pod
metadata: { name: web }
spec: { containers: [{ name: c, image: i }] }
`;

test("a backup is restored onto a new machine; nodes and people go on with what they hold", slow, async () => {
  assert.equal((await orchctl(admin, ["apply", "-f", "-"], manifest)).code, 0);
  const ana = path("ana.yaml");
  await done("user", "add", "ana", "--group", "orch:viewers", "--file", ana);
  await done("user", "add", "ben", "--group", "orch:viewers", "--file", path("ben.yaml"));
  await done("cert", "revoke", "ben");
  const node = await LightNode.join(plane, "n1");
  const uid = async (): Promise<string> =>
    (JSON.parse(await done("get", "pod", "web", "-o", "json")) as { metadata: { uid: string } }).metadata.uid;
  const before = await uid();

  const file = path("state.orch");
  const words = path("passphrase");
  await writeFile(words, "correct horse battery\n");
  const plain = await run("cluster", "backup", path("plain.orch"));
  assert.equal(plain.code, 0, plain.err);
  assert.match(plain.err, /warning: .* holds every Secret/);
  assert.equal((await stat(path("plain.orch"))).mode & 0o777, 0o600);
  const written = await done("cluster", "backup", file, "--passphrase-file", words);
  const pid = (await findRunningEtcd(path("data/etcd")))?.pid;
  const [program, ...args] = plane.command("--restore", file);
  const beside = spawnSync(program, args, { encoding: "utf8", timeout: 60_000 });
  assert.deepEqual([beside.status, /runs with the data directory/.test(beside.stderr)], [3, true], beside.stderr);
  assert.equal((await findRunningEtcd(path("data/etcd")))?.pid, pid, "a restore beside a running one touches nothing");
  assert.match(written, /Cluster "certs-backup" as of .*: \d+ keys, encrypted, sha256 .*read back and compared/);
  assert.equal((await run("cluster", "backup", file)).code, 4, "it overwrites nothing");
  assert.equal((await orchctl(ana, ["cluster", "backup", path("stolen")])).code, 6);
  assert.match(await done("cluster", "restore", file, "--verify", "--passphrase-file", words), /The file is whole/);
  await orchctl(admin, ["apply", "-f", "-"], manifest.replaceAll("name: web", "name: later"));

  // A new machine: nothing of the old one but the address.
  await plane.stop();
  await rm(path("data"), { recursive: true });
  const wrong = await plane.runOnce("--restore", file);
  assert.deepEqual([wrong.code, /is encrypted/.test(wrong.errors)], [3, true], wrong.errors);
  const restored = await plane.runOnce("--restore", file, "--passphrase-file", words);
  assert.equal(restored.code, 0, restored.errors);
  assert.match(restored.output, /Restored \d+ keys of cluster "certs-backup" as of/);
  const again = await plane.runOnce("--restore", file, "--passphrase-file", words);
  assert.match(again.errors, /this store holds a cluster already/);
  const welcomes = node.welcomes;
  await plane.start();
  await node.until("a session with the restored control plane", () => node.welcomes > welcomes);
  assert.equal(await uid(), before, "the same pod, so its containers are taken over");
  assert.equal((await run("get", "pod", "later")).code, 3, "made after the backup");
  assert.equal(
    await done("get", "secret", "s", "-o", "jsonpath={.data.password}"),
    Buffer.from("hunter2").toString("base64"),
  );
  assert.equal((await orchctl(ana, ["get", "pods"])).code, 0);
  assert.match((await orchctl(path("ben.yaml"), ["get", "pods"])).err, /was revoked/);
  const key = async (): Promise<string> => readFile(path("data/encryption-keys.json"), "utf8");
  assert.match(await key(), /"secret"/);
  await node.stop();
});

test("a restore that was cut off serves nothing, and is begun anew", slow, async () => {
  await plane.stop();
  await rm(path("data"), { recursive: true });
  assert.equal((await plane.runOnce("--restore", path("plain.orch"))).code, 0);
  // As a crash in the middle leaves it: the marker stands.
  const { kv, close } = await plane.openStore();
  await kv.transact([{ kind: "put", key: "cluster/restoring", value: Buffer.from("{}") }]);
  await close();
  plane.launch();
  const refused = await plane.ended();
  assert.equal(refused.code, 3);
  assert.match(refused.errors, /cut off half-way[\s\S]*Run the restore again/);
  assert.equal((await plane.runOnce("--restore", path("plain.orch"))).code, 0);
  await plane.start();
  const client = await plane.client();
  const { items } = await client.unary(apiService.list, { resource: "pods", namespace: "default" });
  assert.equal(items.length, 1);
  const future = client.serverStream(apiService.watch, { resource: "pods", resourceVersion: "999999999999" });
  const told = (await future.next()).value;
  assert.equal(told?.type, "ERROR", "a version of before the restore");
  assert.equal(decodeProblem(told.object).code, "expired");
  client.close();
});
