import assert from "node:assert/strict";
import { test } from "node:test";
import { formatPath, type Path, parsePath } from "./field-path.ts";

const table: readonly (readonly [Path, string])[] = [
  [[], ""],
  [["spec", "containers", 0, "image"], "spec.containers[0].image"],
  [["metadata", "labels", "app"], "metadata.labels.app"],
  [["metadata", "labels", "example.com/app"], 'metadata.labels["example.com/app"]'],
  [["data", 'a"b\\'], 'data["a\\"b\\\\"]'],
  [["data", ".dockerconfigjson"], 'data[".dockerconfigjson"]'],
  [["data", "0"], 'data["0"]'],
];

test("paths are written so that they can be read back", () => {
  for (const [path, text] of table) {
    assert.equal(formatPath(path), text);
    assert.deepEqual(parsePath(text), path);
  }
});

test("what is not a path is told apart", () => {
  for (const text of ["a[", "a[x]", "a..b", '["a', "a b"]) assert.equal(parsePath(text), undefined, text);
});

test("a huge key is cut", () => {
  assert.ok(formatPath(["data", "k".repeat(1_000_000)]).length < 300);
});
