import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeObject } from "#proto/resources/object.ts";
import { describeObject } from "./describe-object.ts";

const nowMs = Date.parse("2026-01-01T00:10:00Z");
const metadata = { name: "x", namespace: "shop", creationTimestamp: "2026-01-01T00:00:00Z" };

test("a pod's story: where it runs, what each container does, why it ended, why it waits", () => {
  const text = describeObject(
    {
      ...{ apiVersion: "v1", kind: "Pod", metadata },
      spec: {
        nodeName: "node-1",
        initContainers: [{ name: "prepare", image: "i" }],
        containers: [{ name: "web", image: "nginx" }],
      },
      status: {
        phase: "Running",
        podIP: "10.128.0.7",
        initContainerStatuses: [{ name: "prepare", state: { terminated: { exitCode: 0, reason: "Completed" } } }],
        containerStatuses: [
          {
            ...{ name: "web", ready: false, restartCount: 3 },
            state: { waiting: { reason: "CrashLoopBackOff", message: "again in 10 s" } },
            lastState: { terminated: { exitCode: 137, reason: "OOMKilled", finishedAt: "2026-01-01T00:09:00Z" } },
          },
        ],
        conditions: [{ type: "Ready", status: "False", reason: "ContainersNotReady", message: "\u001b[2Jweb" }],
      },
    } as unknown as KubeObject,
    nowMs,
  );
  assert.match(text, /Age: +10m /);
  assert.match(text, /Node: +node-1/);
  assert.match(text, /Init container prepare: +i/);
  assert.match(text, /State: +waiting: CrashLoopBackOff: again in 10 s/);
  assert.match(text, /Ready: +no, 3 restarts/);
  assert.match(text, /Last exit: +code 137, OOMKilled/);
  assert.match(text, /Ready=False \(ContainersNotReady\): \\x1b\[2Jweb/);
});

test("a secret shows sizes, never values, and not kubectl's copy of the manifest", () => {
  const text = describeObject(
    {
      ...{ apiVersion: "v1", kind: "Secret", type: "Opaque" },
      metadata: {
        ...metadata,
        annotations: { "kubectl.kubernetes.io/last-applied-configuration": '{"stringData":"hunter2"}' },
      },
      data: { password: Buffer.from("hunter2").toString("base64") },
    },
    nowMs,
  );
  assert.match(text, /password: 7 bytes/);
  assert.doesNotMatch(text, /hunter2|aHVudGVyMg/);
});

test("a node says what it has and whether it takes pods", () => {
  const text = describeObject(
    {
      ...{ apiVersion: "v1", kind: "Node", metadata: { name: "node-1" } },
      spec: {
        unschedulable: true,
        podCIDR: "10.128.0.0/24",
        taints: [{ key: "gpu", value: "yes", effect: "NoSchedule" }],
      },
      status: { capacity: { cpu: "2", memory: "4Gi" }, addresses: [{ type: "InternalIP", address: "10.0.0.1" }] },
    } as unknown as KubeObject,
    nowMs,
  );
  assert.match(text, /New pods: +no: it is cordoned/);
  assert.match(text, /Taints: +gpu=yes:NoSchedule/);
  assert.match(text, /Capacity: +cpu 2, memory 4Gi/);
});
