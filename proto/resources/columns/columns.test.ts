import assert from "node:assert/strict";
import { test } from "node:test";
import { findEntry } from "../catalog.ts";
import type { KubeObject } from "../object.ts";

const nowMs = Date.UTC(2026, 0, 1, 1);
const hourAgo = "2026-01-01T00:00:00Z";

/** The row as a table shows it: NAME=value, wide columns too. */
function row(object: KubeObject): Record<string, string> {
  const entry = findEntry({ apiVersion: object.apiVersion, kind: object.kind });
  assert.ok(entry);
  return Object.fromEntries(entry.columns.map((column) => [column.name, column.value(object, nowMs)]));
}

const pod = (status: object, metadata: object = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p", creationTimestamp: hourAgo, ...metadata },
  spec: { containers: [{ name: "a" }, { name: "b" }], nodeName: "node-1" },
  status,
});
const running = { ready: true, restartCount: 0, state: { running: {} } };
const waiting = (reason: string) => ({ ready: false, restartCount: 2, state: { waiting: { reason } } });
const ended = (terminated: object) => ({ ready: false, restartCount: 0, state: { terminated } });

test("a pod's STATUS says in a word what ails it", () => {
  const deleted = { deletionTimestamp: hourAgo };
  const table: readonly (readonly [string, KubeObject])[] = [
    ["Pending", pod({ phase: "Pending" })],
    ["Unknown", pod({})],
    ["Running", pod({ phase: "Running", containerStatuses: [running, running] })],
    ["CrashLoopBackOff", pod({ phase: "Running", containerStatuses: [running, waiting("CrashLoopBackOff")] })],
    ["ImagePullBackOff", pod({ phase: "Pending", containerStatuses: [waiting("ImagePullBackOff"), running] })],
    ["OOMKilled", pod({ phase: "Failed", containerStatuses: [ended({ reason: "OOMKilled", exitCode: 137 })] })],
    ["ExitCode:3", pod({ phase: "Failed", containerStatuses: [ended({ exitCode: 3 })] })],
    ["Signal:9", pod({ phase: "Failed", containerStatuses: [ended({ exitCode: 137, signal: 9 })] })],
    ["NotReady", pod({ phase: "Running", containerStatuses: [ended({ reason: "Completed", exitCode: 0 }), running] })],
    ["Evicted", pod({ phase: "Failed", reason: "Evicted" })],
    ["Terminating", pod({ phase: "Running", containerStatuses: [running] }, deleted)],
    ["Unknown", pod({ phase: "Running", reason: "NodeLost" }, deleted)],
    ["Evicted", pod({ phase: "Failed", reason: "Evicted" })],
    ["Evicted", pod({ phase: "Failed", reason: "Evicted" }, deleted)],
    [
      "Completed",
      pod({ phase: "Succeeded", containerStatuses: [ended({ reason: "Completed", exitCode: 0 })] }, deleted),
    ],
  ];
  for (const [expected, object] of table) assert.equal(row(object).STATUS, expected, JSON.stringify(object.status));
});

test("a pod that is not initialized says how far it is, and sidecars count as containers", () => {
  const withInit = (initContainerStatuses: readonly object[], status: object = {}): KubeObject => ({
    ...pod({ phase: "Pending", initContainerStatuses, ...status }),
    spec: {
      containers: [{ name: "a" }],
      initContainers: [{ name: "copy" }, { name: "proxy", restartPolicy: "Always" }],
    },
  });
  const copied = { name: "copy", ...ended({ exitCode: 0, reason: "Completed" }) };
  const proxy = { name: "proxy", ...running, started: true };
  const table: readonly (readonly [string, string, KubeObject])[] = [
    ["Init:0/2", "0/2", withInit([{ name: "copy", ready: false, restartCount: 0, state: { running: {} } }])],
    ["Init:ErrImagePull", "0/2", withInit([{ name: "copy", ...waiting("ErrImagePull") }])],
    ["Init:ExitCode:7", "0/2", withInit([{ name: "copy", ...ended({ exitCode: 7 }) }])],
    ["Init:1/2", "0/2", withInit([copied, { name: "proxy", ...waiting("PodInitializing") }])],
    [
      "Running",
      "2/2",
      withInit([copied, proxy], {
        phase: "Running",
        conditions: [{ type: "Initialized", status: "True" }],
        containerStatuses: [{ name: "a", ...running }],
      }),
    ],
  ];
  for (const [text, ready, object] of table) assert.deepEqual([row(object).STATUS, row(object).READY], [text, ready]);
});

test("the pod table is kubectl's", () => {
  const lastState = { terminated: { exitCode: 1, finishedAt: "2026-01-01T00:55:00Z" } };
  const object = pod({
    phase: "Running",
    podIP: "10.0.0.5",
    containerStatuses: [{ ...running, restartCount: 3, lastState }, waiting("x")],
  });
  assert.deepEqual(row(object), {
    NAME: "p",
    READY: "1/2",
    STATUS: "x",
    RESTARTS: "5 (5m ago)",
    AGE: "60m",
    IP: "10.0.0.5",
    NODE: "node-1",
    "NOMINATED NODE": "<none>",
    "READINESS GATES": "<none>",
    IMAGES: ",",
  });
});

test("a pod shows the digest beside the tag of what it runs", () => {
  const imageID = `web@sha256:0123456789ab${"c".repeat(52)}`;
  const ran = pod({ phase: "Running", containerStatuses: [{ ...running, name: "a", imageID }] });
  const containers = [
    { name: "a", image: "web:1" },
    { name: "b", image: "y:2" },
  ];
  assert.equal(row({ ...ran, spec: { containers } }).IMAGES, "web:1@sha256:0123456789ab,y:2");
});

test("tables of workloads count pods", () => {
  const spec = {
    replicas: 3,
    selector: { matchLabels: { app: "web" } },
    template: {
      spec: {
        containers: [
          { name: "a", image: "i:1" },
          { name: "b", image: "j:2" },
        ],
      },
    },
  };
  const metadata = { name: "web", creationTimestamp: hourAgo };
  const wide = { CONTAINERS: "a,b", IMAGES: "i:1,j:2", SELECTOR: "app=web" };
  const status = { replicas: 3, readyReplicas: 2, updatedReplicas: 1, availableReplicas: 2 };
  assert.deepEqual(row({ apiVersion: "apps/v1", kind: "Deployment", metadata, spec, status }), {
    NAME: "web",
    READY: "2/3",
    "UP-TO-DATE": "1",
    AVAILABLE: "2",
    AGE: "60m",
    ...wide,
  });
  assert.deepEqual(row({ apiVersion: "apps/v1", kind: "ReplicaSet", metadata, spec, status }), {
    NAME: "web",
    DESIRED: "3",
    CURRENT: "3",
    READY: "2",
    AGE: "60m",
    ...wide,
  });
});

test("the node table tells readiness, roles and versions", () => {
  const node: KubeObject = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "n", creationTimestamp: hourAgo, labels: { "node-role.kubernetes.io/worker": "" } },
    spec: { unschedulable: true },
    status: {
      conditions: [{ type: "Ready", status: "Unknown" }],
      addresses: [{ type: "InternalIP", address: "192.0.2.1" }],
      nodeInfo: { kubeletVersion: "0.1.0", kernelVersion: "6.18" },
    },
  };
  const shown = row(node);
  assert.equal(shown.STATUS, "NotReady,SchedulingDisabled");
  assert.equal(shown.ROLES, "worker");
  assert.equal(shown.VERSION, "0.1.0");
  assert.equal(shown["INTERNAL-IP"], "192.0.2.1");
  assert.equal(shown["EXTERNAL-IP"], "<none>");
  assert.equal(shown["OS-IMAGE"], "<unknown>");
});

test("the other tables", () => {
  const metadata = { name: "x", creationTimestamp: hourAgo };
  assert.equal(
    row({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { a: "1" }, binaryData: { b: "" } }).DATA,
    "2",
  );
  assert.deepEqual(row({ apiVersion: "v1", kind: "Secret", metadata, type: "Opaque", data: { a: "" } }), {
    NAME: "x",
    TYPE: "Opaque",
    DATA: "1",
    AGE: "60m",
  });
  assert.equal(row({ apiVersion: "v1", kind: "Namespace", metadata }).STATUS, "Active");
  const event = row({
    apiVersion: "v1",
    kind: "Event",
    metadata,
    involvedObject: { kind: "Pod", name: "p" },
    type: "Warning",
    reason: "BackOff",
    message: " again\n",
    count: 4,
    firstTimestamp: hourAgo,
    lastTimestamp: "2026-01-01T00:59:30Z",
    source: { component: "agent", host: "node-1" },
  });
  assert.deepEqual(event, {
    "LAST SEEN": "30s",
    TYPE: "Warning",
    REASON: "BackOff",
    OBJECT: "pod/p",
    SUBOBJECT: "<none>",
    SOURCE: "agent, node-1",
    MESSAGE: "again",
    "FIRST SEEN": "60m",
    COUNT: "4",
    NAME: "x",
  });
});

test("an object with nothing but a name still has a row", () => {
  const bare = {
    metadata: { name: "x" },
    spec: { containers: [], template: { spec: { containers: [] } } },
    involvedObject: {},
  };
  for (const kind of ["Pod", "Deployment", "Node", "Event", "Secret"]) {
    const apiVersion = kind === "Deployment" ? "apps/v1" : "v1";
    assert.ok(Object.values(row({ ...bare, apiVersion, kind })).includes("x"), kind);
  }
});
