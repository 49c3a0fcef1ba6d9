import assert from "node:assert/strict";
import { test } from "node:test";
import { initAnnotationProblem, wantsInit } from "./init-process.ts";

test("an init process is wanted unless the pod says false", () => {
  assert.equal(wantsInit({ metadata: {} }), true);
  assert.equal(wantsInit({ metadata: { annotations: { "orch/init": "true" } } }), true);
  assert.equal(wantsInit({ metadata: { annotations: { "orch/init": "false" } } }), false);
});

test("the annotation takes true and false only", () => {
  assert.equal(initAnnotationProblem({ other: "x" }), undefined);
  assert.equal(initAnnotationProblem({ "orch/init": "false" }), undefined);
  assert.equal(initAnnotationProblem({ "orch/init": "no" }), 'must be "true" or "false"');
});
