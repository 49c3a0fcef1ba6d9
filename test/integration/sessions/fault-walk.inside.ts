/**
 * Run by fault-walk.test.ts in namespaces of its own: a real control plane with its etcd, a real agent, real containers. While people make,
 * scale, roll out and delete, the control plane kills itself (SIGKILL) at every fault point in turn, and etcd is killed at random moments.
 * Through all of it: what was acknowledged can be read, what a person did once is there once, and running containers keep their pids.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { findRunningEtcd } from "#control-plane/etcd/running-etcd.ts";
import { type ControlPlaneFaultPoint, controlPlaneFaultPoints } from "#control-plane/fault-points.ts";
import { sleep, systemClock } from "#proto/kit/clock.ts";
import { seededRandom } from "#proto/kit/random.ts";
import type { SealingKeyStatus } from "#proto/resources/administration.ts";
import type { Deployment } from "#proto/resources/deployment.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { administrationService } from "#proto/wire/generated/services.ts";
import type { AgentProcess } from "../agent/agent-process.ts";
import { OneNode, running } from "./one-node.ts";

const random = seededRandom(process.pid);
const keptWord = `${800_000 + (process.pid % 100_000)}1`;
const movingWord = `${800_000 + (process.pid % 100_000)}2`;
let node: OneNode;
let agent: AgentProcess;
let kept: readonly string[] = [];

/** A point, and at which visit of a life it strikes. */
interface Stop {
  readonly point: ControlPlaneFaultPoint;
  readonly visit: number;
}

/** The first start writes what a cluster is made of, once: settings, then the authority. */
const firstStart: readonly Stop[] = [1, 2].flatMap((visit) => [
  { point: "cluster:sending", visit },
  { point: "cluster:written", visit },
]);
const left: Stop[] = [
  ...firstStart,
  ...controlPlaneFaultPoints.filter((point) => !/^(cluster|member):/.test(point)).map((point) => ({ point, visit: 1 })),
  // Any start dies of these at once: each of them in a round of its own.
  ...(["member:sending", "member:written"] as const).map((point) => ({ point, visit: 1 })),
  // Somewhere in the middle of what the others begin.
  ...(["pods:written", "replicasets:written"] as const).map((point) => ({
    point,
    visit: 2 + Math.floor(random.next() * 6),
  })),
];
const nameOf = ({ point, visit }: Stop): string => `${point}@${visit}`;
const wanted = left.map(nameOf);
const struck: string[] = [];

function start(): void {
  const [next] = left;
  node.plane.faults = next ? `${next.point}=kill@${next.visit}` : "";
  node.plane.launch(...node.flags);
}

/** The control plane that has ended where it was told to is followed by the next. */
function succeed(): void {
  const { plane } = node;
  if (plane.isRunning) return;
  assert.equal(plane.endedBy, "SIGKILL", `it ended by itself (${plane.faults}): ${plane.errors}`);
  const stop = left.shift();
  if (stop) struck.push(nameOf(stop));
  start();
}

/** Names of ConfigMaps whose making was acknowledged, with what they hold. */
const acknowledged = new Map<string, string>();

async function write(name: string, text: string): Promise<void> {
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" }, data: { text } };
  await node.insist(`ConfigMap ${name}`, (api) => api.create("configmaps", object));
  acknowledged.set(name, text);
}

async function roll(replicas: number, version: number): Promise<void> {
  const moving = node.deployment("moving", movingWord, replicas, version);
  await node.insist("moving", (api) => api.apply("deployments.apps", moving, "test", true));
}

/** By any start, and by what each round begins with. */
const writtenAnyway: readonly string[] = ["configmaps", "leader", "member", "session"];

/** For what comes by itself, an agent's session above all: at once, or after the agent's back-off. */
async function nextDeath(): Promise<void> {
  const [before, untilMs] = [struck.length, systemClock.monotonicMs() + 5_000];
  const isOver = (): boolean => struck.length > before || systemClock.monotonicMs() > untilMs;
  await node.until("the next death", async () => (isOver() ? true : undefined));
}

/** Brings the replacement of the sealing key a step on: begins one, waits, or drops the old key. */
async function rotateKey(): Promise<void> {
  await node.until("the key is replaced", async () => {
    const client = await node.plane.client();
    try {
      const { body } = await client.unary(administrationService.sealingKeyStatus, {});
      const { rotation } = JSON.parse(Buffer.from(body ?? []).toString()) as SealingKeyStatus;
      if (!rotation) await client.unary(administrationService.rotateSealingKey, {});
      else if (rotation.phase !== "rewritten") return undefined;
      else await client.unary(administrationService.finishSealingKeyRotation, {});
      return true;
    } finally {
      client.close();
    }
  });
}

/** What makes the control plane write this kind. */
async function workFor(kind: string, round: number): Promise<void> {
  const name = `round-${round}`;
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name, namespace: "default" }, stringData: { a: "b" } };
  const space = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
  const label = { metadata: { labels: { round: String(round) } } };
  const target = { resource: "nodes", namespace: "", name: "n1" };
  const other = { apiVersion: "orch/v1", kind: "Registry", metadata: { name }, spec: { hosts: [`${name}.test:5000`] } };
  if (kind === "other") await node.insist("a Registry", (api) => api.create("registries.orch", other));
  else if (kind === "secrets") await node.insist("a Secret", (api) => api.create("secrets", secret));
  else if (kind === "nodes") await node.insist("a label", (api) => api.patch(target, "merge", label));
  else if (kind === "token" || kind === "identity") await node.join(`extra-${round}`);
  else if (kind === "namespaces") {
    await node.insist("a Namespace", (api) => api.create("namespaces", space));
    await node.insist("it goes", (api) => api.delete("namespaces", "", name));
  } else if (kind === "sealing" || kind === "key-file") await rotateKey();
  else if (writtenAnyway.includes(kind)) await nextDeath();
  else {
    await roll(1 + (round % 3), round);
    await node.rolledOut("moving");
  }
}

before(async () => {
  node = await OneNode.create(`cpwalk-${process.pid}`);
  node.onLook = succeed;
});

after(async () => {
  for (const name of ["kept", "moving"]) {
    await node.insist("it goes", (api) =>
      api.delete("deployments.apps", "default", name, { propagation: "Foreground" }),
    );
  }
  const count = (): number => running(keptWord).length + running(movingWord).length;
  await node.until("its pods are gone", async () => (count() === 0 ? true : undefined));
  await agent.end("SIGTERM");
  await node.remove();
});

test("a first start that is killed between its writes is followed by one that makes the same cluster", async () => {
  start();
  const isDone = (): boolean => struck.length >= firstStart.length && node.plane.isReady;
  await node.until("it serves", async () => (isDone() ? true : undefined));
  assert.deepEqual(struck.slice(0, firstStart.length), wanted.slice(0, firstStart.length));
});

test("a control plane that is killed at any kind of write loses nothing it acknowledged and touches no container", async () => {
  ({ agent } = await node.addNode());
  await node.insist("kept", (api) => api.create("deployments.apps", node.deployment("kept", keptWord, 2)));
  await node.rolledOut("kept");
  await node.until("both run", async () => (running(keptWord).length === 2 ? true : undefined));
  kept = running(keptWord);
  for (let round = 0; left.length > 0; round++) {
    assert.ok(round < 80, `no work passes ${left.map(nameOf).join(", ")}`);
    await write(`round-${round}`, `text of round ${round}`);
    const [next] = left;
    if (next) await workFor(next.point.split(":")[0] ?? "", round);
    assert.deepEqual(running(keptWord), kept, `after ${struck.at(-1)}`);
  }
  assert.deepEqual(struck, wanted);
  process.stdout.write(`# ${struck.length} deaths of the control plane\n`);
});

test("etcd that is killed at many moments of a rolling update and a scaling loses nothing that was acknowledged", async () => {
  for (let round = 0; round < 6; round++) {
    const names = Array.from({ length: 5 }, (_, index) => `etcd-${round}-${index}`);
    const work = Promise.all([
      roll(1 + (round % 4), 1_000 + round),
      ...names.map((name) => write(name, `text of ${name}`)),
    ]);
    await sleep(systemClock, Math.floor(random.next() * 400));
    const etcd = await findRunningEtcd(join(node.plane.folder, "data/etcd"));
    if (etcd) process.kill(etcd.pid, "SIGKILL");
    await work;
    assert.deepEqual(running(keptWord), kept, `round ${round}`);
  }
  await node.rolledOut("moving");
});

test("at rest everything is as it was asked for, once", async () => {
  const secrets = await node.list<KubeObject & { data?: { a?: string } }>("secrets");
  assert.ok(secrets.length > 0);
  for (const { metadata, data } of secrets) assert.equal(data?.a, Buffer.from("b").toString("base64"), metadata.name);
  await node.rolledOut("moving");
  const configMaps = await node.list<KubeObject & { data?: { text?: string } }>("configmaps");
  const found = new Map(configMaps.map((one) => [one.metadata.name, one.data?.text]));
  for (const [name, text] of acknowledged) assert.equal(found.get(name), text, `ConfigMap ${name}`);
  const deployments = await node.list<Deployment>("deployments.apps");
  const { spec } = deployments.find(({ metadata }) => metadata.name === "moving") ?? {};
  const pods = (await node.list<Pod>("pods")).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const own = (name: string): number => pods.filter(({ metadata }) => metadata.labels?.app === name).length;
  assert.equal(own("kept"), 2);
  assert.equal(own("moving"), spec?.replicas);
  const isOnce = (): boolean => running(movingWord).length === spec?.replicas;
  await node.until("one container a pod", async () => (isOnce() ? true : undefined));
  assert.deepEqual(running(keptWord), kept);
  for (const pod of pods) assert.equal(pod.status?.containerStatuses?.[0]?.restartCount, 0, pod.metadata.name);
  assert.ok(!readFileSync(join(node.plane.folder, "data/etcd.log"), "utf8").includes("panic"));
});
