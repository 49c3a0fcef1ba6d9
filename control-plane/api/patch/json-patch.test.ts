import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonPatch } from "./json-patch.ts";

// Cases of RFC 6902, appendix A, and of the json-patch test suite.
const table: readonly (readonly [string, unknown, readonly unknown[], unknown])[] = [
  ["add a member", { foo: "bar" }, [{ op: "add", path: "/baz", value: "qux" }], { baz: "qux", foo: "bar" }],
  ["add an element", { foo: ["bar"] }, [{ op: "add", path: "/foo/0", value: "qux" }], { foo: ["qux", "bar"] }],
  ["add at the end", { foo: ["bar"] }, [{ op: "add", path: "/foo/-", value: ["a"] }], { foo: ["bar", ["a"]] }],
  ["add replaces a member", { foo: 1 }, [{ op: "add", path: "/foo", value: 2 }], { foo: 2 }],
  ["remove a member", { baz: "qux", foo: "bar" }, [{ op: "remove", path: "/baz" }], { foo: "bar" }],
  ["remove an element", { foo: ["a", "b", "c"] }, [{ op: "remove", path: "/foo/1" }], { foo: ["a", "c"] }],
  ["replace", { a: { b: 1 } }, [{ op: "replace", path: "/a/b", value: null }], { a: { b: null } }],
  ["replace all", { a: 1 }, [{ op: "replace", path: "", value: { b: 2 } }], { b: 2 }],
  ["move a member", { a: { b: 1 }, c: {} }, [{ op: "move", from: "/a/b", path: "/c/d" }], { a: {}, c: { d: 1 } }],
  ["move an element", { a: [1, 2, 3] }, [{ op: "move", from: "/a/0", path: "/a/2" }], { a: [2, 3, 1] }],
  ["copy", { a: { b: 1 } }, [{ op: "copy", from: "/a", path: "/c" }], { a: { b: 1 }, c: { b: 1 } }],
  ["test passes", { a: [1, { b: 2 }] }, [{ op: "test", path: "/a", value: [1, { b: 2 }] }], { a: [1, { b: 2 }] }],
  ["escapes", { "a/b": { "m~n": 1 } }, [{ op: "replace", path: "/a~1b/m~0n", value: 2 }], { "a/b": { "m~n": 2 } }],
];

for (const [name, target, patch, expected] of table) {
  test(`JSON patch: ${name}`, () => {
    const before = structuredClone(target);
    assert.deepEqual(jsonPatch(target, patch), expected);
    assert.deepEqual(target, before, "the target is not changed");
  });
}

const refused: readonly (readonly [string, unknown, unknown, RegExp])[] = [
  ["a failing test", { a: 1 }, [{ op: "test", path: "/a", value: "1" }], /operation 0 .* another one/],
  ["a missing member", {}, [{ op: "remove", path: "/a" }], /no field `a`/],
  ["an inherited name", {}, [{ op: "test", path: "/constructor", value: 1 }], /no field/],
  ["a missing parent", {}, [{ op: "add", path: "/a/b", value: 1 }], /no field `a`/],
  ["a position past the end", { a: [] }, [{ op: "add", path: "/a/1", value: 1 }], /no element `1`/],
  ["a position with leading zero", { a: [1, 2] }, [{ op: "remove", path: "/a/01" }], /no element/],
  ["a move into itself", { a: { b: 1 } }, [{ op: "move", from: "/a", path: "/a/b" }], /into itself/],
  ["a path without slash", { a: 1 }, [{ op: "remove", path: "a" }], /starts with/],
  ["an unknown operation", {}, [{ op: "spam", path: "" }], /no operation `spam`/],
  ["no list", {}, { op: "add" }, /list of operations/],
  ["an operation without value", {}, [{ op: "add", path: "/a" }], /needs `value`/],
  ["too many operations", {}, Array.from({ length: 1_001 }, () => ({ op: "test", path: "", value: {} })), /1000/],
];

for (const [name, target, patch, message] of refused) {
  test(`JSON patch refuses ${name}`, () => {
    assert.throws(() => jsonPatch(target, patch), { name: "Problem", message });
  });
}

test("copies of copies are stopped before they fill the memory", () => {
  const bomb = Array.from({ length: 60 }, (_, i) => ({ op: "copy", from: "", path: `/c${i}` }));
  assert.throws(() => jsonPatch({ seed: "x".repeat(1_000) }, bomb), { code: "too-large" });
});
