import assert from "node:assert/strict";
import { test } from "node:test";
import { isSame } from "./is-same.ts";

test("the order of fields does not count, and an undefined one is an absent one", () => {
  assert.ok(isSame({ a: 1, b: [{ c: "x" }] }, { b: [{ c: "x", d: undefined }], a: 1 }));
  assert.ok(isSame({ a: undefined }, {}));
});

test("another value, order of items, length or kind is another content", () => {
  assert.ok(!isSame({ a: 1 }, { a: 2 }));
  assert.ok(!isSame({ a: 1 }, { a: 1, b: 0 }));
  assert.ok(!isSame([1, 2], [2, 1]));
  assert.ok(!isSame([1], [1, 2]));
  assert.ok(!isSame([], {}));
  assert.ok(!isSame({ a: null }, {}));
  assert.ok(!isSame({}, { constructor: "x" }));
});
