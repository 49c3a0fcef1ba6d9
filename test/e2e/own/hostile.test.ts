/** Containers that harm what is around them, on a cluster of their own: the node, its other pods and the API stay well, and nothing is left. */
import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { hierarchies, isUnified } from "#deploy/local-cluster/cgroups.ts";
import { nodePaths } from "#deploy/local-cluster/names.ts";
import { sleep, systemClock } from "#proto/kit/clock.ts";
import type { Node } from "#proto/resources/node.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { openApi } from "../support/api.ts";
import { auditHost } from "../support/audit.ts";
import { TestCluster } from "../support/cluster.ts";
import { deployment, image } from "../support/manifests.ts";
import { rssOf } from "../support/process-memory.ts";
import { eventually, must } from "../support/programs.ts";
import { difference } from "../support/shared-cluster.ts";

const cluster = new TestCluster("hostile");
const folder = mkdtempSync(join(tmpdir(), "orch-hostile-"));
const disk = join(folder, "disk.img");
/** A node whose disk holds 256 MiB and 8,192 files, and whose share of memory is 512 MiB. */
const small = nodePaths(cluster.name, "small");
let clean: readonly string[] = [];

before(
  async () => {
    clean = auditHost(cluster.name);
    await cluster.up(2);
    writeFileSync(disk, "");
    truncateSync(disk, 256 * 2 ** 20);
    await must("mkfs.ext4", ["-q", "-F", "-N", "8192", disk]);
    mkdirSync(small.data, { recursive: true });
    await must("mount", ["-o", "loop", disk, small.data]);
    const node = ["add-node", "small", "--memory", "512Mi", "--taint", "only=small:NoSchedule"];
    await cluster.orchctl(["cluster", ...node, "--name", cluster.name], { timeoutMs: 60_000 });
    await cluster.loadExampleImage();
  },
  { timeout: 180_000 },
);

after(
  async () => {
    if (existsSync(small.data)) await must("umount", ["-l", small.data]);
    await cluster.down();
    rmSync(folder, { recursive: true, force: true });
    assert.deepEqual(difference(clean, auditHost(cluster.name)), [], "the cluster left something behind");
  },
  { timeout: 120_000 },
);

interface PodOptions {
  readonly node?: string;
  readonly command: string;
  /** Lines for the container, indented by 6. */
  readonly container?: string;
  /** Lines for the pod's spec, indented by 2. */
  readonly spec?: string;
}

function podOn(name: string, { node = "node-1", command, container = "", spec = "" }: PodOptions): string {
  return `apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  nodeName: ${node}
  terminationGracePeriodSeconds: 1
${spec}
  containers:
    - name: main
      image: ${image}
      command: ["/bin/sh", "-c", ${JSON.stringify(command)}]
${container}
`;
}

/** Serves, keeps some megabytes in some files as it asked to, and says when it cannot serve. */
const neighbour = (name: string, node: string): string =>
  podOn(name, {
    node,
    command:
      "for i in 1 2 3 4 5 6 7 8; do dd if=/dev/zero of=/tmp/$i bs=512K count=1; done; exec httpd -f -p 8080 -h /tmp",
    container: `      resources: { requests: { cpu: 50m, memory: 16Mi, ephemeral-storage: 8Mi } }
      readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1, timeoutSeconds: 5 }`,
  });

const readPod = (name: string): Promise<Pod> => cluster.get<Pod>(`pod/${name}`);

const untilPod = (name: string, isSo: (pod: Pod) => boolean, timeoutMs = 40_000): Promise<Pod> =>
  eventually(
    `pod ${name}`,
    async () => {
      const found = await readPod(name);
      return isSo(found) ? found : undefined;
    },
    timeoutMs,
  );

const isReady = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") === true;

/** That it is ready, and has been ever since. */
function readySince(pod: Pod): string {
  assert.ok(isReady(pod), `${pod.metadata.name} is not ready`);
  assert.equal(pod.status?.containerStatuses?.[0]?.restartCount, 0);
  return pod.status?.conditions?.find(({ type }) => type === "Ready")?.lastTransitionTime ?? "";
}

/** Until there is room again on the small node's disk, and whoever might have been evicted for the lack of it has been. */
const untilRoom = (megabytes: number, files: number): Promise<true> =>
  eventually("room on the disk", async () => {
    const { bavail, bsize, ffree } = statfsSync(small.data);
    return (bavail * bsize > megabytes * 2 ** 20 && ffree > files) || undefined;
  });

let calmSince = "";
/** The neighbour of all that is done to the small node. */
const assertCalm = async (): Promise<void> => assert.equal(readySince(await readPod("calm")), calmSince);

const evicted = ({ status }: Pod): boolean => status?.phase === "Failed" && status.reason === "Evicted";

test("a disk that a container fills: that one is evicted with the numbers, its neighbour serves on", {
  timeout: 90_000,
}, async () => {
  await cluster.apply(neighbour("calm", "small"), "--wait");
  calmSince = readySince(await readPod("calm"));
  await cluster.apply(podOn("filler", { node: "small", command: "dd if=/dev/zero of=/full bs=1M; exec sleep 3600" }));
  const filler = await untilPod("filler", evicted);
  assert.match(
    filler.status?.message ?? "",
    /^The node was low on resource: ephemeral-storage. Threshold quantity: 2\dMi, available: .*Container main was using \d+Mi, request is 0/,
  );
  const target = filler.status?.conditions?.find(({ type }) => type === "DisruptionTarget");
  assert.equal(target?.reason, "TerminationByKubelet");
  await untilRoom(100, 0);
  await assertCalm();
  const { status, spec } = await cluster.get<Node>("node/small");
  assert.equal(status?.conditions?.find(({ type }) => type === "DiskPressure")?.status, "True");
  assert.ok(spec?.taints?.some(({ key }) => key === "node.kubernetes.io/disk-pressure"));
  assert.match(await cluster.orchctl(["get", "pod", "filler"]), /filler +0\/1 +Evicted /);
  const told = await cluster.run(["cluster", "status"]);
  assert.equal(told.code, 1);
  assert.match(told.out, /^small +Ready,DiskPressure /m);
  assert.match(
    told.out,
    /^! Node small: DiskPressure: .* left; the node keeps .*; free space, or remove images that nothing uses\.$/m,
  );
  await cluster.orchctl(["delete", "pod", "filler"]);
});

test("files by the thousand are as bad as a full disk", { timeout: 90_000 }, async () => {
  const litter = "i=0; while true >/f$i; do i=$((i+1)); done; exec sleep 3600";
  await cluster.apply(podOn("litter", { node: "small", command: litter }));
  const { status } = await untilPod("litter", evicted);
  assert.match(status?.message ?? "", /^The node was low on resource: inodes\. .*The pod had \d{4} files/);
  await untilRoom(0, 4_000);
  await assertCalm();
  await cluster.orchctl(["delete", "pod", "litter"]);
});

test("limits of ephemeral-storage and sizeLimit are kept by eviction", { timeout: 90_000 }, async () => {
  const write = (path: string): string => `dd if=/dev/zero of=${path}/x bs=1M count=8; exec sleep 3600`;
  const limit = "      resources: { limits: { ephemeral-storage: 5Mi } }";
  await cluster.apply(podOn("layered", { node: "small", command: write(""), container: limit }));
  const mount = "      volumeMounts: [{ name: v, mountPath: /v }]";
  const volume = "  volumes: [{ name: v, emptyDir: { sizeLimit: 5Mi } }]";
  await cluster.apply(podOn("spilled", { node: "small", command: write("/v"), container: mount, spec: volume }));
  const [layered, spilled] = await Promise.all([untilPod("layered", evicted), untilPod("spilled", evicted)]);
  assert.match(layered.status?.message ?? "", /^Pod ephemeral local storage usage exceeds .* 5Mi: it uses 8(\.\d)?Mi/);
  assert.match(spilled.status?.message ?? "", /^Usage of EmptyDir volume "v" exceeds the limit "5Mi": it holds 8Mi/);
  await assertCalm();
  await cluster.orchctl(["delete", "pod", "layered", "spilled"]);
});

test("memory: who passes its limit is killed, a child of it is told, who eats the node's is evicted", {
  timeout: 90_000,
}, async () => {
  const hungry = (mebibytes: number): string => `dd if=/dev/zero of=/dev/null bs=${mebibytes}M count=1`;
  const limit = "      resources: { limits: { memory: 24Mi } }";
  const never = "  restartPolicy: Never";
  await cluster.apply(podOn("parent", { command: `exec ${hungry(64)}`, container: limit, spec: never }));
  await cluster.apply(podOn("child", { command: `${hungry(64)}; exec sleep 3600`, container: limit }));
  await cluster.apply(
    podOn("eater", { node: "small", command: `${hungry(420)} | sleep 3600` }).replace("of=/dev/null", ""),
  );
  const parent = await untilPod("parent", ({ status }) => status?.phase === "Failed");
  const ended = parent.status?.containerStatuses?.[0]?.state?.terminated;
  assert.deepEqual([ended?.reason, ended?.exitCode], ["OOMKilled", 137]);
  await eventually("an event of the killed child", async () =>
    /OOMKilling .*A process of container main was killed for memory \(its limit is 24Mi\)/.test(
      await cluster.orchctl(["describe", "pod", "child"]),
    )
      ? true
      : undefined,
  );
  const child = await readPod("child");
  assert.equal(child.status?.containerStatuses?.[0]?.restartCount, 0);
  assert.ok(child.status?.containerStatuses?.[0]?.state?.running);
  const eater = await untilPod("eater", evicted);
  assert.match(
    eater.status?.message ?? "",
    /^The node was low on resource: memory\. .*Container main was using 4\d\dMi/,
  );
  await assertCalm();
  await cluster.orchctl(["delete", "pod", "parent", "child", "eater"]);
});

/** Of a cgroup of node-1, in the hierarchy of that controller. */
function cgroupFile(controller: string, uid: string, name: string): number {
  const root = isUnified() ? hierarchies()[0] : hierarchies().find((path) => path.endsWith(`/${controller}`));
  return Number(readFileSync(join(root ?? "", nodePaths(cluster.name, "node-1").cgroup, "pods", uid, name), "utf8"));
}

function bytesBelow(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce(
      (sum, { parentPath, name }) => sum + (statSync(join(parentPath, name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
}

const attackMs = 8_000;

interface Answers {
  readonly medianMs: number;
  readonly slowestMs: number;
}

/** How long the API takes to answer one question after the other, until that has come to its end. */
async function askDuring(work: Promise<unknown>, meanwhile: () => void = () => undefined): Promise<Answers> {
  const api = await openApi(cluster.config);
  const answersMs: number[] = [];
  let isOver = false;
  const ended = work.finally(() => {
    isOver = true;
  });
  try {
    while (!isOver) {
      const askedAtMs = systemClock.monotonicMs();
      await api.client.get("pods", "default", "near");
      answersMs.push(systemClock.monotonicMs() - askedAtMs);
      meanwhile();
      await sleep(systemClock, 50);
    }
    await ended;
  } finally {
    api.close();
  }
  const sorted = answersMs.toSorted((one, other) => one - other);
  return { medianMs: sorted[sorted.length >> 1] ?? Infinity, slowestMs: sorted.at(-1) ?? Infinity };
}

/** Generous: the machine may be busy with other tests, which are no pods. */
function assertWell({ medianMs, slowestMs }: Answers): void {
  assert.ok(medianMs < 500, `the API took ${Math.round(medianMs)} ms to answer, as a rule`);
  assert.ok(slowestMs < 5_000, `the API took ${Math.round(slowestMs)} ms to answer, once`);
}

test("fork bomb, flood of logs, zombies and one that ignores SIGTERM, at once: limits hold, others serve, all can be deleted", {
  timeout: 180_000,
}, async () => {
  await cluster.apply(neighbour("near", "node-1"), "--wait");
  const since = readySince(await readPod("near"));
  const deadline = "  activeDeadlineSeconds: 60"; // whatever becomes of this test
  const line = "x".repeat(120);
  const orphans = "i=0; while [ $i -lt 5000 ]; do (true &); i=$((i+1)); done; echo all; exec sleep 3600";
  await cluster.apply(
    [
      podOn("bomb", { command: "b() { b | b & }; b; exec sleep 3600", spec: deadline }),
      podOn("flood", { command: `exec yes ${line}`, spec: deadline }),
      podOn("zombies", { command: orphans, spec: deadline }),
      podOn("stubborn", { command: "trap '' TERM; while :; do sleep 1; done", spec: deadline }),
    ].join("---\n"),
  );
  const logs = join(nodePaths(cluster.name, "node-1").data, "logs");
  let mostLogBytes = 0;
  const answers = await askDuring(sleep(systemClock, attackMs), () => {
    mostLogBytes = Math.max(mostLogBytes, bytesBelow(logs));
  });
  const uid = (await readPod("bomb")).metadata.uid ?? "";
  const processes = cgroupFile("pids", uid, "pids.current");
  await cluster.orchctl(["delete", "pod", "bomb", "flood", "stubborn"], { timeoutMs: 60_000 });
  assert.ok(processes <= 4096, `${processes} processes`);
  assertWell(answers);
  assert.ok(mostLogBytes < 2 ** 30, `logs took ${mostLogBytes} bytes`);
  assert.equal(readySince(await readPod("near")), since);
  await eventually("5,000 orphans", async () =>
    /^all$/m.test(await cluster.orchctl(["logs", "zombies"])) ? true : undefined,
  );
  const left = cgroupFile("pids", (await readPod("zombies")).metadata.uid ?? "", "pids.current");
  assert.ok(left < 20, `${left} processes are left of 5,000 that have ended`);
  await cluster.orchctl(["delete", "pod", "zombies", "near"]);
});

/** Bytes that the busiest process of a pod of node-1 has written. */
function writtenBy(uid: string): number {
  const root = isUnified() ? hierarchies()[0] : hierarchies().find((path) => path.endsWith("/pids"));
  const cgroup = join(root ?? "", nodePaths(cluster.name, "node-1").cgroup, "pods", uid);
  const pids = readdirSync(cgroup, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("cgroup.procs"))
    .flatMap((path) => readFileSync(join(cgroup, path), "utf8").split("\n").filter(Boolean));
  const written = (pid: string): number => Number(/^wchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1]);
  return Math.max(...pids.map(written));
}

const floodMs = 5_000;
/** Five files of a container that were full when somebody looked, ten times a second, as fast as a disk takes them. */
const mostFloodBytes = 512 * 2 ** 20;

test("a log flood that nothing of ours slows down: its disk is bounded, it can be read, its neighbour and the API stay well", {
  timeout: 120_000,
}, async (t) => {
  await cluster.apply(neighbour("near", "node-1"), "--wait");
  const since = readySince(await readPod("near"));
  // More than 200 MB/s where nobody waits for a reader.
  await cluster.apply(podOn("flood", { command: `exec yes ${"x".repeat(119)}` }), "--wait");
  const uid = (await readPod("flood")).metadata.uid ?? "";
  const logs = join(nodePaths(cluster.name, "node-1").data, "logs");
  const agent = cluster.agentPid("node-1");
  let mostLogBytes = 0;
  let mostMemory = 0;
  const [startedAtMs, before] = [systemClock.monotonicMs(), writtenBy(uid)];
  const answers = await askDuring(sleep(systemClock, floodMs), () => {
    mostLogBytes = Math.max(mostLogBytes, bytesBelow(logs));
    mostMemory = Math.max(mostMemory, rssOf(agent));
  });
  const rate = (writtenBy(uid) - before) / (systemClock.monotonicMs() - startedAtMs) / 1000;
  t.diagnostic(
    `${rate.toFixed(0)} MB/s were logged; logs took ${(mostLogBytes / 1e6).toFixed(0)} MB of disk, the agent ${(mostMemory / 1e6).toFixed(0)} MB of memory; the API answered in ${answers.medianMs.toFixed(1)} ms, ${answers.slowestMs.toFixed(0)} ms at most`,
  );
  assert.ok(rate > 5, `${rate} MB/s are no flood`);
  // More come while they are looked for.
  const last = await cluster.orchctl(["logs", "flood", "--tail", "2", "--limit-bytes", "240"]);
  assert.equal(last, `${"x".repeat(119)}\n`.repeat(2));
  assertWell(answers);
  assert.ok(mostLogBytes < mostFloodBytes, `logs took ${mostLogBytes} bytes`);
  assert.ok(mostMemory < 200 * 2 ** 20, `the agent took ${mostMemory} bytes`);
  assert.equal(readySince(await readPod("near")), since);
  await cluster.orchctl(["delete", "pod", "flood", "near"], { timeoutMs: 60_000 });
});

test("200 pods that crash again and again: others are served, and go when they are told to", {
  timeout: 180_000,
}, async () => {
  await cluster.apply(neighbour("near", "node-1"), "--wait");
  const since = readySince(await readPod("near"));
  await cluster.apply(deployment({ name: "crashing", replicas: 200, command: "exit 1" }));
  const crashed = eventually(
    "200 that have crashed",
    async () => {
      const pods = await cluster.pods("-l", "app=crashing");
      const again = pods.filter((pod) => (pod.status?.containerStatuses?.[0]?.restartCount ?? 0) > 0);
      return again.length >= 200 ? true : undefined;
    },
    120_000,
  );
  assertWell(await askDuring(crashed));
  assert.equal(readySince(await readPod("near")), since);
  await cluster.orchctl(["delete", "deployment", "crashing"]);
  await eventually(
    "none of them",
    async () => ((await cluster.pods("-l", "app=crashing")).length === 0 ? true : undefined),
    90_000,
  );
});
