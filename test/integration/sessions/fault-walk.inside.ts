/**
 * Run by fault-walk.test.ts in namespaces of its own: a real control plane with its etcd, a real agent, real containers. While people make,
 * scale, roll out and delete, the control plane kills itself (SIGKILL) at every fault point in turn, and etcd is killed at random moments.
 * Through all of it: what was acknowledged can be read, what a person did once is there once, and running containers keep their pids.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { findRunningEtcd } from "#control-plane/etcd/running-etcd.ts";
import { type ControlPlaneFaultPoint, controlPlaneFaultPoints } from "#control-plane/fault-points.ts";
import { ensureHugetlbController } from "#node-agent/runtime/hugetlb-controller.ts";
import { identityDirectory, saveIdentity } from "#node-agent/session/node-identity.ts";
import { joinCluster } from "#proto/identity/join.ts";
import { sleep, systemClock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { seededRandom } from "#proto/kit/random.ts";
import type { Deployment } from "#proto/resources/deployment.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { apiService } from "#proto/wire/generated/services.ts";
import { processesWith } from "#test/e2e/support/containers.ts";
import { ApiCalls } from "#test/support/api-calls.ts";
import { busyboxArchive } from "#test/support/busybox-image.ts";
import { type RegistryServer, startRegistry } from "#test/support/registry-server.ts";
import { type AgentPlace, AgentProcess, emptyPlace, removePlace } from "../agent/agent-process.ts";
import { ControlPlaneProcess } from "./control-plane-process.ts";

const cluster = `cpwalk-${process.pid}`;
const patienceMs = 60_000;
const random = seededRandom(process.pid);
let plane: ControlPlaneProcess;
let registry: RegistryServer;
let place: AgentPlace;
let agent: AgentProcess;

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
  ...controlPlaneFaultPoints.filter((point) => !point.startsWith("cluster:")).map((point) => ({ point, visit: 1 })),
  // Somewhere in the middle of what the others begin.
  ...(["pods:sending", "pods:written", "replicasets:written", "deployments:sending"] as const).map((point) => ({
    point,
    visit: 2 + Math.floor(random.next() * 6),
  })),
];
const struck: string[] = [];
const wanted = left.map(({ point, visit }) => `${point}@${visit}`);
let deaths = 0;

function start(): void {
  const [next] = left;
  plane.faults = next ? `${next.point}=kill@${next.visit}` : "";
  plane.launch("--plain-http-registry", registry.host);
}

/** The control plane that has ended is followed by the next. */
function succeed(): void {
  if (plane.isRunning) return;
  assert.equal(plane.endedBy, "SIGKILL", `it ended by itself (${plane.faults}): ${plane.errors}`);
  const stop = left.shift();
  if (stop) struck.push(`${stop.point}@${stop.visit}`);
  deaths++;
  start();
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const untilMs = systemClock.monotonicMs() + patienceMs;
  for (;;) {
    succeed();
    let why = "";
    const found = await look().catch((thrown: unknown) => {
      why = Problem.from(thrown).message;
      return undefined;
    });
    if (found !== undefined) return found;
    const isLate = systemClock.monotonicMs() > untilMs;
    assert.ok(!isLate, `waited in vain for ${what} (armed: ${plane.faults}; ${why})\n${plane.errors.slice(-4_000)}`);
    await sleep(systemClock, 40);
  }
}

/** Asks until it is answered, as a person would: what was done already is fine. */
async function insist<T>(what: string, ask: (api: ApiCalls) => Promise<T>): Promise<T | "already"> {
  return await until(what, async () => {
    const client = await plane.client();
    try {
      return await ask(new ApiCalls(client));
    } catch (thrown) {
      const { code } = Problem.from(thrown);
      if (code === "already-exists" || code === "not-found") return "already";
      assert.ok(["unavailable", "timeout", "canceled", "conflict"].includes(code), `${what}: ${String(thrown)}`);
      return undefined;
    } finally {
      client.close();
    }
  });
}

const read = async <T = KubeObject>(resource: string, namespace = "default"): Promise<readonly T[]> => {
  const reply = await insist(`a list of ${resource}`, (api) => api.list(resource, { namespace }));
  return reply === "already" ? [] : (reply.items as unknown as readonly T[]);
};

const word = String(800_000 + (process.pid % 100_000));

function deployment(name: string, replicas: number, version: number): KubeObject {
  const container = {
    name: "main",
    image: `${registry.host}/busybox:1`,
    command: ["sleep", `${word}${name === "kept" ? "1" : "2"}`],
    env: [{ name: "VERSION", value: String(version) }],
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "default" },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { terminationGracePeriodSeconds: 0, containers: [container] },
      },
    },
  } as unknown as KubeObject;
}

const running = (suffix: "1" | "2"): readonly string[] =>
  processesWith(`${word}${suffix}`).map(({ pid, startTime }) => `${pid} ${startTime}`);

async function rolledOut(name: string): Promise<void> {
  await until(`${name} is rolled out`, async () => {
    const client = await plane.client();
    try {
      const { status, spec, metadata } = (await new ApiCalls(client).get(
        "deployments.apps",
        "default",
        name,
      )) as Deployment;
      const isSeen = status?.observedGeneration === metadata.generation;
      const counts = [status?.updatedReplicas, status?.availableReplicas, status?.replicas];
      return (isSeen && counts.every((count) => (count ?? 0) === spec.replicas)) || undefined;
    } finally {
      client.close();
    }
  });
}

async function newNode(name: string): Promise<Awaited<ReturnType<typeof joinCluster>>> {
  return await until(`node ${name} joins`, async () => {
    const client = await plane.client();
    try {
      const { token } = await client.unary(apiService.createJoinToken, { uses: 1, description: "test" });
      const at = { host: "127.0.0.1", enrollmentPort: plane.enrollmentPort };
      return await joinCluster({
        ...at,
        token,
        nodeName: name,
        version: "0.1.0",
        timeoutMs: 5_000,
        clock: systemClock,
      });
    } finally {
      client.close();
    }
  });
}

/** Names of ConfigMaps whose making was acknowledged, with what they hold. */
const acknowledged = new Map<string, string>();

async function write(name: string, text: string): Promise<void> {
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" }, data: { text } };
  await insist(`ConfigMap ${name}`, (api) => api.create("configmaps", object));
  acknowledged.set(name, text);
}

before(async () => {
  await ensureHugetlbController();
  registry = await startRegistry();
  plane = await ControlPlaneProcess.create(cluster);
  const archive = join(plane.folder, "busybox.tar");
  writeFileSync(archive, busyboxArchive(["busybox:1"]));
  const target = `docker://${registry.host}/busybox:1`;
  execFileSync("skopeo", ["--insecure-policy", "copy", "--dest-tls-verify=false", `docker-archive:${archive}`, target]);
  rmSync(archive);
});

after(async () => {
  for (const name of ["kept", "moving"]) {
    await insist(`${name} goes`, (api) =>
      api.delete("deployments.apps", "default", name, { propagation: "Foreground" }),
    );
  }
  await until("its pods are gone", async () => (running("1").length + running("2").length === 0 ? true : undefined));
  await agent.end("SIGTERM");
  await plane.remove();
  await registry.stop();
  await removePlace(place);
});

test("a first start that is killed between its writes is followed by one that makes the same cluster", async () => {
  start();
  await until("it serves", async () => (struck.length >= firstStart.length && plane.isReady ? true : undefined));
  assert.deepEqual(struck.slice(0, firstStart.length), wanted.slice(0, firstStart.length));
});

let kept: readonly string[] = [];

/** What makes the control plane write this kind. */
async function workFor(kind: string, round: number): Promise<void> {
  const name = `round-${round}`;
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name, namespace: "default" }, stringData: { a: "b" } };
  const space = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
  const label = { metadata: { labels: { round: String(round) } } };
  const node = { resource: "nodes", namespace: "", name: place.nodeName };
  if (kind === "secrets") await insist("a Secret", (api) => api.create("secrets", secret));
  else if (kind === "nodes") await insist("a label", (api) => api.patch(node, "merge", label));
  else if (kind === "token" || kind === "identity") await newNode(`extra-${round}`);
  else if (kind === "namespaces") {
    await insist("a Namespace", (api) => api.create("namespaces", space));
    await insist("it goes", (api) => api.delete("namespaces", "", name));
  } else if (kind !== "configmaps") {
    const moving = deployment("moving", 1 + (round % 3), round);
    await insist("moving", (api) => api.apply("deployments.apps", moving, "test", true));
    await rolledOut("moving");
  }
}

test("a control plane that is killed at any kind of write loses nothing it acknowledged and touches no container", async () => {
  place = await emptyPlace(cluster);
  await saveIdentity(identityDirectory(join(place.directory, "data")), await newNode(place.nodeName));
  agent = new AgentProcess(place);
  agent.start(`127.0.0.1:${plane.port}`);
  await insist("kept", (api) => api.create("deployments.apps", deployment("kept", 2, 0)));
  await rolledOut("kept");
  kept = running("1");
  assert.equal(kept.length, 2);
  for (let round = 0; left.length > 0; round++) {
    assert.ok(round < 80, `no work passes ${left.map(({ point, visit }) => `${point}@${visit}`).join(", ")}`);
    await write(`round-${round}`, `text of round ${round}`);
    const [next] = left;
    if (next) await workFor(next.point.split(":")[0] ?? "", round);
    assert.deepEqual(running("1"), kept, `after ${struck.at(-1)}`);
  }
  assert.deepEqual(struck, wanted);
  process.stdout.write(`# ${deaths} deaths of the control plane\n`);
});

test("etcd that is killed at many moments of a rolling update and a scaling loses nothing that was acknowledged", async () => {
  for (let round = 0; round < 8; round++) {
    const moving = deployment("moving", 1 + (round % 4), 1_000 + round);
    const names = Array.from({ length: 5 }, (_, index) => `etcd-${round}-${index}`);
    const work = Promise.all([
      insist("moving", (api) => api.apply("deployments.apps", moving, "test", true)),
      ...names.map((name) => write(name, `text of ${name}`)),
    ]);
    await sleep(systemClock, Math.floor(random.next() * 400));
    const etcd = await findRunningEtcd(join(plane.folder, "data/etcd"));
    if (etcd) process.kill(etcd.pid, "SIGKILL");
    await work;
    assert.deepEqual(running("1"), kept, `round ${round}`);
  }
  await rolledOut("moving");
});

test("at rest everything is as it was asked for, once", async () => {
  await rolledOut("moving");
  const configMaps = await read<KubeObject & { data?: { text?: string } }>("configmaps");
  const found = new Map(configMaps.map((one) => [one.metadata.name, one.data?.text]));
  for (const [name, text] of acknowledged) assert.equal(found.get(name), text, `ConfigMap ${name}`);
  const { spec } =
    (await read<Deployment>("deployments.apps")).find(({ metadata }) => metadata.name === "moving") ?? {};
  const pods = (await read<Pod>("pods")).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const own = (name: string): number => pods.filter(({ metadata }) => metadata.labels?.app === name).length;
  assert.equal(own("kept"), 2);
  assert.equal(own("moving"), spec?.replicas);
  await until("one container a pod", async () => (running("2").length === spec?.replicas ? true : undefined));
  assert.deepEqual(running("1"), kept);
  for (const pod of pods) assert.equal(pod.status?.containerStatuses?.[0]?.restartCount, 0, pod.metadata.name);
  assert.ok(!readFileSync(join(plane.folder, "data/etcd.log"), "utf8").includes("panic"));
});
