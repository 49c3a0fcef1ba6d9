import assert from "node:assert/strict";
import { test } from "node:test";
import { ownLabelRefusal } from "./node-labels.ts";

test("a machine may say what it is, and names of its own; not what others trust", () => {
  for (const key of ["disk", "example.com/rack", "topology.kubernetes.io/zone", "kubernetes.io/arch"])
    assert.equal(ownLabelRefusal(key, "a"), undefined, key);
  for (const key of ["node-role.kubernetes.io/control-plane", "kubernetes.io/x", "x.k8s.io/y", "orch/trusted"])
    assert.match(ownLabelRefusal(key, "") ?? "", /may not give itself labels of/, key);
  assert.match(ownLabelRefusal("_", "") ?? "", /no label key/);
  assert.match(ownLabelRefusal("a", "b c") ?? "", /no label value/);
});
