import assert from "node:assert/strict";
import { test } from "node:test";
import { editDistance, nearestWord } from "./suggest.ts";

test("edit distance counts insertions, deletions, replacements and swaps", () => {
  const table: readonly (readonly [string, string, number])[] = [
    ["", "", 0],
    ["a", "", 1],
    ["replcas", "replicas", 1],
    ["repilcas", "replicas", 1],
    ["kitten", "sitting", 3],
    ["same", "same", 0],
  ];
  for (const [a, b, distance] of table) assert.equal(editDistance(a, b), distance, `${a} ${b}`);
});

test("the nearest word is offered only when it is near", () => {
  const known = ["replicas", "selector", "template", "strategy"];
  assert.equal(nearestWord("replica", known), "replicas");
  assert.equal(nearestWord("Replicas", known), "replicas");
  assert.equal(nearestWord("selctor", known), "selector");
  assert.equal(nearestWord("colour", known), undefined);
  assert.equal(nearestWord("x", known), undefined);
  assert.equal(nearestWord("r".repeat(10_000), known), undefined);
});
