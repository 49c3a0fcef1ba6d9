/** What fails around a node while it works: its registry, its disk; and a look into etcd by a thief. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { clusterPaths, hostAddress, nodePaths } from "#deploy/local-cluster/names.ts";
import { chooseSubnet } from "#deploy/local-cluster/network.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { busyboxArchive } from "../../support/busybox-image.ts";
import { type Registry, startRegistry } from "../../support/registry.ts";
import { auditHost, etcdctl } from "../support/audit.ts";
import { TestCluster } from "../support/cluster.ts";
import { image, pod } from "../support/manifests.ts";
import { eventually, must } from "../support/programs.ts";
import { difference } from "../support/shared-cluster.ts";

const cluster = new TestCluster("faults2");
const registryAddress = `${hostAddress(chooseSubnet(cluster.name))}:5000`;
const registries: Registry[] = [];
let clean: readonly string[] = [];

before(
  async () => {
    clean = auditHost(cluster.name);
    await cluster.up(1, ["--plain-http-registry", registryAddress]);
    await cluster.loadExampleImage();
  },
  { timeout: 60_000 },
);

after(
  async () => {
    for (const registry of registries) await registry.stop();
    await cluster.down();
    assert.deepEqual(difference(clean, auditHost(cluster.name)), [], "the cluster left something behind");
  },
  { timeout: 60_000 },
);

const get = (name: string): Promise<Pod> => cluster.get<Pod>(`pod/${name}`);
const isRunning = async (name: string): Promise<true | undefined> =>
  (await get(name)).status?.phase === "Running" ? true : undefined;

async function pullFailure(name: string): Promise<string> {
  return eventually(`${name} says why it waits`, async () => {
    const waiting = (await get(name)).status?.containerStatuses?.[0]?.state?.waiting;
    return waiting?.reason === "ErrImagePull" || waiting?.reason === "ImagePullBackOff"
      ? (waiting.message ?? "")
      : undefined;
  });
}

test("a pod whose registry is down says so and starts by itself when it is up; other pods notice nothing", {
  timeout: 60_000,
}, async () => {
  const reference = `${registryAddress}/test/late:1`;
  await cluster.apply(pod("late", "exec sleep 3600").replace(image, reference));
  const message = await pullFailure("late");
  assert.ok(message.includes(registryAddress), message);
  assert.match(message, /refused|not answer|unreachable|connect/i);
  await cluster.apply(pod("unaffected", "exec sleep 3600"), "--wait", "--timeout", "20s");
  const registry = await startRegistry({ address: registryAddress });
  registries.push(registry);
  await registry.push(cluster.file("late.tar", busyboxArchive(["late:1"])), "test/late:1");
  await eventually("it runs without anybody's help", () => isRunning("late"), 40_000);
  assert.equal((await get("unaffected")).status?.containerStatuses?.[0]?.restartCount, 0);
  await cluster.orchctl(["delete", "pod", "late", "unaffected"]);
});

/** A small disk of its own below the agent's images, as the node sees them. */
async function onSmallDisk(megabytes: number, body: (folder: string) => Promise<void>): Promise<void> {
  const paths = nodePaths(cluster.name, "node-1");
  const folder = `${paths.data}/images`;
  const inNode = (...command: string[]): Promise<string> => must("nsenter", [`--mount=${paths.mountPin}`, ...command]);
  await cluster.stopNode("node-1", "agent");
  await inNode("mount", "-t", "tmpfs", "-o", `size=${megabytes}m`, "small-disk", folder);
  await cluster.startNode("node-1");
  try {
    await cluster.waitReady(1);
    await body(folder);
  } finally {
    await cluster.stopNode("node-1", "agent");
    await inNode("umount", "-l", folder);
    await cluster.startNode("node-1");
    await cluster.waitReady(1);
  }
}

test("an image that does not fit on the node's disk is refused with numbers, and takes nothing; the node lives on", {
  timeout: 60_000,
}, async () => {
  const registry = registries[0] ?? (await startRegistry({ address: registryAddress }));
  if (registries.length === 0) registries.push(registry);
  const filler = [{ name: "filler", content: randomBytes(24 * 2 ** 20) }];
  await registry.push(cluster.file("big.tar", busyboxArchive(["big:1"], { layers: [filler] })), "test/big:1");
  await registry.push(cluster.file("small.tar", busyboxArchive(["small:1"])), "test/small:1");
  await onSmallDisk(16, async (folder) => {
    const paths = nodePaths(cluster.name, "node-1");
    const usedKilobytes = async (): Promise<number> =>
      Number((await must("nsenter", [`--mount=${paths.mountPin}`, "du", "-sk", folder])).split(/\s/)[0]);
    const before = await usedKilobytes();
    await cluster.apply(pod("big", "exec sleep 3600").replace(image, `${registryAddress}/test/big:1`));
    const message = await pullFailure("big");
    assert.match(message, /needs at least [\d.]+ [kMG]?B of disk; [\d.]+ [kMG]?B are free/);
    assert.match(await cluster.orchctl(["events", "--for", "pod/big"]), /needs at least [\d.]+ [kMG]?B of disk/);
    const after = await usedKilobytes();
    assert.ok(after - before < 1024, `nothing of it is left on the disk: ${before} KiB before, ${after} KiB after`);
    await cluster.apply(pod("small", "exec sleep 3600").replace(image, `${registryAddress}/test/small:1`));
    await eventually("an image that fits runs", () => isRunning("small"), 20_000);
    assert.deepEqual(await cluster.readyNodes(), ["node-1"]);
    await cluster.orchctl(["delete", "pod", "big", "small"]);
  });
});

test("a Secret's value is not in etcd, neither asked for nor on its disk, and the API returns it", {
  timeout: 60_000,
}, async () => {
  const value = `plain-${randomBytes(12).toString("hex")}`;
  const encoded = Buffer.from(value).toString("base64");
  await cluster.apply(
    `apiVersion: v1\nkind: Secret\nmetadata: { name: sealed }\nstringData: { password: ${value} }\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: open }\ndata: { text: ${value}-open }\n`,
  );
  const secret = await cluster.get<{ metadata: Pod["metadata"]; data: Record<string, string> }>("secret/sealed");
  assert.equal(secret.data.password, encoded);
  const { controlPlaneData } = clusterPaths(cluster.name);
  const stored = await etcdctl(cluster.name, ["get", "--prefix", ""]);
  assert.match(stored, /sealed/, "the Secret is there");
  assert.ok(stored.includes(`${value}-open`), "what is not secret is in plain text, so we looked in the right place");
  const withoutOpen = stored.replaceAll(`${value}-open`, "");
  assert.ok(!withoutOpen.includes(value) && !withoutOpen.includes(encoded), "its value is not");
  const onDisk = await must(
    "sh",
    ["-c", 'grep -rlaF -e "$1" -e "$2" "$3" || true'].concat("sh", encoded, `"${value}"`, `${controlPlaneData}/etcd`),
  );
  assert.equal(onDisk, "", "nor in its files");
});
