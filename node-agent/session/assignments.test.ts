import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "#proto/kit/logger.ts";
import { withImagePins } from "#proto/resources/image-pins.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod } from "#proto/resources/pod.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import { testPod } from "../reconciler/pod-builder.ts";
import { Assignments } from "./assignments.ts";

type Message = orch.v1.Assignments.$Properties;

const uid = (digit: number): string => `${digit}1111111-2222-4333-8444-555555555555`;

function assignedPod(pod: Pod): orch.v1.AssignedObject.$Properties {
  const { namespace = "default", name, uid: podUid = "" } = pod.metadata;
  return { reference: { resource: "pods", namespace, name, uid: podUid }, object: Buffer.from(JSON.stringify(pod)) };
}

function assignedObject(resource: string, name: string, data: Readonly<Record<string, string>>, objectUid = "u1") {
  const kind = resource === "secrets" ? "Secret" : "ConfigMap";
  const object: KubeObject = { apiVersion: "v1", kind, metadata: { name, namespace: "default" }, data };
  const reference = { resource, namespace: "default", name, uid: objectUid };
  return { reference, object: Buffer.from(JSON.stringify(object)) };
}

const complete = (resultsIn: number, ...upserts: orch.v1.AssignedObject.$Properties[]): Message => {
  return { complete: true, resultsIn, upserts };
};
const delta = (appliesTo: number, changes: Partial<Message>): Message => {
  return { complete: false, appliesTo, resultsIn: appliesTo + 1, ...changes };
};

const first = testPod({ uid: uid(1), name: "first" });
const second = testPod({ uid: uid(2), name: "second" });

test("until a whole set was seen, a pod that is not named is unknown; then it is unassigned", () => {
  const assignments = new Assignments(silentLogger);
  assert.equal(assignments.of(uid(1)).kind, "unknown");
  const change = assignments.apply(complete(1, assignedPod(second)));
  assert.equal(change?.isFirst, true);
  assert.equal(assignments.of(uid(1)).kind, "unassigned");
  assert.equal(assignments.of(uid(2)).kind, "assigned");
});

test("a whole set replaces all that was known and names what changed", () => {
  const assignments = new Assignments(silentLogger);
  assignments.apply(complete(1, assignedPod(first), assignedPod(second)));
  const change = assignments.apply(complete(2, assignedPod(second)));
  assert.deepEqual([...(change?.pods ?? [])], [uid(1)]);
  assert.equal(change?.isFirst, false);
  assert.deepEqual(assignments.uids(), [uid(2)]);
});

test("a delta applies only on what it was made for", () => {
  const assignments = new Assignments(silentLogger);
  assert.equal(assignments.apply(delta(0, { upserts: [assignedPod(first)] })), undefined);
  assignments.apply(complete(4));
  assert.equal(assignments.apply(delta(3, { upserts: [assignedPod(first)] })), undefined);
  assert.ok(assignments.apply(delta(4, { upserts: [assignedPod(first)] })));
  assert.equal(assignments.version, 5);
  const removal = { resource: "pods", namespace: "default", name: "first", uid: uid(1) };
  assert.deepEqual([...(assignments.apply(delta(5, { removals: [removal] }))?.pods ?? [])], [uid(1)]);
});

test("a new session starts with its own whole set; what is known stays in force until then", () => {
  const assignments = new Assignments(silentLogger);
  assignments.apply(complete(4, assignedPod(first)));
  assignments.beginSession();
  assert.equal(assignments.apply(delta(4, {})), undefined);
  assert.equal(assignments.of(uid(1)).kind, "assigned");
});

test("the echo of a status report, or of a write's bookkeeping, changes nothing", () => {
  const assignments = new Assignments(silentLogger);
  assignments.apply(complete(1, assignedPod(first)));
  const echo: Pod = {
    ...first,
    metadata: { ...first.metadata, resourceVersion: "99", managedFields: [] },
    status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
  };
  assert.equal(assignments.apply(delta(1, { upserts: [assignedPod(echo)] }))?.pods.size, 0);
  const deleted = { ...first, metadata: { ...first.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } };
  assert.equal(assignments.apply(delta(2, { upserts: [assignedPod(deleted)] }))?.pods.size, 1);
});

test("a changed ConfigMap or Secret names the pods that refer to it", () => {
  const assignments = new Assignments(silentLogger);
  const user = testPod({
    uid: uid(1),
    containers: [{ envFrom: [{ configMapRef: { name: "settings" } }] }],
    spec: { volumes: [{ name: "keys", secret: { secretName: "keys" } }] },
  });
  assignments.apply(complete(1, assignedPod(user), assignedPod(second)));
  const one = assignments.apply(delta(1, { upserts: [assignedObject("configmaps", "settings", { A: "1" })] }));
  assert.deepEqual([...(one?.objectsOf ?? [])], [uid(1)]);
  const same = assignments.apply(delta(2, { upserts: [assignedObject("configmaps", "settings", { A: "1" })] }));
  assert.equal(same?.objectsOf.size, 0);
  const two = assignments.apply(delta(3, { upserts: [assignedObject("secrets", "keys", { B: "Mg==" })] }));
  assert.deepEqual([...(two?.objectsOf ?? [])], [uid(1)]);
  assert.equal(assignments.objectsFor("other").secret("keys"), undefined);
});

test("an object that was made anew under its name survives the removal of the old one", () => {
  const assignments = new Assignments(silentLogger);
  assignments.apply(complete(1, assignedObject("configmaps", "settings", { A: "1" }, "old")));
  const renewed = assignedObject("configmaps", "settings", { A: "2" }, "new");
  const removals = [{ resource: "configmaps", namespace: "default", name: "settings", uid: "old" }];
  assignments.apply(delta(1, { upserts: [renewed], removals }));
  assert.deepEqual(assignments.objectsFor("default").configMap("settings")?.data, { A: "2" });
});

test("an object that cannot be read spoils no other", () => {
  const assignments = new Assignments(silentLogger);
  const broken = { reference: { resource: "pods", uid: uid(3) }, object: Buffer.from("{") };
  assignments.apply(complete(1, broken, assignedPod(first)));
  assert.deepEqual(assignments.uids(), [uid(1)]);
});

test("a Registry, or a Secret of one, concerns every pod: any may be waiting for its image", () => {
  const assignments = new Assignments(silentLogger);
  assignments.apply(complete(1, assignedPod(first)));
  const reference = { resource: "registries.orch", namespace: "", name: "r", uid: "u" };
  const object = { apiVersion: "orch/v1", kind: "Registry", metadata: { name: "r" }, spec: { hosts: ["r.example"] } };
  const registry = { reference, object: Buffer.from(JSON.stringify(object)) };
  assert.deepEqual([...(assignments.apply(delta(1, { upserts: [registry] }))?.objectsOf ?? [])], [uid(1)]);
  assert.deepEqual(
    assignments.registries().map(({ metadata }) => metadata.name),
    ["r"],
  );
  const secret = assignedObject("secrets", "credentials", {});
  assert.deepEqual([...(assignments.apply(delta(2, { upserts: [secret] }))?.objectsOf ?? [])], [uid(1)]);
  const before = assignments.objectsVersion;
  assert.deepEqual([...(assignments.apply(delta(3, { removals: [secret.reference] }))?.objectsOf ?? [])], []);
  assert.deepEqual([...(assignments.apply(delta(4, { removals: [reference] }))?.objectsOf ?? [])], [uid(1)]);
  assert.ok(assignments.objectsVersion > before && assignments.registries().length === 0);
});

test("what a predecessor kept of Registries and their Secrets is used until the control plane speaks", () => {
  const assignments = new Assignments(silentLogger);
  assignments.restore([
    { apiVersion: "orch/v1", kind: "Registry", metadata: { name: "r" }, spec: { hosts: ["r.example"] } },
    { apiVersion: "v1", kind: "Secret", metadata: { name: "s", namespace: "default" }, data: { k: "dg==" } },
  ]);
  assert.equal(assignments.registries()[0]?.metadata.name, "r");
  assert.deepEqual(assignments.secretData("default", "s"), { k: "dg==" });
});

test("the images of pods are known by their tag, and by the digest it is pinned to", () => {
  const assignments = new Assignments(silentLogger);
  const digest = `sha256:${"a".repeat(64)}`;
  const pod = testPod({ uid: uid(1), name: "first" });
  const image = pod.spec.containers[0]?.image ?? "";
  assignments.apply(complete(1, assignedPod(withImagePins(pod, { [image]: digest }))));
  assert.deepEqual([...assignments.images()].sort(), [image, `${image}@${digest}`].sort());
});
