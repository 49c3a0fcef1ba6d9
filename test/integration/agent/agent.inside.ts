/** Run by agent.test.ts in a network and mount namespace of its own: one agent process, one control plane of this test. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { mountsBelow } from "#node-agent/host/mounts.ts";
import { sleep, systemClock } from "#proto/kit/clock.ts";
import type { Container, Pod } from "#proto/resources/pod.ts";
import { busyboxArchive } from "#test/support/busybox-image.ts";
import { testAuthority } from "#test/support/certificates.ts";
import { type AgentPlace, AgentProcess, makePlace, removePlace } from "./agent-process.ts";
import { TestControlPlane } from "./test-control-plane.ts";

const image = "registry.test/busybox:1";
const cluster = `agent-${randomUUID().slice(0, 8)}`;
const authority = await testAuthority();
const controlPlane = new TestControlPlane(cluster, authority);
let place: AgentPlace;
let agent: AgentProcess;

before(async () => {
  place = await makePlace(cluster, authority);
  await controlPlane.start();
  agent = new AgentProcess(place);
  agent.start(controlPlane.address);
  await controlPlane.waitFor("a session", () => controlPlane.sessions > 0);
});

after(async () => {
  await agent.end("SIGTERM");
  await controlPlane.stop();
  await removePlace(place);
});

interface PodWish {
  readonly container?: Partial<Container>;
  readonly spec?: Partial<Pod["spec"]>;
}

function pod(name: string, script: string, wish: PodWish = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", uid: randomUUID() },
    spec: {
      containers: [
        { name: "main", image, imagePullPolicy: "IfNotPresent", command: ["/bin/sh", "-c", script], ...wish.container },
      ],
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 2,
      ...wish.spec,
    },
  };
}

const uidOf = (of: Pod): string => of.metadata.uid ?? "";
const statusOf = (of: Pod) => controlPlane.reports.get(uidOf(of))?.status;
const containerOf = (of: Pod) => statusOf(of)?.containerStatuses?.[0];
const isReady = (of: Pod): boolean => containerOf(of)?.ready === true;

async function run(wanted: Pod): Promise<void> {
  await controlPlane.assign(wanted);
  await controlPlane
    .waitFor(`pod ${wanted.metadata.name} ready`, () => isReady(wanted))
    .catch((thrown: unknown) => {
      throw new Error(`${thrown}: ${JSON.stringify(statusOf(wanted))}\n${agent.log}`);
    });
}

async function finish(wanted: Pod): Promise<void> {
  await controlPlane.assign({
    ...wanted,
    metadata: { ...wanted.metadata, deletionTimestamp: "2026-01-01T00:00:00Z", deletionGracePeriodSeconds: 2 },
  });
  await controlPlane.waitFor(
    `pod ${wanted.metadata.name} finished`,
    () => controlPlane.reports.get(uidOf(wanted))?.finished === true,
  );
  await controlPlane.remove(uidOf(wanted));
}

/** The pod's processes, from its cgroups. */
async function pidsOf(of: Pod): Promise<readonly string[]> {
  const cgroup = join("/sys/fs/cgroup/pids", place.cgroupRoot, "pods", uidOf(of));
  const containers = (await readdir(cgroup).catch(() => [])).filter((name) => name.includes("_main_"));
  const lists = await Promise.all(
    containers.map((name) => readFile(join(cgroup, name, "cgroup.procs"), "utf8").catch(() => "")),
  );
  return lists.flatMap((list) => list.split("\n").filter(Boolean));
}

async function eventually(what: string, condition: () => Promise<boolean>): Promise<void> {
  const untilMs = systemClock.monotonicMs() + 20_000;
  while (!(await condition())) {
    assert.ok(systemClock.monotonicMs() < untilMs, `waited in vain for: ${what}`);
    await sleep(systemClock, 20);
  }
}

const target = (of: Pod) => ({ podUid: uidOf(of), namespace: "default", pod: of.metadata.name, container: "main" });

test("an image is loaded through a stream", async () => {
  const outcome = await controlPlane.stream({ kind: "image-load" }, busyboxArchive([image]));
  assert.equal(outcome.result?.exitCode, 0, String(Buffer.from(outcome.result?.problem ?? [])));
  const detail = JSON.parse(String(Buffer.from(outcome.result?.detail ?? []))) as { images: { name: string }[] };
  assert.deepEqual(
    detail.images.map(({ name }) => name),
    [image],
  );
});

test("a pod with ConfigMap, Secret and probes runs, is logged, entered and forwarded to", async () => {
  await controlPlane.addObject({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "settings", namespace: "default" },
    data: { GREETING: "hello" },
  });
  await controlPlane.addObject({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "keys", namespace: "default" },
    data: { "key.txt": Buffer.from("s3cret").toString("base64") },
  });
  const web = pod(
    "web",
    'echo "$GREETING from $POD_IP"; mkdir /www; cp /keys/key.txt /www/index.html; httpd -f -p 8080 -h /www',
    {
      container: {
        envFrom: [{ configMapRef: { name: "settings" } }],
        env: [{ name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } }],
        volumeMounts: [{ name: "keys", mountPath: "/keys" }],
        readinessProbe: { httpGet: { port: 8080, path: "/" }, periodSeconds: 10 },
        livenessProbe: { exec: { command: ["true"] }, periodSeconds: 1 },
      },
      spec: { volumes: [{ name: "keys", secret: { secretName: "keys" } }] },
    },
  );
  await run(web);
  const ip = statusOf(web)?.podIP ?? "";
  assert.match(ip, /^10\.130\.1\.\d+$/);
  const logs = await controlPlane.stream({ ...target(web), kind: "logs", logs: { tailLines: -1 } });
  assert.equal(logs.output, `hello from ${ip}\n`);
  const exec = { command: ["sh", "-c", "cat; echo oops >&2; exit 3"], stdin: true };
  const entered = await controlPlane.stream({ ...target(web), kind: "exec", exec }, Buffer.from("through stdin"));
  assert.deepEqual(
    [entered.output, entered.errors, entered.result?.exitCode],
    ["through stdin", "oops\n", 3],
    String(Buffer.from(entered.result?.problem ?? [])),
  );
  const forwarded = await controlPlane.stream(
    { ...target(web), kind: "port-forward", port: 8080 },
    Buffer.from("GET / HTTP/1.0\r\n\r\n"),
  );
  assert.match(forwarded.output, /s3cret$/);
  await finish(web);
});

test("a container that fails is restarted with growing waits", async () => {
  const failing = pod("failing", "exit 7");
  await controlPlane.assign(failing);
  await controlPlane.waitFor(
    "CrashLoopBackOff",
    () => containerOf(failing)?.state?.waiting?.reason === "CrashLoopBackOff",
  );
  assert.equal(containerOf(failing)?.lastState?.terminated?.exitCode, 7);
  await controlPlane.waitFor("two restarts", () => (containerOf(failing)?.restartCount ?? 0) >= 2);
  await finish(failing);
});

test("a liveness probe that fails restarts its container", async () => {
  const sick = pod("sick", "sleep 1000", {
    container: { livenessProbe: { exec: { command: ["false"] }, periodSeconds: 1, failureThreshold: 1 } },
    spec: { terminationGracePeriodSeconds: 0 },
  });
  await controlPlane.assign(sick);
  await controlPlane.waitFor("a restart", () => (containerOf(sick)?.restartCount ?? 0) >= 1);
  await controlPlane.waitFor("the event", () => controlPlane.events.some(({ reason }) => reason === "Unhealthy"));
  await finish(sick);
});

test("a missing ConfigMap key is named, and the container starts once it is there", async () => {
  const waiting = pod("waiting", "sleep 1000", {
    container: { env: [{ name: "X", valueFrom: { configMapKeyRef: { name: "late", key: "x" } } }] },
  });
  await controlPlane.assign(waiting);
  await controlPlane.waitFor("its reason", () => {
    return containerOf(waiting)?.state?.waiting?.reason === "CreateContainerConfigError";
  });
  assert.match(containerOf(waiting)?.state?.waiting?.message ?? "", /configmap "late" not found/);
  await controlPlane.addObject({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "late", namespace: "default" },
    data: { x: "1" },
  });
  await controlPlane.waitFor("it runs", () => isReady(waiting));
  await finish(waiting);
});

test("kill -9 of the agent touches no container; its successor adopts it within two seconds", async () => {
  const kept = pod("kept", "sleep 1000");
  await run(kept);
  const before = await pidsOf(kept);
  assert.ok(before.length > 0);
  await agent.end("SIGKILL");
  assert.deepEqual(await pidsOf(kept), before);
  controlPlane.reports.clear();
  const { sessions } = controlPlane;
  agent.start(controlPlane.address);
  await controlPlane.waitFor("a session again", () => controlPlane.sessions > sessions);
  const connectedAtMs = systemClock.monotonicMs();
  await controlPlane.waitFor("the status again", () => isReady(kept));
  const tookMs = systemClock.monotonicMs() - connectedAtMs;
  assert.deepEqual(await pidsOf(kept), before);
  assert.equal(containerOf(kept)?.restartCount, 0);
  assert.ok(tookMs < 2_000, `took ${tookMs} ms`);
  await finish(kept);
});

test("without the control plane containers run on and come back after a crash", async () => {
  const lonely = pod("lonely", "sleep 1000");
  await run(lonely);
  const [before] = await pidsOf(lonely);
  await controlPlane.stop();
  await agent.end("SIGKILL");
  agent.start(controlPlane.address);
  process.kill(Number(before), "SIGKILL");
  await eventually("it runs again", async () => {
    const [now] = await pidsOf(lonely);
    return now !== undefined && now !== before;
  });
  await controlPlane.start();
  await controlPlane.waitFor("it is reported", () => (containerOf(lonely)?.restartCount ?? 0) === 1);
  await finish(lonely);
});

test("SIGTERM ends the agent in good order and leaves containers running", async () => {
  const left = pod("left", "sleep 1000");
  await run(left);
  const before = await pidsOf(left);
  assert.equal(before.length, 2, "the init process and the command");
  assert.equal(await agent.end("SIGTERM"), 0);
  assert.deepEqual(await pidsOf(left), before);
  agent.start(controlPlane.address);
  await finish(left);
});

test("a garbled journal costs no container", async () => {
  const sturdy = pod("sturdy", "sleep 1000");
  await run(sturdy);
  const before = await pidsOf(sturdy);
  await agent.end("SIGKILL");
  const journal = join(place.directory, "data/journal/pods");
  for (const name of await readdir(journal)) await writeFile(join(journal, name), '{"version":1,"uid');
  controlPlane.reports.clear();
  agent.start(controlPlane.address);
  await controlPlane.waitFor("the status again", () => isReady(sturdy));
  assert.deepEqual(await pidsOf(sturdy), before);
  await finish(sturdy);
});

test("nothing of finished pods is left", async () => {
  const mounts = (await mountsBelow(place.directory)).map(({ mountPoint }) => mountPoint);
  assert.deepEqual(
    mounts.filter((path) => /pods|sandboxes|rootfs\/|volumes\/./.test(path)),
    [],
  );
  const cgroups = await readdir(join("/sys/fs/cgroup/pids", place.cgroupRoot, "pods"), { withFileTypes: true });
  assert.deepEqual(
    cgroups.filter((entry) => entry.isDirectory()),
    [],
  );
  const journal = join(place.directory, "data/journal/pods");
  await eventually("the journal is empty", async () => (await readdir(journal)).length === 0);
  assert.deepEqual(await readdir(join(place.directory, "data/logs")), []);
});
