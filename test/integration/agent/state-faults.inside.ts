/**
 * Run by state-faults.test.ts in namespaces of its own. The agent is killed, a part of what it remembers is harmed, it is started again: the
 * pod that ran runs on with the same processes and is reported, a new one can be run and removed, and nothing of that is left.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { cpSync, globSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { mountsBelow } from "#node-agent/host/mounts.ts";
import { sleep, systemClock } from "#proto/kit/clock.ts";
import { seededRandom } from "#proto/kit/random.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { busyboxArchive } from "#test/support/busybox-image.ts";
import { testAuthority } from "#test/support/certificates.ts";
import { pushArchive } from "#test/support/push-archive.ts";
import { type RegistryServer, startRegistry } from "#test/support/registry-server.ts";
import { running } from "../sessions/one-node.ts";
import { type AgentPlace, AgentProcess, makePlace, removePlace } from "./agent-process.ts";
import { TestControlPlane } from "./test-control-plane.ts";

const cluster = `state-${randomUUID().slice(0, 8)}`;
const word = String(600_000 + (process.pid % 100_000));
const authority = await testAuthority();
const controlPlane = new TestControlPlane(cluster, authority);
const random = seededRandom(7);
const patienceMs = 60_000;
let registry: RegistryServer;
let place: AgentPlace;
let agent: AgentProcess;
let keptProcesses: readonly string[] = [];
let kept: Pod;
let clean: readonly string[] = [];

const files = (pattern: string): readonly string[] =>
  globSync(pattern, { cwd: place.directory }).map((path) => join(place.directory, path));

function pod(name: string, argument: string): Pod {
  const container = {
    name: "main",
    image: `${registry.host}/busybox:1`,
    imagePullPolicy: "IfNotPresent" as const,
    command: ["sleep", argument],
    volumeMounts: [
      { name: "scratch", mountPath: "/scratch" },
      { name: "keys", mountPath: "/keys" },
    ],
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", uid: randomUUID() },
    spec: {
      containers: [container],
      volumes: [
        { name: "scratch", emptyDir: {} },
        { name: "keys", secret: { secretName: "keys" } },
      ],
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 0,
    },
  };
}

const uidOf = (of: Pod): string => of.metadata.uid ?? "";
const containerOf = (of: Pod) => controlPlane.reports.get(uidOf(of))?.status.containerStatuses?.[0];

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const untilMs = systemClock.monotonicMs() + patienceMs;
  while (!(await condition())) {
    const isLate = systemClock.monotonicMs() > untilMs;
    assert.ok(!isLate && !agent.hasEnded, `waited in vain for ${what}:\n${agent.log}`);
    await sleep(systemClock, 20);
  }
}

async function run(wanted: Pod): Promise<void> {
  await controlPlane.assign(wanted);
  await until(`${wanted.metadata.name} ready`, () => containerOf(wanted)?.ready === true);
}

async function finish(wanted: Pod): Promise<void> {
  const metadata = { ...wanted.metadata, deletionTimestamp: "2026-01-01T00:00:00Z", deletionGracePeriodSeconds: 0 };
  await controlPlane.assign({ ...wanted, metadata });
  const isFinished = (): boolean => controlPlane.reports.get(uidOf(wanted))?.finished === true;
  await until(`${wanted.metadata.name} finished`, isFinished);
  await controlPlane.remove(uidOf(wanted));
}

/** What pods leave here while they run. */
async function audit(): Promise<readonly string[]> {
  const links = execFileSync("ip", ["-o", "link"], { encoding: "utf8" }).split("\n");
  const folders = ["data/rootfs", "data/volumes", "data/logs", "run/containers", "run/sandboxes", "run/exits"];
  return [
    ...(await mountsBelow(place.directory)).map(({ mountPoint }) => `mount ${mountPoint}`),
    ...links.map((line) => `link ${line.split(":")[1]?.trim().split("@")[0] ?? ""}`),
    ...folders.flatMap((folder) => files(`${folder}/*`)),
  ].sort();
}

before(async () => {
  registry = await startRegistry();
  place = await makePlace(cluster, authority);
  controlPlane.registries = [{ host: registry.host, plainHttp: true }];
  await controlPlane.start();
  pushArchive(busyboxArchive(["busybox:1"]), `${registry.host}/busybox:1`);
  agent = new AgentProcess(place);
  agent.start(controlPlane.address);
  await until("a session", () => controlPlane.sessions > 0);
  const data = { "key.txt": Buffer.from("s3cret").toString("base64") };
  const metadata = { name: "keys", namespace: "default", uid: randomUUID() };
  await controlPlane.addObject({ apiVersion: "v1", kind: "Secret", metadata, data } as never);
  const early = pod("early", `${word}0`);
  await run(early);
  cpSync(join(place.directory, "data/journal"), join(place.directory, "yesterday"), { recursive: true });
  await finish(early);
  kept = pod("kept", `${word}1`);
  await run(kept);
  await until("its process", () => running(`${word}1`).length === 1);
  keptProcesses = running(`${word}1`);
  clean = await audit();
});

after(async () => {
  await finish(kept);
  await agent.end("SIGTERM");
  await controlPlane.stop();
  await registry.stop();
  await removePlace(place);
});

const halve = (path: string): void => truncateSync(path, Math.floor(readFileSync(path).length / 2));

function flip(path: string): void {
  const bytes = readFileSync(path);
  for (let count = 0; count < 5; count++) {
    const at = Math.floor(random.next() * bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random.next() * 8));
  }
  writeFileSync(path, bytes);
}

const journal = "data/journal/**/*.json";
const images = "data/images/{*.json,images/*.json}";
const records = "run/containers/*/record.json";
const sandboxes = "run/sandboxes/*/sandbox.json";
const objects = "run/objects/**/*";

const harms: Readonly<Record<string, () => void>> = {
  "its journal is deleted": () => rmSync(join(place.directory, "data/journal"), { recursive: true }),
  "its journal is truncated": () => {
    for (const [index, path] of files(journal).entries()) index === 0 ? truncateSync(path) : halve(path);
  },
  "bits of its journal are flipped": () => files(journal).forEach(flip),
  "its journal is a day old": () => {
    rmSync(join(place.directory, "data/journal"), { recursive: true });
    cpSync(join(place.directory, "yesterday"), join(place.directory, "data/journal"), { recursive: true });
  },
  "its records of images are deleted": () => files(images).forEach((path) => void rmSync(path)),
  "its records of images are truncated": () => files(images).forEach(halve),
  "its records of containers are deleted": () => files(records).forEach((path) => void rmSync(path)),
  "its records of containers are truncated": () => files(records).forEach(halve),
  "its records of sandboxes are truncated": () => files(sandboxes).forEach(halve),
  "what it keeps of objects is truncated": () => files(objects).filter(isFile).forEach(halve),
};

function isFile(path: string): boolean {
  try {
    readdirSync(path);
    return false;
  } catch {
    return true;
  }
}

for (const [what, harm] of Object.entries(harms)) {
  test(`${what}: what runs is not touched, and the node works on`, async () => {
    await agent.end("SIGKILL");
    harm();
    controlPlane.reports.clear();
    agent.start(controlPlane.address);
    await until("the kept pod is reported", () => containerOf(kept)?.ready === true);
    assert.deepEqual(running(`${word}1`), keptProcesses, agent.log);
    const fresh = pod("fresh", `${word}2`);
    await run(fresh);
    await until("one process", () => running(`${word}2`).length === 1);
    await finish(fresh);
    let found: readonly string[] = [];
    await until("a clean node", async () => {
      found = await audit();
      return JSON.stringify(found) === JSON.stringify(clean);
    }).catch(() => assert.deepEqual(found, clean));
    assert.deepEqual(running(`${word}1`), keptProcesses, agent.log);
    assert.equal(running(`${word}0`).length, 0, "a pod of yesterday came back");
  });
}
