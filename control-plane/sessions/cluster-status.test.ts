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
      massLossShare: 0.55,
      slowEvictionIntervalMs: 30_000,
      nowMs: Date.UTC(2026, 0, 1),
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

const minutesAgo = (count: number): string => new Date(Date.UTC(2026, 0, 1) - count * 60_000).toISOString();

test("a store that is full says what still works, and what gives it space again", async () => {
  for (const [kind, then] of [
    ["embedded", /comes back within seconds/],
    ["external", /defragment it and disarm its NOSPACE alarm/],
  ] as const) {
    const store = { kind, endpoints: [], healthy: true, isFull: true, sizeBytes: 10, quotaBytes: 10 };
    const { warnings } = await statusOf([node("n1", "True")], [], { store });
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /etcd is full and takes no writes but deletions: delete what is not needed/);
    assert.match(warnings[0] ?? "", then);
  }
});

test("pods that do not run are gathered by reason, the most frequent first, each with an example and what to do", async () => {
  const waiting = (name: string, reason: string, message: string): KubeObject =>
    pod(name, {
      metadata: { name, namespace: "shop" },
      status: {
        phase: "Pending",
        containerStatuses: [
          { name: "web", state: { waiting: { reason, message } }, lastState: { terminated: { exitCode: 3 } } },
        ],
      },
    });
  const unplaced = pod("big", {
    metadata: { name: "big", namespace: "shop" },
    status: { conditions: [{ type: "PodScheduled", status: "False", message: "0/2 nodes are available" }] },
  });
  const held = pod("held", {
    metadata: { name: "held", namespace: "shop", deletionTimestamp: minutesAgo(2), finalizers: ["example.com/x"] },
  });
  const starting = pod("new", {
    metadata: { name: "new", creationTimestamp: minutesAgo(0.1) },
    status: { phase: "Pending" },
  });
  const stopping = pod("old", { metadata: { name: "old", deletionTimestamp: minutesAgo(0.1) } });
  const done = pod("done", { status: { phase: "Succeeded" } });
  const pods = [
    unplaced,
    waiting("a", "CrashLoopBackOff", "back-off 10s"),
    waiting("b", "CrashLoopBackOff", "back-off 20s"),
    ...[held, starting, stopping, done, waiting("c", "ContainerCreating", "")],
  ];
  const status = await statusOf([node("n1", "True")], pods);
  assert.deepEqual(
    status.podTroubles.map(({ reason, count, example }) => `${count} ${reason} ${example}`),
    ["2 CrashLoopBackOff shop/a", "1 Terminating shop/held", "1 Unschedulable shop/big"],
  );
  assert.deepEqual(status.warnings, [
    "2 pods, as shop/a: CrashLoopBackOff: container web ended with 3; back-off 10s (orchctl describe pod a -n shop).",
    "Pod shop/held: Terminating: its finalizers hold it (example.com/x) (orchctl describe pod held -n shop).",
    "Pod shop/big: Unschedulable: 0/2 nodes are available (orchctl describe pod big -n shop).",
  ]);
});

test("a node that is ready but has a condition it should not have is named, with what to do", async () => {
  const ill = node("n1", "True");
  const more = { type: "DiskPressure", status: "True", message: "900 MiB left" };
  const conditions = [...((ill.status as { conditions: object[] }).conditions ?? []), more];
  const status = await statusOf([{ ...ill, status: { ...(ill.status as object), conditions } }], []);
  assert.deepEqual(status.nodes[0]?.troubles, ["DiskPressure"]);
  assert.match(status.warnings.join(), /Node n1: DiskPressure: 900 MiB left; free space, or remove images/);
});

test("when most nodes are lost the network is named first, and that eviction is slowed down", async () => {
  const nodes = [node("n1", "Unknown"), node("n2", "Unknown"), node("n3", "True")];
  const { warnings } = await statusOf(nodes, []);
  assert.match(
    warnings[0] ?? "",
    /^2 of 3 nodes are not heard of.*one node's pods are replaced every 30 s.*check the network/,
  );
});
