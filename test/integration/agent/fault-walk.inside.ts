/**
 * Run by fault-walk.test.ts in a network and mount namespace of its own. Pods are started and stopped one after the other while a supervisor
 * starts the agent again whenever it dies, each time armed to kill itself (SIGKILL) at the next named point. Through all of it: one process
 * per container, what runs keeps its pid, and of a pod that is gone nothing is left.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  type AgentFaultPoint,
  agentFaultPoints,
  beginPoints,
  startPoints,
  stopPoints,
} from "#node-agent/fault-points.ts";
import { mountsBelow } from "#node-agent/host/mounts.ts";
import { sleep, systemClock } from "#proto/kit/clock.ts";
import { containerWishesAnnotation, pausedCondition } from "#proto/resources/container-wishes.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { busyboxArchive } from "#test/support/busybox-image.ts";
import { testAuthority } from "#test/support/certificates.ts";
import { pushArchive } from "#test/support/push-archive.ts";
import { type RegistryServer, startRegistry } from "#test/support/registry-server.ts";
import { type AgentPlace, AgentProcess, makePlace, removePlace } from "./agent-process.ts";
import { TestControlPlane } from "./test-control-plane.ts";

const cluster = `walk-${randomUUID().slice(0, 8)}`;
const authority = await testAuthority();
const controlPlane = new TestControlPlane(cluster, authority);
const patienceMs = 60_000;
/** More pods than the points need; a point that is never passed must not make this go on for ever. */
const maxPods = agentFaultPoints.length + 10;
let registry: RegistryServer;
let place: AgentPlace;
let agent: AgentProcess;

/** In an order that a pod's way up and down meets in turn. */
const walk: readonly AgentFaultPoint[] = [
  ...beginPoints,
  ...Array.from({ length: Math.max(startPoints.length, stopPoints.length) }, (_, index) => [
    startPoints[index],
    stopPoints[index],
  ])
    .flat()
    .filter((point) => point !== undefined),
];
const left = [...walk];
const struck: AgentFaultPoint[] = [];
let armed: AgentFaultPoint | undefined;
/** What ran when an agent died, by container. */
const ranAtDeath = new Map<string, number>();

function startArmed(): void {
  armed = left[0];
  agent.start(controlPlane.address, armed === undefined ? "" : `${armed}=kill`);
}

/** Waits until it is so; an agent that has died where it was told to is followed by the next. */
async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const untilMs = systemClock.monotonicMs() + patienceMs;
  while (!(await condition())) {
    if (agent.hasEnded) succeed();
    const isLate = systemClock.monotonicMs() > untilMs;
    assert.ok(!isLate, `waited in vain for ${what}, armed with ${armed}, after ${struck.at(-1)}\n${agent.log}`);
    await sleep(systemClock, 5);
  }
}

function succeed(): void {
  assert.equal(agent.endedBy, "SIGKILL", `the agent ended by itself, armed with ${armed}:\n${agent.log}`);
  assert.ok(armed !== undefined, "an agent that was not armed was killed");
  struck.push(armed);
  left.shift();
  for (const pod of controlPlane.pods) for (const [key, pid] of runningOf(pod)) ranAtDeath.set(key, pid);
  controlPlane.reports.clear();
  startArmed();
}

function pod(name: string): Pod {
  const container = { image: `${registry.host}/busybox:1`, imagePullPolicy: "Always" as const };
  const mounts = { volumeMounts: [{ name: "scratch", mountPath: "/scratch" }] };
  // Deaf to SIGTERM while that is what is tested: its grace then ends in SIGKILL. Later on that would only take time.
  const onTerm = left.includes("kill-container:done") ? "" : "exit";
  const stubborn = ["/bin/sh", "-c", `trap '${onTerm}' TERM; while :; do sleep 1000 & wait; done`];
  const postStart = { exec: { command: ["/bin/true"] } };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", uid: randomUUID() },
    spec: {
      containers: [
        { name: "main", ...container, ...mounts, command: stubborn, lifecycle: { postStart } },
        { name: "side", ...container, ...mounts, command: stubborn },
      ],
      volumes: [{ name: "scratch", emptyDir: {} }],
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 1,
      // Afterwards not: most pods keep their processes apart.
      shareProcessNamespace: left.some((point) => point.startsWith("holder:")),
    },
  };
}

const uidOf = (of: Pod): string => of.metadata.uid ?? "";
const podCgroup = (of: Pod): string => join("/sys/fs/cgroup/pids", place.cgroupRoot, "pods", uidOf(of));

/** The first process of each of the pod's containers that runs its own program, by container and attempt. */
function runningOf(of: Pod): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const id of list(podCgroup(of)).filter((name) => /_(main|side)_\d+$/.test(name))) {
    const pids = read(join(podCgroup(of), id, "cgroup.procs"))
      .split("\n")
      .filter(Boolean)
      .map(Number);
    const first = pids.find((pid) => /^(sleep|\/bin\/sh)\0/.test(read(`/proc/${pid}/cmdline`)));
    if (first !== undefined) found.set(id, first);
  }
  return found;
}

const list = (path: string): readonly string[] => {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
};

const read = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
};

/** One line for everything that pods leave on this node while they run. */
async function audit(): Promise<readonly string[]> {
  const { directory, cgroupRoot, cluster: name } = place;
  const links = execFileSync("ip", ["-o", "link"], { encoding: "utf8" }).split("\n");
  const processes = list("/proc").filter(
    (pid) => read(`/proc/${pid}/cmdline`).includes(name) && Number(pid) !== agent.pid,
  );
  return [
    ...(await mountsBelow(directory)).map(({ mountPoint }) => `mount ${mountPoint}`),
    ...links.map((line) => `link ${line.split(":")[1]?.trim().split("@")[0] ?? ""}`),
    ...["pids", "memory"].flatMap((controller) =>
      list(join("/sys/fs/cgroup", controller, cgroupRoot, "pods"))
        .filter((entry) => entry.length === 36)
        .map((entry) => `cgroup ${controller} ${entry}`),
    ),
    ...["journal/pods", "logs", "rootfs", "rootfs/.trash", "volumes", "images/ingest"].flatMap((folder) =>
      list(join(directory, "data", folder)).map((entry) => `file ${folder}/${entry}`),
    ),
    ...["containers", "sandboxes", "exits", "state", "volumes"].flatMap((folder) =>
      list(join(directory, "run", folder)).map((entry) => `volatile ${folder}/${entry}`),
    ),
    ...processes.map((pid) => `process ${read(`/proc/${pid}/comm`).trim()}`),
  ].sort();
}

async function run(wanted: Pod): Promise<void> {
  await controlPlane.assign(wanted);
  const status = (): readonly { readonly ready: boolean; readonly restartCount: number }[] =>
    controlPlane.reports.get(uidOf(wanted))?.status.containerStatuses ?? [];
  await until(`pod ${wanted.metadata.name} ready`, () => status().filter(({ ready }) => ready).length === 2);
  // A container counts as started a moment before its own program has taken over.
  await until("both programs", () => runningOf(wanted).size >= 2);
  const running = runningOf(wanted);
  const names = [...running.keys()].map((id) => id.split("_")[1]).sort();
  assert.deepEqual(names, ["main", "side"], `one process per container, after ${struck.at(-1)}`);
  for (const [id, pid] of ranAtDeath) {
    if (id.startsWith(uidOf(wanted).replaceAll("-", ""))) {
      assert.equal(running.get(id), pid, `${id} ran when the agent died at ${struck.at(-1)}`);
    }
  }
}

/** Freezes one of its containers; its end sets it free again. */
async function pause(one: Pod): Promise<Pod> {
  const annotations = { [containerWishesAnnotation]: '{"main":{"state":"Paused"}}' };
  const paused: Pod = { ...one, metadata: { ...one.metadata, annotations } };
  await controlPlane.assign(paused);
  const conditions = () => controlPlane.reports.get(uidOf(one))?.status.conditions ?? [];
  await until("it is paused", () => conditions().some(({ type }) => type === pausedCondition("main")));
  return paused;
}

async function finish(wanted: Pod): Promise<void> {
  const metadata = { ...wanted.metadata, deletionTimestamp: "2026-01-01T00:00:00Z", deletionGracePeriodSeconds: 1 };
  await controlPlane.assign({ ...wanted, metadata });
  const { name } = wanted.metadata;
  await until(`pod ${name} finished`, () => controlPlane.reports.get(uidOf(wanted))?.finished === true);
  await controlPlane.remove(uidOf(wanted));
}

before(async () => {
  registry = await startRegistry();
  place = await makePlace(cluster, authority);
  controlPlane.registries = [{ host: registry.host, plainHttp: true }];
  await controlPlane.start();
  pushArchive(busyboxArchive(["busybox:1"]), `${registry.host}/busybox:1`);
  agent = new AgentProcess(place);
});

after(async () => {
  await agent.end("SIGTERM");
  await controlPlane.stop();
  await registry.stop();
  await removePlace(place);
});

test("an agent that is killed at any step is followed by one that ends what it began", async () => {
  startArmed();
  const kept = pod("kept");
  await run(kept);
  const keptPids = runningOf(kept);
  let clean: readonly string[] = [];
  await until("a journal that is written", async () => {
    clean = await audit();
    return !clean.some((line) => line.endsWith(".tmp"));
  });
  let count = 0;
  for (; left.length > 0; count++) {
    assert.ok(count < maxPods, `no pod passes ${left.join(", ")}`);
    const one = pod(`pod-${count}`);
    await run(one);
    await finish(await pause(one));
    let found: readonly string[] = [];
    await until("a clean node", async () => {
      found = await audit();
      return JSON.stringify(found) === JSON.stringify(clean);
    }).catch(() => assert.deepEqual(found, clean, `after ${struck.at(-1)}`));
    assert.deepEqual(runningOf(kept), keptPids, `the pod beside it, after ${struck.at(-1)}`);
  }
  assert.deepEqual(struck, walk);
  assert.equal(controlPlane.reports.get(uidOf(kept))?.status.containerStatuses?.[0]?.restartCount, 0);
  await finish(kept);
  process.stdout.write(`# ${struck.length} deaths of the agent, ${count} pods\n`);
});
