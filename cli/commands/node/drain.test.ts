import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "#proto/resources/pod.ts";
import { drainPlan } from "./drain.ts";

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
  const plan = drainPlan(pods, { timeout: 0 });
  assert.deepEqual(names(plan.move), ["replica", "alone", "scratch", "leaving"]);
  assert.deepEqual(plan.refusals, [
    "default/alone has no controller that would start it elsewhere (--force deletes it)",
    "default/scratch keeps data in emptyDir (--delete-emptydir-data loses it)",
  ]);
});

test("with the words given, all go", () => {
  assert.deepEqual(drainPlan(pods, { timeout: 0, force: true, deleteEmptydirData: true }).refusals, []);
});
