import assert from "node:assert/strict";
import { test } from "node:test";
import { controllerOf, controllerReference, isControlledBy, isOwnedBy } from "./owner.ts";

const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", metadata: { name: "web", uid: "u1" } };

test("an object is controlled by the one owner marked so", () => {
  const helper = { ...controllerReference(owner), uid: "u2", controller: false };
  const pod = { metadata: { name: "p", ownerReferences: [helper, controllerReference(owner)] } };
  assert.equal(controllerOf(pod)?.uid, "u1");
  assert.equal(isControlledBy(pod, owner), true);
  assert.equal(isControlledBy(pod, { metadata: { name: "other", uid: "u2" } }), false);
  assert.equal(isOwnedBy(pod, "u2"), true);
  assert.equal(isOwnedBy({ metadata: { name: "free" } }, "u2"), false);
});

test("an owner that is not stored yet cannot be referred to", () => {
  assert.throws(() => controllerReference({ ...owner, metadata: { name: "web" } }), TypeError);
});
