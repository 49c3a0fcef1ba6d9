/**
 * A node that stays away: by default settings its pods leave the API five minutes after it was lost. Stands here and not with
 * the end-to-end tests because it waits, and other files run meanwhile.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Pod } from "#proto/resources/pod.ts";
import { auditHost } from "../../e2e/support/audit.ts";
import { TestCluster } from "../../e2e/support/cluster.ts";
import { deployment } from "../../e2e/support/manifests.ts";
import { eventually } from "../../e2e/support/programs.ts";
import { difference } from "../../e2e/support/shared-cluster.ts";

const cluster = new TestCluster("gone");
let clean: readonly string[] = [];

before(
  async () => {
    clean = auditHost(cluster.name);
    await cluster.up(2);
    await cluster.loadExampleImage();
  },
  { timeout: 120_000 },
);

after(
  async () => {
    await cluster.down();
    assert.deepEqual(difference(clean, auditHost(cluster.name)), [], "the cluster left something behind");
  },
  { timeout: 60_000 },
);

test("pods of a node gone for 5 minutes leave the API, and no sooner", { timeout: 420_000 }, async () => {
  await cluster.apply(deployment({ name: "away", replicas: 2, command: "exec sleep 86000" }), "--wait");
  const onLost = async (): Promise<readonly Pod[]> =>
    (await cluster.pods("-l", "app=away")).filter((pod) => pod.spec.nodeName === "node-2");
  assert.equal((await onLost()).length, 1, "spread over both nodes");
  const lostAtMs = performance.now();
  await cluster.stopNode("node-2", "power-off");
  await eventually("a replacement", async () => {
    const here = (await cluster.pods("-l", "app=away")).filter((pod) => pod.spec.nodeName === "node-1");
    return here.length === 2 && here.every((pod) => pod.status?.phase === "Running") ? true : undefined;
  });
  await eventually("its pods have left", async () => ((await onLost()).length === 0 ? true : undefined), 360_000);
  const tookMs = performance.now() - lostAtMs;
  assert.ok(tookMs >= 295_000, `they left already after ${Math.round(tookMs / 1000)} s`);
  assert.equal((await cluster.pods("-l", "app=away")).length, 2);
});
