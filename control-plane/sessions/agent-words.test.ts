import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { PodStatus } from "#proto/resources/pod/status.ts";
import { type EventSink, recordAgentEvents } from "./agent-events.ts";
import { assertServable } from "./agent-version.ts";
import { ClockSkew } from "./clock-skew.ts";
import { allowedLabels, mergeNodeStatus, refreshedLabels } from "./node-status.ts";
import { mergePodStatus } from "./pod-status.ts";

const atMs = Date.UTC(2026, 0, 1);

test("an agent of the same or one minor version older is served, any other is told what to upgrade", () => {
  for (const version of ["1.4.0", "1.4.9-rc.1", "1.3.7", "v1.4.0"]) assertServable(version, "1.4.2");
  const hintFor = (agent: string): string => {
    try {
      assertServable(agent, "1.4.2");
      return "served";
    } catch (thrown) {
      return Problem.from(thrown).hint ?? "";
    }
  };
  assert.match(hintFor("1.5.0"), /Upgrade the control plane/);
  assert.match(hintFor("2.0.0"), /Upgrade the control plane/);
  assert.match(hintFor("1.2.0"), /Upgrade this agent to 1.4/);
  assert.match(hintFor("nonsense"), /Install/);
});

test("a clock counts as wrong after three heartbeats in a row, and as right again likewise", () => {
  const skew = new ClockSkew();
  const seen = [5000, 10, 5000, 5000, 5000, 5000, 10, 10, 10, 10].map((each) => skew.observe(each));
  assert.deepEqual(seen, [
    undefined,
    undefined,
    undefined,
    undefined,
    5000,
    undefined,
    undefined,
    undefined,
    "agrees",
    undefined,
  ]);
});

test("a pod's conditions keep their transition until the status turns, by our clock, and others' stay theirs", () => {
  const scheduled = { type: "PodScheduled", status: "True" as const };
  const ready = { type: "Ready", status: "False" as const, lastTransitionTime: "2020-01-01T00:00:00Z" };
  const current: PodStatus = { phase: "Pending", conditions: [scheduled, ready], qosClass: "Burstable" };
  const same = mergePodStatus(current, { phase: "Running", conditions: [{ type: "Ready", status: "False" }] }, atMs);
  assert.equal(same.conditions?.find(({ type }) => type === "Ready")?.lastTransitionTime, "2020-01-01T00:00:00Z");
  const reported = { type: "Ready", status: "True" as const, lastTransitionTime: "2040-01-01T00:00:00Z" };
  const liar = { type: "PodScheduled", status: "False" as const };
  const turned = mergePodStatus(current, { phase: "Running", conditions: [reported, liar] }, atMs);
  assert.equal(turned.conditions?.find(({ type }) => type === "Ready")?.lastTransitionTime, "2026-01-01T00:00:00Z");
  assert.equal(turned.conditions?.find(({ type }) => type === "PodScheduled")?.status, "True");
  assert.equal(turned.qosClass, "Burstable");
});

test("a pod that is over stays over, whatever its agent says", () => {
  const current: PodStatus = { phase: "Failed", reason: "NodeLost", message: "gone" };
  const merged = mergePodStatus(current, { phase: "Running" }, atMs);
  assert.deepEqual([merged.phase, merged.reason, merged.message], ["Failed", "NodeLost", "gone"]);
});

test("a node may not judge itself, and its heartbeat times cause no writes", () => {
  const current = { conditions: [{ type: "Ready", status: "True" as const }] };
  const said = {
    conditions: [
      { type: "Ready", status: "False" as const },
      { type: "DiskPressure", status: "False" as const, lastHeartbeatTime: "2026-01-01T00:00:00Z" },
    ],
  };
  const merged = mergeNodeStatus(current, said, atMs);
  assert.deepEqual(
    merged.conditions?.map(({ type, status }) => `${type}=${status}`),
    ["Ready=True", "DiskPressure=False"],
  );
  assert.ok(!JSON.stringify(merged).includes("lastHeartbeatTime"));
  assert.deepEqual(
    mergeNodeStatus(merged, { conditions: [] }, atMs).conditions?.map(({ type }) => type),
    ["Ready"],
  );
});

test("a node labels itself with facts and plain names, not with names that others trust", () => {
  const said = {
    "kubernetes.io/arch": "amd64",
    "kubernetes.io/hostname": "somebody-else",
    "node-role.kubernetes.io/control-plane": "",
    "node-restriction.kubernetes.io/pci": "yes",
    rack: "r1",
    "bad key": "x",
  };
  assert.deepEqual(allowedLabels("n1", said), {
    "kubernetes.io/arch": "amd64",
    "kubernetes.io/hostname": "n1",
    rack: "r1",
  });
  const people = { rack: "r2", "node-role.kubernetes.io/web": "", "kubernetes.io/arch": "arm64" };
  assert.deepEqual(refreshedLabels("n1", people, said), {
    rack: "r2",
    "node-role.kubernetes.io/web": "",
    "kubernetes.io/arch": "amd64",
    "kubernetes.io/hostname": "n1",
  });
});

test("an agent reports events about its own pods and itself only", () => {
  const object = (kind: string, name: string, spec = {}): KubeObject => {
    return { apiVersion: "v1", kind, metadata: { name, namespace: "default", uid: `uid-${name}` }, spec };
  };
  const objects = [
    object("Pod", "mine", { nodeName: "n1" }),
    object("Pod", "theirs", { nodeName: "n2" }),
    object("Node", "n1"),
  ];
  const cache = {
    get: (_resource: string, _namespace: string, name: string) => objects.find((each) => each.metadata.name === name),
  };
  const seen: string[] = [];
  const sink: EventSink = {
    record: (event) => void seen.push(`${event.type} ${event.reason} ${event.regarding.metadata.name}`),
  };
  const event = (kind: string, name: string, more = {}) =>
    Buffer.from(JSON.stringify({ involvedObject: { kind, namespace: "default", name }, reason: "Started", ...more }));
  recordAgentEvents(
    "n1",
    [
      event("Pod", "mine"),
      event("Pod", "theirs"),
      event("Node", "n1", { type: "Warning" }),
      event("Node", "n2"),
      event("Pod", "mine", { reason: "Spaces are not a reason" }),
      event("Pod", "mine", { involvedObject: { kind: "Pod", namespace: "default", name: "mine", uid: "another" } }),
      Buffer.from("{broken"),
    ],
    cache,
    sink,
  );
  assert.deepEqual(seen, ["Normal Started mine", "Warning Started n1"]);
});
