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

test("a pod's containers: the content that runs, probes, where values come from, never the values of secrets", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  const text = describeObject(
    {
      ...{ apiVersion: "v1", kind: "Pod", metadata },
      spec: {
        nodeName: "node-1",
        nodeSelector: { disk: "ssd" },
        tolerations: [{ key: "gpu", effect: "NoExecute", tolerationSeconds: 60 }],
        volumes: [{ name: "conf", configMap: { name: "settings" } }],
        containers: [
          {
            ...{ name: "web", image: "nginx:1", command: ["sh", "-c", "echo hi; exec nginx"] },
            ports: [{ name: "http", containerPort: 80 }],
            env: [
              { name: "A", value: "b" },
              { name: "PW", valueFrom: { secretKeyRef: { name: "db", key: "password" } } },
            ],
            resources: { requests: { cpu: "100m" }, limits: { memory: "64Mi" } },
            volumeMounts: [{ name: "conf", mountPath: "/etc/app", readOnly: true }],
            livenessProbe: { httpGet: { port: 80, path: "/healthz" }, initialDelaySeconds: 5 },
          },
        ],
      },
      status: {
        phase: "Pending",
        conditions: [{ type: "PodScheduled", status: "True", lastTransitionTime: "2026-01-01T00:08:00Z" }],
        containerStatuses: [
          {
            ...{ name: "web", ready: false, restartCount: 0, image: "nginx:1", imageID: `nginx@${digest}` },
            state: { waiting: { reason: "ImagePullBackOff", message: "registry.example does not answer" } },
            lastState: {
              terminated: { exitCode: 137, startedAt: "2026-01-01T00:00:00Z", finishedAt: "2026-01-01T00:05:00Z" },
            },
          },
        ],
      },
    } as unknown as KubeObject,
    nowMs,
  );
  for (const pattern of [
    /Status: +ImagePullBackOff \(Pending\)/,
    /Why pending: +web is waiting: ImagePullBackOff: registry\.example does not answer/,
    new RegExp(`Content: +nginx@${digest}`),
    /Command: +sh -c "echo hi; exec nginx"/,
    /Ports: +http 80\/TCP/,
    /Environment: +A=b, PW from secret db\[password\]/,
    /Mounts: +\/etc\/app from conf \(read-only\)/,
    /Liveness: +HTTP GET :80\/healthz every 10 s from 5 s on, 1 s to answer, 3 failures in a row count/,
    /Last exit: +code 137 \(killed\), 5m ago, after 5m/,
    /Volumes: +conf: configmap settings/,
    /Only nodes with: +disk=ssd/,
    /Tolerations: +gpu:NoExecute for 60 s/,
    /PodScheduled=True for 2m/,
  ])
    assert.match(text, pattern);
});

test("a deployment says how far it is, by which revisions; a namespace what stands in it", () => {
  const template = { metadata: { labels: { app: "x" } }, spec: { containers: [{ name: "web", image: "nginx:1" }] } };
  const spec = { replicas: 3, paused: true, selector: { matchLabels: { app: "x" } }, template };
  const deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { ...metadata, uid: "u", generation: 2 },
    spec,
  };
  const digest = `sha256:${"b".repeat(64)}`;
  const set = (name: string, revision: string, replicas: number): KubeObject => ({
    ...{
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      spec: { ...spec, replicas },
      status: { replicas, readyReplicas: 1 },
    },
    metadata: {
      name,
      uid: name,
      annotations: {
        "deployment.kubernetes.io/revision": revision,
        "orch/image-digests": JSON.stringify({ "nginx:1": digest }),
      },
      ownerReferences: [{ apiVersion: "apps/v1", kind: "Deployment", name: "x", uid: "u", controller: true }],
    },
  });
  const status = { updatedReplicas: 2, availableReplicas: 1, unavailableReplicas: 2, observedGeneration: 1 };
  const sets = [set("x-old", "9", 1), set("x-new", "10", 2), set("x-gone", "8", 0)];
  const message = "0/2 nodes are available: 2 insufficient cpu";
  const pod = {
    ...{ apiVersion: "v1", kind: "Pod", spec: template.spec },
    metadata: {
      name: "x-new-1",
      ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "x-new", uid: "x-new", controller: true }],
    },
    status: { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", message }] },
  };
  const dependents = [...sets, pod as unknown as KubeObject];
  const text = describeObject({ ...deployment, status } as KubeObject, nowMs, { dependents });
  assert.match(text, /Replicas: +3 wanted, 2 of the newest template, 1 available, 2 not/);
  assert.match(text, /Paused: +yes/);
  assert.match(text, /Behind: +the newest change has not been taken up yet/);
  assert.match(text, /ReplicaSets: +x-new \(revision 10\): 1 of 2 ready\n +x-old \(revision 9\)/);
  assert.match(text, /Not ready: +x-new-1: Pending: 0\/2 nodes are available: 2 insufficient cpu/);
  assert.match(text, new RegExp(`Container web: +nginx:1@${digest}`));
  assert.doesNotMatch(text, /x-gone|orch\/image-digests/);
  const space = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" }, status: { phase: "Active" } };
  assert.match(describeObject(space, nowMs, { counts: new Map([["pods", 3]]) }), /Status: +Active\nHolds: +3 pods/);
});
