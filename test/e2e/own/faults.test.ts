/** Crashes and losses on a cluster of its own: containers are counted from outside, never by our API. */
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { dirname } from "node:path";
import { after, before, test } from "node:test";
import { nodePaths } from "#deploy/local-cluster/names.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { auditHost } from "../support/audit.ts";
import { TestCluster } from "../support/cluster.ts";
import { pidsWith, processesWith } from "../support/containers.ts";
import { deployment, pod } from "../support/manifests.ts";
import { eventually, must } from "../support/programs.ts";
import { difference } from "../support/shared-cluster.ts";

const cluster = new TestCluster("faults");
let clean: readonly string[] = [];

before(
  async () => {
    clean = auditHost(cluster.name);
    await cluster.up(3);
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

const nodes = ["node-1", "node-2", "node-3"];

const sleeper = (name: string, replicas: number, word: string): string =>
  deployment({ name, replicas, command: `exec sleep ${word}` });

/** Fresh numbers, so that no test sees another's processes. */
let lastWord = 70_000 + (process.pid % 1000) * 10;
const nextWord = (): string => String(lastWord++);

async function settled(name: string, word: string, replicas: number): Promise<readonly Pod[]> {
  await cluster.orchctl(["rollout", "status", `deployment/${name}`, "--timeout", "60s"], { timeoutMs: 70_000 });
  await eventually(`${replicas} processes`, () => (pidsWith(word).length === replicas ? true : undefined), 30_000);
  return (await cluster.pods("-l", `app=${name}`)).filter((pod) => pod.metadata.deletionTimestamp === undefined);
}

const inNode = (node: string, ...command: string[]): Promise<string> =>
  must("nsenter", [`--mount=${nodePaths(cluster.name, node).mountPin}`, ...command]);

function assertInTime(lostAtMs: number): void {
  const tookMs = performance.now() - lostAtMs;
  assert.ok(tookMs <= 8000, `replacements ran after ${Math.round(tookMs)} ms`);
}

/** While the node is away the API shows its pods and one new one for each of them. */
async function assertReplacedOnce(name: string, before: readonly Pod[], lost: number): Promise<void> {
  const known = new Set(before.map((one) => one.metadata.uid));
  const added = (await cluster.pods("-l", `app=${name}`)).filter((one) => !known.has(one.metadata.uid));
  assert.equal(added.length, lost, "one replacement for each lost pod");
}

test("a killed container comes back by its agent, and its pod counts the restart", { timeout: 60_000 }, async () => {
  const word = nextWord();
  await cluster.apply(sleeper("restart", 1, word));
  await settled("restart", word, 1);
  const [pid = 0] = pidsWith(word);
  process.kill(pid, "SIGKILL");
  await eventually("another process", () => (pidsWith(word).some((other) => other !== pid) ? true : undefined), 15_000);
  const restarts = await eventually("a restart counted", async () => {
    const [pod] = await cluster.pods("-l", "app=restart");
    return pod?.status?.containerStatuses?.[0]?.restartCount === 1 ? pod : undefined;
  });
  assert.equal(restarts.status?.containerStatuses?.[0]?.lastState?.terminated?.exitCode, 137);
  await cluster.orchctl(["delete", "deployment", "restart"]);
});

test("kill -9 of every agent leaves containers their pids, and their status is right within 2 s of its return", {
  timeout: 90_000,
}, async () => {
  const word = nextWord();
  await cluster.apply(sleeper("adopted", 6, word));
  await settled("adopted", word, 6);
  const pids = pidsWith(word);
  const lastWord = nextWord();
  await cluster.apply(pod("ends", `exec sleep ${lastWord}`, "  restartPolicy: Never"), "--wait");
  const node = (await cluster.get<Pod>("pod/ends")).spec.nodeName ?? "";
  const dying = await eventually("its process", () => pidsWith(lastWord)[0]);
  const told = cluster.orchctl(["wait", "pod/ends", "--for", "jsonpath={.status.phase}=Failed", "--timeout", "60s"]);
  const agents = nodes.map((name) => cluster.agentPid(name));
  for (const agent of agents) process.kill(agent, "SIGKILL");
  process.kill(dying, "SIGKILL");
  await told;
  const toldAtMs = Date.now();
  const { ready } = nodePaths(cluster.name, node);
  const tookMs = toldAtMs - (await eventually("its session", () => statSync(ready).mtimeMs));
  assert.ok(
    tookMs <= 2000,
    `what ended while its agent was away was told ${tookMs} ms after the agent had its session`,
  );
  const { status } = await cluster.get<Pod>("pod/ends");
  assert.equal(status?.containerStatuses?.[0]?.state?.terminated?.exitCode, 137);
  await eventually(
    "new agents",
    () => (nodes.every((name) => !agents.includes(cluster.agentPid(name))) ? true : undefined),
    15_000,
  );
  await cluster.waitReady(3);
  assert.deepEqual(pidsWith(word), pids, "same pids");
  const adopted = await cluster.pods("-l", "app=adopted");
  assert.ok(
    adopted.every((one) => one.status?.containerStatuses?.[0]?.ready === true),
    "all are ready, as they are",
  );
  assert.ok(
    adopted.every((one) => one.status?.containerStatuses?.[0]?.restartCount === 0),
    "none is told to have ended",
  );
  const [victim = 0] = pids;
  process.kill(victim, "SIGKILL");
  await eventually(
    "six again",
    () => (pidsWith(word).length === 6 && !pidsWith(word).includes(victim) ? true : undefined),
    15_000,
  );
  await cluster.orchctl(["delete", "deployment/adopted", "pod/ends"]);
  await eventually("none left", () => (pidsWith(word).length === 0 ? true : undefined), 15_000);
});

test("kill -9 of control plane and etcd while objects are written loses nothing acknowledged and doubles nothing", {
  timeout: 120_000,
}, async () => {
  const word = nextWord();
  await cluster.apply(sleeper("steady", 6, word));
  await settled("steady", word, 6);
  const processes = processesWith(word);
  const acknowledged: string[] = [];
  let writing = true;
  const writer = (async () => {
    for (let i = 0; writing; i++) {
      const ran = await cluster.run(["apply", "-f", "-"], {
        input: `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"written-${i}"},"data":{"n":"${i}"}}`,
      });
      if (ran.code === 0) acknowledged.push(`written-${i}`);
    }
  })();
  try {
    for (const victim of ["etcd", "control-plane", "etcd"] as const) {
      await eventually("writes go on", () => (acknowledged.length > 0 ? true : undefined), 30_000);
      const known = acknowledged.length;
      process.kill(victim === "etcd" ? cluster.etcdPid() : cluster.controlPlanePid(), "SIGKILL");
      await eventually(`writes after ${victim}`, () => (acknowledged.length > known + 1 ? true : undefined), 40_000);
    }
  } finally {
    writing = false;
    await writer;
  }
  const kept = new Set((await cluster.list("configmaps")).map((object) => object.metadata.name));
  assert.deepEqual(
    acknowledged.filter((name) => !kept.has(name)),
    [],
  );
  await cluster.waitReady(3);
  assert.deepEqual(processesWith(word), processes, "containers were not touched");
  await cluster.orchctl(
    ["delete", "configmaps", ...acknowledged, "deployment", "--ignore-not-found"].slice(0, acknowledged.length + 2),
  );
  await cluster.orchctl(["delete", "deployment", "steady"]);
});

test("a silent partition is replaced within 8 s, and on return the surplus stops: the oldest copies stay", {
  timeout: 120_000,
}, async () => {
  const word = nextWord();
  await cluster.apply(sleeper("partition", 3, word));
  const pods = await settled("partition", word, 3);
  const node = pods[0]?.spec.nodeName ?? "";
  const lost = pods.filter((one) => one.spec.nodeName === node).length;
  const pids = pidsWith(word);
  const cutAtMs = performance.now();
  await cluster.setCable(node, false);
  await eventually("replacements", () => (pidsWith(word).length === 3 + lost ? true : undefined), 20_000);
  assertInTime(cutAtMs);
  await assertReplacedOnce("partition", pods, lost);
  await cluster.setCable(node, true);
  await eventually("surplus stops", () => (pidsWith(word).length === 3 ? true : undefined), 30_000);
  assert.deepEqual(pidsWith(word), pids, "the oldest ready copies stayed: those from before the partition");
  await cluster.waitReady(3);
  await eventually("three pods in the API", async () =>
    (await cluster.pods("-l", "app=partition")).length === 3 ? true : undefined,
  );
  await cluster.orchctl(["delete", "deployment", "partition"]);
});

test("a powered-off node's pods are replaced once each, and it returns with an empty /run", {
  timeout: 150_000,
}, async () => {
  const word = nextWord();
  await cluster.apply(sleeper("power", 6, word));
  const pods = await settled("power", word, 6);
  const node = pods[0]?.spec.nodeName ?? "";
  const lost = pods.filter((one) => one.spec.nodeName === node).length;
  const marker = `${nodePaths(cluster.name, node).run}/from-before`;
  await inNode(node, "touch", marker);
  const cutAtMs = performance.now();
  await cluster.stopNode(node, "power-off");
  await eventually(
    "the node is dead",
    () => (processesWith(word).every((one) => !one.cgroup.includes(`/${node}/`)) ? true : undefined),
    10_000,
  );
  await eventually("six processes elsewhere", () => (pidsWith(word).length === 6 ? true : undefined), 20_000);
  assertInTime(cutAtMs);
  await assertReplacedOnce("power", pods, lost);
  await cluster.startNode(node);
  await cluster.waitReady(3, 60_000);
  assert.equal((await inNode(node, "ls", dirname(marker))).includes("from-before"), false, "its /run began empty");
  await eventually("no pod counted twice", async () =>
    (await cluster.pods("-l", "app=power")).filter((pod) => pod.metadata.deletionTimestamp === undefined).length === 6
      ? true
      : undefined,
  );
  await eventually("six processes again", () => (pidsWith(word).length === 6 ? true : undefined), 15_000);
  await cluster.orchctl(["delete", "deployment", "power"]);
  await eventually("none left", () => (pidsWith(word).length === 0 ? true : undefined), 20_000);
});

test("a stopped agent's pods are replaced within 8 s, and stop when it returns", { timeout: 120_000 }, async () => {
  const word = nextWord();
  await cluster.apply(sleeper("stopped", 3, word));
  const pods = await settled("stopped", word, 3);
  const node = pods[0]?.spec.nodeName ?? "";
  const lost = pods.filter((one) => one.spec.nodeName === node).length;
  const stoppedAtMs = performance.now();
  await cluster.stopNode(node, "agent");
  await eventually("replacements", () => (pidsWith(word).length === 3 + lost ? true : undefined), 20_000);
  assertInTime(stoppedAtMs);
  await assertReplacedOnce("stopped", pods, lost);
  await cluster.startNode(node);
  await eventually("surplus stops", () => (pidsWith(word).length === 3 ? true : undefined), 30_000);
  await cluster.orchctl(["delete", "deployment", "stopped"]);
});
