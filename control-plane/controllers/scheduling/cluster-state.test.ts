import assert from "node:assert/strict";
import { test } from "node:test";
import type { CacheChange } from "#control-plane/cache/cache.ts";
import { schedule } from "#control-plane/scheduler/schedule.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod } from "../model/kinds.ts";
import { aNode, aPod } from "../objects.fixture.ts";
import { ClusterState } from "./cluster-state.ts";
import { plan } from "./plan.ts";

function change(resource: string, type: CacheChange["type"], object: KubeObject, previous?: KubeObject): CacheChange {
  const { namespace = "", name } = object.metadata;
  return { type, resource, namespace, name, object, previous, resourceVersion: "1" };
}

const added = (pod: Pod): CacheChange => change("pods", "added", pod);
const asking = (name: string, cpu: string, more: Partial<Pod["spec"]> = {}): Pod =>
  aPod(name, { spec: { containers: [{ name: "c", image: "x", resources: { requests: { cpu } } }], ...more } });

function tryAll(state: ClusterState) {
  const result = schedule(state.snapshot, state.take(100));
  for (const { pod } of result.placements) state.assume(pod);
  for (const one of result.unplaced) state.wait(one);
  return result;
}

test("only pods that want this scheduler and have no node are pending", () => {
  const state = new ClusterState();
  state.podChanged(added(asking("plain", "1")));
  state.podChanged(added(asking("assigned", "1", { nodeName: "n1" })));
  state.podChanged(added(asking("other", "1", { schedulerName: "theirs" })));
  state.podChanged(added(asking("gated", "1", { schedulingGates: [{ name: "wait" }] })));
  assert.deepEqual(
    state.take(10).map((pod) => pod.name),
    ["plain"],
  );
});

test("a waiting pod is tried again only for what could help it", () => {
  const state = new ClusterState();
  state.nodeChanged(change("nodes", "added", aNode("n1")));
  state.podChanged(added(asking("big", "3")));
  tryAll(state);
  state.podChanged(added(asking("bigger", "3")));
  assert.equal(tryAll(state).unplaced.length, 1);
  const relabelled = aNode("n1", { metadata: { name: "n1", labels: { disk: "ssd" } } });
  assert.equal(
    state.nodeChanged(change("nodes", "modified", relabelled, aNode("n1"))),
    false,
    "labels do not free cpu",
  );
  const placed = asking("big", "3", { nodeName: "n1" });
  state.podChanged(change("pods", "modified", placed, asking("big", "3")));
  assert.equal(state.podChanged(change("pods", "deleted", placed, placed)), true, "a pod that goes does");
  assert.equal(tryAll(state).placements.length, 1);
});

test("a refused write gives the place back and tries the pod again", () => {
  const state = new ClusterState();
  state.nodeChanged(change("nodes", "added", aNode("n1")));
  const pod = asking("a", "3");
  state.podChanged(added(pod));
  tryAll(state);
  assert.equal(state.snapshot.placement("uid-a"), "n1");
  state.release("uid-a", pod);
  assert.equal(state.snapshot.placement("uid-a"), undefined);
  assert.equal(state.hasPending, true);
});

test("news of the pod from before its binding do not undo the assumption", () => {
  const state = new ClusterState();
  state.nodeChanged(change("nodes", "added", aNode("n1")));
  const pod = asking("a", "3");
  state.podChanged(added(pod));
  tryAll(state);
  state.podChanged(change("pods", "modified", { ...pod, status: { phase: "Pending", message: "seen" } }, pod));
  assert.equal(state.snapshot.placement("uid-a"), "n1");
  assert.equal(state.hasPending, false);
});

test("the plan binds on the revision it saw, and tells a waiting pod once", () => {
  const nowMs = Date.UTC(2026, 0, 1);
  const state = new ClusterState();
  state.nodeChanged(change("nodes", "added", aNode("n1")));
  const pods = new Map([asking("a", "3"), asking("b", "3")].map((pod) => [pod.metadata.uid ?? "", pod]));
  for (const pod of pods.values()) state.podChanged(added(pod));
  const result = tryAll(state);
  const view = { ...result, waitingCount: state.waitingCount, podOf: (uid: string) => pods.get(uid) };
  const { steps, recheckAtMs } = plan(view, nowMs);
  const writes = steps.flatMap((step) => (step.kind === "update" ? [step.object as unknown as Pod] : []));
  assert.deepEqual(
    writes.map((pod) => pod.spec.nodeName),
    ["n1", undefined],
  );
  assert.equal(writes[0]?.metadata.resourceVersion, "128");
  assert.match(writes[1]?.status?.conditions?.[0]?.message ?? "", /insufficient cpu \(asks 3, at most 1 free\)/);
  assert.ok((recheckAtMs ?? 0) > nowMs);
  const waiting = writes[1];
  assert.ok(waiting);
  const again = plan({ ...view, placements: [], podOf: () => waiting }, nowMs);
  assert.deepEqual(again.steps, [], "the same sentence is not written twice");
});
