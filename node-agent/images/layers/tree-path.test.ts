import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanName, splitName, TreeRoot } from "./tree-path.ts";

test("names are cleaned and never climb above the root", () => {
  const cases: Readonly<Record<string, string>> = {
    "./a/b/": "a/b",
    "/a//b": "a/b",
    "../../a": "a",
    "a/../../b": "b",
    "": "",
    ".": "",
    "..": "",
    "/": "",
    "a/./b/../c": "a/c",
    "...": "...",
  };
  for (const [name, expected] of Object.entries(cases)) assert.equal(cleanName(name), expected, name);
});

test("bytes that are no text survive as one character each", () => {
  const bytes = Buffer.from([0x61, 0xff, 0x2f, 0xfe]);
  const name = bytes.toString("latin1");
  assert.equal(cleanName(name), name);
  assert.deepEqual(new TreeRoot("/r").path(name), Buffer.concat([Buffer.from("/r/"), bytes]));
  assert.equal(new TreeRoot("/r").path("a/b"), "/r/a/b");
  assert.deepEqual(splitName("a/b/c"), { parent: "a/b", base: "c" });
});
