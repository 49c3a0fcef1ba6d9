/** A running cluster brought to another version: containers keep their pids, older agents are served meanwhile, and there is no way back. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { askSupervisor } from "#deploy/local-cluster/control.ts";
import { replaceSupervisor } from "#deploy/local-cluster/up.ts";
import { systemClock } from "#proto/kit/clock.ts";
import type { Node } from "#proto/resources/node.ts";
import { auditHost } from "../support/audit.ts";
import { TestCluster } from "../support/cluster.ts";
import { pidsWith } from "../support/containers.ts";
import { deployment } from "../support/manifests.ts";
import { eventually, must, programs, type Ran, root, run } from "../support/programs.ts";
import { difference } from "../support/shared-cluster.ts";

const cluster = new TestCluster("upgraded");
const next = mkdtempSync(join(tmpdir(), "orch-next-"));
const word = `5${process.pid}`;
let clean: readonly string[] = [];
let current = "";

/** `0.1.0` → `0.2.0` */
const minorAfter = (version: string): string =>
  version.replace(/^(\d+)\.(\d+)\..*$/, (_, a, b) => `${a}.${Number(b) + 1}.0`);

before(
  async () => {
    clean = auditHost(cluster.name);
    await cluster.up(2);
    await cluster.loadExampleImage();
    current = (await cluster.get<Node>("node/node-1")).status?.nodeInfo?.kubeletVersion ?? "";
    const build = [join(root, "deploy/build.ts"), "--out", next, "--version", minorAfter(current)];
    await must(process.execPath, build, { timeoutMs: 120_000 });
  },
  { timeout: 240_000 },
);

after(
  async () => {
    await cluster.down();
    rmSync(next, { recursive: true, force: true });
    assert.deepEqual(difference(clean, auditHost(cluster.name)), [], "the cluster left something behind");
  },
  { timeout: 120_000 },
);

const orchctl = (folder: string, ...args: readonly string[]): Promise<Ran> =>
  run(join(folder, "bin/orchctl"), args, { variables: { ORCH_CONFIG: cluster.config }, timeoutMs: 120_000 });

async function versions(): Promise<readonly (string | undefined)[]> {
  return (await cluster.list<Node>("nodes")).map((node) => node.status?.nodeInfo?.kubeletVersion);
}

test("a new control plane serves the agents that are one minor version older, and says so", {
  timeout: 120_000,
}, async () => {
  await cluster.apply(deployment({ name: "calm", replicas: 3, command: `exec sleep ${word}` }), "--wait");
  const pids = pidsWith(word);
  await replaceSupervisor(cluster.name, next, systemClock);
  await askSupervisor(cluster.name, { kind: "restart", program: "control-plane" });
  await cluster.waitReady(2);
  assert.deepEqual(await versions(), [current, current]);
  // Nodes are ready by what the last control plane knew; what they run is known when their agents have called.
  const expected = new RegExp(`Node node-1 runs version ${current}; upgrade it to ${minorAfter(current)}`);
  let told = "";
  await eventually("the status to say so", async () => {
    told = (await cluster.run(["cluster", "status"])).out;
    return expected.test(told) ? true : undefined;
  }).catch(() => assert.match(told, expected));
  await cluster.orchctl(["scale", "deployment/calm", "--replicas", "4"]);
  await eventually("the old agents start a pod", () => (pidsWith(word).length === 4 ? true : undefined), 30_000);
  assert.ok(
    pids.every((pid) => pidsWith(word).includes(pid)),
    "same pids",
  );
});

test("cluster upgrade goes on from there, one program after the other; every container keeps its pid", {
  timeout: 120_000,
}, async () => {
  const pids = pidsWith(word);
  const agents = ["node-1", "node-2"].map((node) => cluster.agentPid(node));
  const upgraded = await orchctl(next, "cluster", "upgrade", "--name", cluster.name);
  assert.equal(upgraded.code, 0, upgraded.err);
  assert.match(upgraded.err, /node-1 runs \S+ \(1 of 2\)\n {2}node-2 runs \S+ \(2 of 2\)/);
  assert.equal(upgraded.out, `Cluster ${cluster.name} runs version ${minorAfter(current)}.\n`);
  assert.deepEqual(await versions(), [minorAfter(current), minorAfter(current)]);
  assert.deepEqual(pidsWith(word), pids);
  assert.ok(
    ["node-1", "node-2"].every((node) => !agents.includes(cluster.agentPid(node))),
    "other agents",
  );
  assert.match((await orchctl(next, "cluster", "upgrade", "--name", cluster.name)).out, /runs version \S+ already/);
});

test("an older orchctl does not take the cluster back", { timeout: 60_000 }, async () => {
  const back = await orchctl(programs, "cluster", "upgrade", "--name", cluster.name);
  assert.equal(back.code, 5, back.err);
  assert.match(back.err, /newer than this orchctl .*[\s\S]*going back needs a backup/);
  assert.equal(pidsWith(word).length, 4);
});
