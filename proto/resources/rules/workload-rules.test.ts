import assert from "node:assert/strict";
import { test } from "node:test";
import { baseDeployment, changed, checkCases, examine } from "./check.fixture.ts";

test("Deployments", () => {
  checkCases(baseDeployment, [
    ["spec.replicas", -1, /replicas: must not be negative/],
    ["spec.replicas", "3", /replicas: must be a whole number, not the text `3`/],
    ["spec.replicas", 1.5, /must be a whole number, not 1.5/],
    ["spec.replicas", null, undefined],
    ["spec.replcas", 3, /^spec.replcas: unknown field; did you mean `replicas`\?$/],
    ["spec.selector", {}, /must not be empty/],
    ["spec.selector", { matchLabels: { app: "other" } }, /^spec.template.metadata.labels: must match `spec.selector`/],
    ["spec.selector", undefined, /spec.selector: is required/],
    [
      "spec.selector",
      { matchExpressions: [{ key: "app", operator: "Exists", values: ["a"] }] },
      /must be empty with operator/,
    ],
    ["spec.template.spec.restartPolicy", "Never", /must be `Always`/],
    ["spec.template.spec.containers[0].image", "", /^spec.template.spec.containers\[0\].image: is required/],
    ["spec.strategy", { type: "Recreate", rollingUpdate: { maxSurge: 1 } }, /only with type RollingUpdate/],
    ["spec.strategy", { type: "Recreate" }, undefined],
    ["spec.strategy", { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } }, /no pod could ever be replaced/],
    ["spec.strategy", { rollingUpdate: { maxSurge: "0%", maxUnavailable: 0 } }, /no pod could ever be replaced/],
    ["spec.strategy", { rollingUpdate: { maxUnavailable: "101%" } }, /no more than 100%/],
    ["spec.strategy", { rollingUpdate: { maxSurge: "200%" } }, undefined],
    ["spec.strategy", { rollingUpdate: { maxSurge: "many" } }, /must be a number or a percentage/],
    ["spec.strategy", { rollingUpdate: { maxSurge: -1 } }, /must not be negative/],
    ["spec.strategy", { type: "Rolling" }, /must be one of `Recreate`, `RollingUpdate`/],
    ["spec.minReadySeconds", 600, /progressDeadlineSeconds: must be more than minReadySeconds/],
    ["apiVersion", "apps/v1", undefined],
  ]);
});

test("the selector of a workload cannot change", () => {
  const other = changed(
    changed(baseDeployment, "spec.selector", { matchLabels: { app: "e" } }),
    "spec.template.metadata.labels",
    { app: "e" },
  );
  assert.match(examine(other, { previous: baseDeployment }).causes.join(), /^spec.selector: cannot change/);
  const image = changed(baseDeployment, "spec.template.spec.containers[0].image", "b");
  assert.deepEqual(examine(image, { previous: baseDeployment }).causes, []);
});

test("ReplicaSets follow the same rules", () => {
  const set = { ...baseDeployment, kind: "ReplicaSet" };
  checkCases(set, [
    ["spec.replicas", -1, /must not be negative/],
    ["spec.selector", { matchLabels: { app: "x" } }, /must match/],
    ["spec.strategy", {}, /unknown field/],
  ]);
  assert.match(
    examine(changed(set, "spec.selector", { matchExpressions: [{ key: "app", operator: "Exists" }] }), {
      previous: set,
    }).causes.join(),
    /cannot change/,
  );
});
