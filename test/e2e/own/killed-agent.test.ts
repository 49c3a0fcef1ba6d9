/** The agent is killed while it makes pods: no half-made thing may stay, none may be made twice. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { auditHost, auditNodes } from "../support/audit.ts";
import { TestCluster } from "../support/cluster.ts";
import { pidsWith } from "../support/containers.ts";
import { deployment } from "../support/manifests.ts";
import { eventually } from "../support/programs.ts";
import { difference } from "../support/shared-cluster.ts";

const cluster = new TestCluster("faults3");
let clean: readonly string[] = [];

before(
  async () => {
    clean = auditHost(cluster.name);
    await cluster.up(1);
    await cluster.loadExampleImage();
  },
  { timeout: 60_000 },
);

after(
  async () => {
    await cluster.down();
    assert.deepEqual(difference(clean, auditHost(cluster.name)), [], "the cluster left something behind");
  },
  { timeout: 60_000 },
);

test("kill -9 of the agent while it starts ten pods: exactly one container each, and nothing left after delete", {
  timeout: 60_000,
}, async () => {
  const word = String(700_000 + (process.pid % 100_000));
  const before = auditNodes(cluster.name);
  await cluster.apply(deployment({ name: "ten", replicas: 10, command: `exec sleep ${word}` }));
  for (const threshold of [1, 4]) {
    await eventually("the middle of it", () => (pidsWith(word).length >= threshold ? true : undefined), 20_000);
    const killed = cluster.agentPid("node-1");
    process.kill(killed, "SIGKILL");
    await eventually("another agent", () => (cluster.agentPid("node-1") !== killed ? true : undefined), 10_000);
  }
  await cluster.orchctl(["rollout", "status", "deployment/ten", "--timeout", "30s"]);
  // A pod without a probe is ready as soon as its shell runs; the shell becomes the process that is counted.
  await eventually("ten processes", () => (pidsWith(word).length === 10 ? true : undefined), 20_000).catch(
    () => undefined,
  );
  assert.equal(pidsWith(word).length, 10);
  const pods = await cluster.pods("-l", "app=ten");
  assert.equal(pods.length, 10);
  await cluster.orchctl(["delete", "deployment", "ten", "--timeout", "30s"]);
  let leaks: readonly string[] = [];
  await eventually("a clean node", () => {
    leaks = difference(before, auditNodes(cluster.name));
    return leaks.length === 0 ? true : undefined;
  }).catch(() => assert.deepEqual(leaks, []));
});
