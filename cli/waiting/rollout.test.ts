import assert from "node:assert/strict";
import { test } from "node:test";
import type { Deployment } from "#proto/resources/deployment.ts";
import { deploymentRollout } from "./rollout.ts";

const deployment = (spec: object, status: object, generation = 2): Deployment =>
  ({ metadata: { name: "web", generation }, spec, status }) as unknown as Deployment;

test("a rollout is done when all new pods are available and no old ones are left", () => {
  const observed = { observedGeneration: 2 };
  const cases = [
    [{ replicas: 3 }, { observedGeneration: 1 }, /has not been seen yet/],
    [{ replicas: 3 }, { ...observed, updatedReplicas: 1, replicas: 3 }, /1 of 3 new pods have been made/],
    [{ replicas: 3 }, { ...observed, updatedReplicas: 3, replicas: 5 }, /2 old pods are still there/],
    [
      { replicas: 3 },
      { ...observed, updatedReplicas: 3, replicas: 3, availableReplicas: 2 },
      /2 of 3 new pods are available/,
    ],
    [{ replicas: 3, paused: true }, { ...observed, replicas: 3 }, /its rollout is paused/],
  ] as const;
  for (const [spec, status, pattern] of cases) {
    const state = deploymentRollout(deployment(spec, status));
    assert.equal(state.done, false);
    assert.match(state.message, pattern);
  }
  for (const [replicas, counts] of [
    [3, { updatedReplicas: 3, replicas: 3, availableReplicas: 3 }],
    [0, {}],
  ] as const)
    assert.equal(deploymentRollout(deployment({ replicas }, { ...observed, ...counts })).done, true);
});

test("a rollout whose pods are refused says why", () => {
  const conditions = [{ type: "ReplicaFailure", status: "True", reason: "FailedCreate", message: "no hostPID here" }];
  const state = deploymentRollout(
    deployment({ replicas: 3 }, { observedGeneration: 2, updatedReplicas: 0, conditions }),
  );
  assert.match(state.message, /0 of 3 new pods have been made: no hostPID here/);
});

test("a rollout that exceeded its deadline has failed", () => {
  const conditions = [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", message: "stuck" }];
  const state = deploymentRollout(deployment({ progressDeadlineSeconds: 60 }, { observedGeneration: 2, conditions }));
  assert.deepEqual(state, { done: false, failed: true, message: "web: no progress within 60 s (stuck)" });
});
