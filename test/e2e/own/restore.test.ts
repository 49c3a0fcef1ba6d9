/** The control plane's machine is lost: a backup, restored in its place, takes the running containers over as they are. */
import assert from "node:assert/strict";
import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { clusterPaths } from "#deploy/local-cluster/names.ts";
import { readLivePid } from "#deploy/local-cluster/process.ts";
import { auditHost } from "../support/audit.ts";
import { TestCluster } from "../support/cluster.ts";
import { processesWith } from "../support/containers.ts";
import { deployment } from "../support/manifests.ts";
import { eventually } from "../support/programs.ts";
import { difference } from "../support/shared-cluster.ts";

const cluster = new TestCluster("restored");
const paths = clusterPaths(cluster.name);
const lost = `${paths.controlPlaneData}.lost`;
let clean: readonly string[] = [];

before(
  async () => {
    clean = auditHost(cluster.name);
    await cluster.up(2);
    await cluster.loadExampleImage();
  },
  { timeout: 240_000 },
);

after(
  async () => {
    rmSync(lost, { recursive: true, force: true });
    await cluster.down();
    assert.deepEqual(difference(clean, auditHost(cluster.name)), [], "the cluster left something behind");
  },
  { timeout: 120_000 },
);

const word = String(81_000 + (process.pid % 1000));
const later = String(83_000 + (process.pid % 1000));
const identities = (of: string): readonly string[] =>
  processesWith(of)
    .map(({ pid, startTime }) => `${pid}@${startTime}`)
    .sort();

test("nodes come back to a restored control plane, and their pods are the same processes", {
  timeout: 300_000,
}, async () => {
  await cluster.apply(deployment({ name: "kept", replicas: 3, command: `exec sleep ${word}` }), "--wait");
  const file = cluster.file("state", "").replace(/state$/, "backup.orch");
  await cluster.orchctl(["cluster", "backup", file]);
  await cluster.apply(deployment({ name: "later", replicas: 1, command: `exec sleep ${later}` }), "--wait");
  const before = identities(word);
  assert.equal(before.length, 3);

  const supervisor = readLivePid(paths.supervisorPid) ?? assert.fail("no supervisor");
  process.kill(supervisor, "SIGSTOP");
  try {
    const pid = cluster.controlPlanePid();
    process.kill(pid, "SIGTERM");
    await eventually(
      "its end",
      () => (readLivePid(join(paths.run, "control-plane.pid")) === undefined ? true : undefined),
      60_000,
    );
    renameSync(paths.controlPlaneData, lost);
    const restored = await cluster.orchctl(["cluster", "restore", file, "--data-dir", paths.controlPlaneData], {
      timeoutMs: 90_000,
    });
    assert.match(restored, /Restored \d+ keys of cluster "restored"/);
  } finally {
    process.kill(supervisor, "SIGCONT");
  }
  await cluster.waitReady(2, 90_000);
  await eventually(
    "what was made after the backup stops",
    () => (processesWith(later).length === 0 ? true : undefined),
    90_000,
  );
  assert.deepEqual(identities(word), before, "same pids, same start");
  const pods = await cluster.pods("-l", "app=kept");
  assert.deepEqual([...new Set(pods.map(({ status }) => status?.phase))], ["Running"]);
  assert.deepEqual(
    pods.map(({ status }) => status?.containerStatuses?.[0]?.restartCount),
    [0, 0, 0],
  );
  assert.equal((await cluster.run(["get", "deployment", "later"])).code, 3);
});
