import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeObject, OwnerReference } from "#proto/resources/object.ts";
import type { Step } from "../model/step.ts";
import { aPod, aReplicaSet } from "../objects.fixture.ts";
import { OwnershipGraph } from "./ownership-graph.ts";
import { foregroundFinalizer, type OwnerState, orphanFinalizer, plan } from "./plan.ts";

const owner = (uid: string, blocks = true): OwnerReference => ({
  apiVersion: "apps/v1",
  kind: "ReplicaSet",
  name: uid,
  uid,
  controller: true,
  blockOwnerDeletion: blocks,
});

const owned = (name: string, ...owners: readonly OwnerReference[]): KubeObject => {
  const pod = aPod(name);
  return { ...pod, metadata: { ...pod.metadata, ownerReferences: [...owners] } };
};

const leaving = (...finalizers: readonly string[]): KubeObject => {
  const set = aReplicaSet("web", 1);
  return {
    ...set,
    metadata: { ...set.metadata, deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: [...finalizers] },
  };
};

function decide(object: KubeObject, states: Record<string, OwnerState> = {}, dependents: readonly KubeObject[] = []) {
  return plan({
    resource: object.kind === "Pod" ? "pods" : "replicasets.apps",
    object,
    stateOf: ({ uid }) => states[uid] ?? "solid",
    dependents: dependents.map((one) => ({ resource: "pods", object: one })),
  }).steps;
}

const told = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap((step) => (step.kind === "event" ? [] : [`${step.kind} ${step.object.metadata.name}`]));

test("an object goes with the last of its owners", () => {
  assert.deepEqual(told(decide(owned("a", owner("x")), { x: "gone" })), ["delete a"]);
  assert.deepEqual(told(decide(owned("a", owner("x")))), []);
  assert.deepEqual(told(decide(aPod("free"))), []);
});

test("with an owner left, only the dead references go", () => {
  const [step] = decide(owned("a", owner("x"), owner("y")), { x: "gone" });
  assert.ok(step?.kind === "update");
  assert.deepEqual(
    step.object.metadata.ownerReferences?.map((one) => one.uid),
    ["y"],
  );
});

test("a foreground deletion removes dependents first and lets the owner go when none blocks", () => {
  const waiting = leaving(foregroundFinalizer);
  const blocker = owned("a", owner("uid-web"));
  assert.deepEqual(told(decide(waiting, {}, [blocker])), ["delete a"]);
  assert.deepEqual(told(decide(waiting, {}, [owned("b", owner("uid-web", false))])), ["delete web"]);
  assert.deepEqual(told(decide(waiting, {}, [])), ["delete web"]);
});

test("a dependent that another standing owner holds is not deleted in the foreground", () => {
  const shared = owned("a", owner("uid-web"), owner("other"));
  assert.deepEqual(told(decide(leaving(foregroundFinalizer), {}, [shared])), []);
});

test("orphaning frees dependents first, then the owner", () => {
  const waiting = leaving(orphanFinalizer);
  const [step] = decide(waiting, {}, [owned("a", owner("uid-web"))]);
  assert.ok(step?.kind === "update");
  assert.equal(step.object.metadata.ownerReferences, undefined);
  assert.deepEqual(told(decide(waiting, {}, [])), ["delete web"]);
});

test("another finalizer keeps the object: only ours is taken off", () => {
  const [step] = decide(leaving(foregroundFinalizer, "example.com/backup"), {}, []);
  assert.ok(step?.kind === "update");
  assert.deepEqual(step.object.metadata.finalizers, ["example.com/backup"]);
});

test("the graph follows owners as they change", () => {
  const graph = new OwnershipGraph();
  graph.set("pods", owned("a", owner("x")));
  assert.deepEqual(
    graph.dependentsOf("x").map((one) => one.name),
    ["a"],
  );
  graph.set("pods", owned("a", owner("y")));
  assert.deepEqual(graph.dependentsOf("x"), []);
  assert.deepEqual(
    graph.dependentsOf("y").map((one) => one.name),
    ["a"],
  );
  graph.remove("uid-a");
  assert.deepEqual(graph.dependentsOf("y"), []);
});
