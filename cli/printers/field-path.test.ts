import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldOf } from "./field-path.ts";

const object = {
  metadata: { name: "web", labels: { "app.kubernetes.io/name": "web" } },
  spec: { containers: [{ image: "a" }, { image: "b" }] },
};

test("fields are found by kubectl's ways of writing a path", () => {
  for (const path of [".metadata.name", "{.metadata.name}", "metadata.name", "$.metadata.name", "{.metadata['name']}"])
    assert.equal(fieldOf(object, path), "web", path);
  assert.equal(fieldOf(object, ".spec.containers[1].image"), "b");
  assert.equal(fieldOf(object, ".metadata.labels.app\\.kubernetes\\.io/name"), "web");
  assert.equal(fieldOf(object, ".metadata.labels['app.kubernetes.io/name']"), "web");
});

test("what is not there is undefined, also what every object inherits", () => {
  for (const path of [".status.phase", ".metadata.name.x", ".constructor", ".__proto__", ".spec.containers[9].image"])
    assert.equal(fieldOf(object, path), undefined, path);
  assert.equal(fieldOf(undefined, ".a"), undefined);
});
