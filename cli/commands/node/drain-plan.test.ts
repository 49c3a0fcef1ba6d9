import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "#proto/resources/pod.ts";
import { replaceRequestedAnnotation } from "#proto/resources/replace-request.ts";
import { drainPlan, standstill } from "./drain-plan.ts";

const pod = (
  name: string,
  owner: string | undefined,
  more: { spec?: object; phase?: string; deleting?: boolean } = {},
): Pod =>
  ({
    metadata: {
      ...{ name, namespace: "default" },
      ...(more.deleting && { deletionTimestamp: "2026-01-01T00:00:00Z" }),
      ...(owner && {
        ownerReferences: [{ apiVersion: "apps/v1", kind: owner, name: "o", uid: "u", controller: true }],
      }),
    },
    spec: { containers: [], ...more.spec },
    status: { phase: more.phase ?? "Running" },
  }) as unknown as Pod;

const pods = [
  pod("replica", "ReplicaSet"),
  pod("daemon", "DaemonSet"),
  pod("done", undefined, { phase: "Succeeded" }),
  pod("alone", undefined),
  pod("scratch", "ReplicaSet", { spec: { volumes: [{ name: "v", emptyDir: {} }] } }),
  pod("leaving", undefined, { deleting: true }),
];
const names = (move: readonly Pod[]): readonly string[] => move.map(({ metadata }) => metadata.name);

test("daemon pods stay, finished pods are no matter, and what would be lost needs a word", () => {
  const plan = drainPlan(pods, {});
  assert.deepEqual(names(plan.move), ["replica", "alone", "scratch", "leaving"]);
  assert.deepEqual(plan.refusals, [
    "default/alone has no controller that would start it elsewhere (--force deletes it)",
    "default/scratch keeps data in emptyDir (--delete-emptydir-data loses it)",
  ]);
});

test("with the words given, all go", () => {
  assert.deepEqual(drainPlan(pods, { force: true, deleteEmptydirData: true }).refusals, []);
});

test("what a pod waits for is told: its time to stop, its finalizers, or the copy that is not ready and why", () => {
  const stopping = { ...pod("a", "ReplicaSet", { deleting: true }) };
  stopping.metadata = { ...stopping.metadata, deletionGracePeriodSeconds: 60 };
  assert.match(standstill(stopping, []), /default\/a is stopping and has 60 s/);
  const held = { ...stopping, metadata: { ...stopping.metadata, finalizers: ["example.com/keep"] } };
  assert.match(standstill(held, []), /held by its finalizers \(example\.com\/keep\)/);
  const asked = pod("b", "ReplicaSet");
  asked.metadata = { ...asked.metadata, annotations: { [replaceRequestedAnnotation]: "2026-01-01T00:00:00Z" } };
  const unplaced = pod("c", "ReplicaSet");
  const message = "0/2 nodes are available: 2 Insufficient memory";
  unplaced.status = { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", message }] };
  assert.equal(standstill(asked, [asked, unplaced]), `default/b waits for default/c, which is not ready: ${message}`);
});
