import assert from "node:assert/strict";
import { test } from "node:test";
import { changedPaths, isSame } from "./changes.ts";

test("differences are found where they are, and absence equals undefined", () => {
  assert.deepEqual(changedPaths({ a: 1, b: { c: [1, 2] } }, { a: 1, b: { c: [1, 3] } }), [["b", "c", 1]]);
  assert.deepEqual(changedPaths({ a: [1] }, { a: [1, 2] }), [["a"]]);
  assert.deepEqual(changedPaths({ a: 1 }, {}, ["spec"]), [["spec", "a"]]);
  assert.ok(isSame({ a: undefined }, {}));
  assert.ok(isSame({ a: 1, b: 2 }, { b: 2, a: 1 }));
  assert.ok(!isSame([], {}));
});

test("no more than ten are told", () => {
  const numbers = (by: number) => Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, i + by]));
  assert.equal(changedPaths(numbers(0), numbers(1)).length, 10);
});
