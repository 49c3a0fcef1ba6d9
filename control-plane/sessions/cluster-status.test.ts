import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { seededRandom } from "#proto/kit/random.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { dayMs, validity } from "../identity/certificate-authority.ts";
import { makeAuthority } from "../identity/certificate-maker.ts";
import { type ClusterFacts, clusterStatus } from "./cluster-status.ts";

const node = (name: string, ready: "True" | "Unknown", version = "1.0.0"): KubeObject => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name },
  status: {
    conditions: [{ type: "Ready", status: ready, ...(ready === "Unknown" && { message: "no heartbeat for 8 s" }) }],
    addresses: [{ type: "InternalIP", address: "10.0.0.1" }],
    nodeInfo: { kubeletVersion: version },
  },
});
const pod = (name: string, fields: Partial<KubeObject>): KubeObject => {
  return { apiVersion: "v1", kind: "Pod", ...fields, metadata: { name, ...fields.metadata } };
};

async function statusOf(nodes: KubeObject[], pods: KubeObject[], facts: Partial<ClusterFacts> = {}) {
  const material = await makeAuthority("t", "orch", validity(new ManualClock(), seededRandom(1), dayMs));
  const cache = { list: (resource: string) => (resource === "nodes" ? nodes : pods), byIndex: () => pods };
  const plane = { name: "cp", address: "a:1", version: "1.0.0", leader: true, startedAt: "" };
  return clusterStatus(
    {
      cluster: "local",
      version: "1.0.0",
      controlPlanes: [plane],
      store: { kind: "embedded", endpoints: [], healthy: true },
      authorityPem: material.certificatePem,
      isConnected: () => true,
      ...facts,
    },
    cache,
  );
}

test("a healthy cluster has no warnings; pods are counted by phase", async () => {
  const gone = { metadata: { name: "c", deletionTimestamp: "2026-01-01T00:00:00Z" }, status: { phase: "Running" } };
  const pods = [pod("a", { status: { phase: "Running" } }), pod("b", {}), pod("c", gone)];
  const status = await statusOf([node("n1", "True")], pods);
  assert.deepEqual(status.warnings, []);
  assert.deepEqual(status.pods, { Running: 1, Pending: 1, Terminating: 1 });
  assert.deepEqual(status.nodes, [
    { name: "n1", ready: true, unschedulable: false, version: "1.0.0", pods: 3, address: "10.0.0.1" },
  ]);
  assert.equal(status.authority?.fingerprint.length, 43);
});

test("what is wrong is told in sentences that say what to do", async () => {
  const { warnings } = await statusOf([node("n1", "Unknown"), node("n2", "True", "0.9.0")], [], {
    controlPlanes: [],
    store: {
      kind: "external",
      endpoints: [],
      healthy: false,
      message: "deadline exceeded",
      sizeBytes: 9,
      quotaBytes: 10,
    },
  });
  const text = warnings.join("\n");
  for (const part of [
    /deadline exceeded/,
    /90 % of its quota/,
    /No control plane leads/,
    /n1 is not ready: no heartbeat/,
    /n2 runs version 0.9.0/,
  ]) {
    assert.match(text, part);
  }
  assert.match((await statusOf([], [])).warnings.join(), /No node has joined yet/);
});
