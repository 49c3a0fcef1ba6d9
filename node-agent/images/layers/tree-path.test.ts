import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanName, isWithin, pathDownTo, resolveDirectory, type Standing, splitName, TreeRoot } from "./tree-path.ts";

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
  assert.ok(isWithin("a/b", "a") && isWithin("a", "") && !isWithin("ab", "a"));
  assert.deepEqual(pathDownTo("a/b/c"), ["a", "a/b", "a/b/c"]);
});

const resolve = (name: string, links: Readonly<Record<string, string>>): string =>
  resolveDirectory(name, (at): Standing => {
    const link = links[at];
    return link === undefined ? "directory" : { link };
  });

test("links are followed inside the root only", () => {
  assert.equal(resolve("a/b", { a: "/etc" }), "etc/b");
  assert.equal(resolve("a/b", { a: "../../../../etc" }), "etc/b");
  assert.equal(resolve("x/a/b", { "x/a": "../y" }), "y/b");
  assert.equal(resolve("a", { a: "b", b: "/c/d", "c/d": "../e" }), "e");
  assert.equal(resolve("a/missing/../b", {}), "a/b");
});

test("a loop of links ends", () => {
  assert.throws(() => resolve("a", { a: "b", b: "a" }), { code: "invalid", message: /too many links/ });
});
