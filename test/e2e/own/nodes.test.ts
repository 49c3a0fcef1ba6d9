/** Nodes that come and go on a running cluster, and what is left of them: nothing. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, test } from "node:test";
import { clusterPaths, nodePaths } from "#deploy/local-cluster/names.ts";
import type { Node } from "#proto/resources/node.ts";
import { auditHost } from "../support/audit.ts";
import { TestCluster } from "../support/cluster.ts";
import { pidsWith } from "../support/containers.ts";
import { deployment } from "../support/manifests.ts";
import { eventually, programs, run } from "../support/programs.ts";
import { difference } from "../support/shared-cluster.ts";

const cluster = new TestCluster("grown");
const word = `6${process.pid}`;
let clean: readonly string[] = [];

before(
  async () => {
    clean = auditHost(cluster.name);
    await cluster.up(2, ["--pressure-hold", "2s"]);
    await cluster.loadExampleImage();
  },
  { timeout: 180_000 },
);

after(
  async () => {
    await cluster.down();
    assert.deepEqual(difference(clean, auditHost(cluster.name)), [], "the cluster left something behind");
  },
  { timeout: 120_000 },
);

const change = (...args: readonly string[]) => cluster.run(["cluster", ...args, "--name", cluster.name]);

test("a node is added with labels and a taint, runs what tolerates it, and the others' containers keep their pids", {
  timeout: 120_000,
}, async () => {
  await cluster.apply(deployment({ name: "calm", replicas: 2, command: `exec sleep ${word}` }), "--wait");
  const pids = pidsWith(word);
  const refused = await change("add-node", "big-1", "--label", "node-role.kubernetes.io/x=");
  assert.equal(refused.code, 2, refused.err);
  assert.match(refused.err, /may not give itself labels of kubernetes\.io/);
  const added = await change(
    "add-node",
    "big-1",
    "--memory",
    "512Mi",
    "--label",
    "size=big",
    "--taint",
    "only=big:NoSchedule",
  );
  assert.equal(added.code, 0, added.err);
  assert.equal(added.out, "node/big-1 added\n");
  assert.deepEqual(pidsWith(word), pids);
  const node = await cluster.get<Node>("node/big-1");
  assert.equal(node.metadata.labels?.size, "big");
  assert.equal(node.status?.capacity?.memory, "512Mi");
  assert.deepEqual(
    node.spec?.taints?.map(({ key, value, effect }) => `${key}=${value}:${effect}`),
    ["only=big:NoSchedule"],
  );
  await cluster.loadExampleImage();
  const pod = `      nodeSelector: { size: big }\n      tolerations: [{ key: only, operator: Exists }]`;
  await cluster.apply(deployment({ name: "big", replicas: 1, pod }), "--wait");
  assert.equal((await change("add-node", "big-1")).code, 4);
});

test("a node whose share of memory runs out says so and gets no more pods that ask for none until there is enough again", {
  timeout: 120_000,
}, async () => {
  const place = `      nodeSelector: { size: big }\n      tolerations: [{ key: only, operator: Exists }]`;
  // dd fills its buffer and waits for a reader that never reads.
  const hungry = "dd if=/dev/zero bs=380M count=1 | sleep 3600";
  await cluster.apply(deployment({ name: "hungry", replicas: 1, command: hungry, pod: place }));
  const node = await eventually(
    "memory pressure",
    async () => {
      const found = await cluster.get<Node>("node/big-1");
      return found.spec?.taints?.some(({ key }) => key === "node.kubernetes.io/memory-pressure") ? found : undefined;
    },
    40_000,
  );
  const pressure = node.status?.conditions?.find(({ type }) => type === "MemoryPressure");
  assert.match(pressure?.message ?? "", /has (about )?\d+ MiB of memory left; it keeps about 100 MiB free/);
  await cluster.apply(deployment({ name: "late", replicas: 1, pod: place }));
  await eventually("a reason", async () => {
    const [one] = await cluster.pods("-l", "app=late");
    const reason = one?.status?.conditions?.find(({ type, status }) => type === "PodScheduled" && status === "False");
    return /memory-pressure/.test(reason?.message ?? "") ? true : undefined;
  });
  await cluster.orchctl(["delete", "deployment", "hungry"]);
  await cluster.orchctl(["rollout", "status", "deployment/late", "--timeout", "60s"], { timeoutMs: 70_000 });
  const { status, spec } = await cluster.get<Node>("node/big-1");
  assert.equal(status?.conditions?.find(({ type }) => type === "MemoryPressure")?.status, "False");
  assert.deepEqual(
    spec?.taints?.map(({ key }) => key),
    ["only"],
  );
  await cluster.orchctl(["delete", "deployment", "late"]);
});

test("a removed node's pods move first; its Node, its data and everything else of it go", {
  timeout: 120_000,
}, async () => {
  await cluster.orchctl(["delete", "deployment", "big"]);
  await cluster.orchctl(["uncordon", "big-1"]);
  await cluster.orchctl(["cordon", "node-1"]);
  await cluster.apply(
    deployment({ name: "moving", replicas: 2, pod: "      tolerations: [{ operator: Exists }]" }),
    "--wait",
  );
  const removed = await change("remove-node", "big-1");
  assert.equal(removed.code, 0, removed.err);
  assert.match(removed.out, /node\/big-1 removed\n$/);
  assert.equal((await cluster.run(["get", "node", "big-1"])).code, 3);
  const paths = nodePaths(cluster.name, "big-1");
  assert.deepEqual([paths.data, paths.run, paths.networkPin, paths.mountPin, paths.log].filter(existsSync), []);
  const left = auditHost(cluster.name).filter((line) => line.includes("big-1"));
  assert.deepEqual(left, []);
  await eventually("both copies elsewhere", async () => {
    const pods = await cluster.pods("-l", "app=moving");
    return pods.length === 2 && pods.every((one) => one.spec.nodeName !== "big-1") ? true : undefined;
  });
  await cluster.orchctl(["uncordon", "node-1"]);
});

test("a broken node is removed without its help, and its name is free again", { timeout: 120_000 }, async () => {
  assert.equal((await change("add-node")).code, 0);
  await cluster.stopNode("node-3", "power-off");
  const removed = await change("remove-node", "node-3", "--no-drain", "--force");
  assert.equal(removed.code, 0, removed.err);
  await eventually("its Node to go", async () =>
    (await cluster.run(["get", "node", "node-3"])).code === 3 ? true : undefined,
  );
  assert.equal((await change("add-node", "node-3")).code, 0);
  assert.equal((await change("remove-node", "nobody")).code, 3);
});

test("most nodes lost at once: eviction is slowed down, and events and status say so", {
  timeout: 90_000,
}, async () => {
  const lost = ["node-2", "node-3"];
  await cluster.apply(deployment({ name: "spread", replicas: 6, command: "exec sleep 3600" }), "--wait");
  for (const node of lost) await cluster.setCable(node, false);
  try {
    await eventually(
      "the event",
      async () => (/EvictionSlowed/.test(await cluster.orchctl(["events", "-A"])) ? true : undefined),
      40_000,
    );
    const status = await cluster.run(["cluster", "status"]);
    assert.equal(status.code, 1);
    assert.match(
      status.out,
      /! 2 of 3 nodes are not heard of, so the network is the likelier fault[^!]*check the network/,
    );
  } finally {
    for (const node of lost) await cluster.setCable(node, true);
  }
  await cluster.waitReady(3);
  await cluster.orchctl(["delete", "deployment", "spread"]);
});

test("the machine of a running agent does not leave; a stopped cluster's nodes are not changed", {
  timeout: 60_000,
}, async () => {
  const paths = nodePaths(cluster.name, "node-1");
  const leave = await run("nsenter", [
    ...[`--net=${paths.networkPin}`, `--mount=${paths.mountPin}`, `${programs}/bin/orch-node-agent`, "leave"],
    ...["--data-dir", paths.data, "--run-dir", paths.run, "--cgroup-root", paths.cgroup],
  ]);
  assert.equal(leave.code, 1);
  assert.match(leave.err, /agent of node node-1 still runs[\s\S]*systemctl disable --now/);
  assert.ok(existsSync(`${clusterPaths(cluster.name).data}/nodes/node-1/identity`));
  const nowhere = await cluster.run(["cluster", "add-node", "--name", "nowhere-at-all"]);
  assert.equal(nowhere.code, 7);
  assert.match(
    nowhere.err,
    /no running local cluster nowhere-at-all on this machine; running here: .*grown.* \(--name NAME\)/,
  );
});
