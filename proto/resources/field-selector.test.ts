import assert from "node:assert/strict";
import { test } from "node:test";
import { matchesFieldSelector, parseFieldSelector } from "./field-selector.ts";

const fields = { "metadata.name": (o: { name: string }) => o.name, "status.phase": () => "Running" };
const supported = Object.keys(fields);

test("field selectors match by equality and its opposite", () => {
  const table: readonly (readonly [string, boolean])[] = [
    ["", true],
    ["metadata.name=a,b", false],
    ["metadata.name=a\\,b", true],
    ["metadata.name==a\\,b", true],
    ["metadata.name!=a", true],
    ["status.phase=Running", true],
    ["status.phase!=Running", false],
    ["status.phase=Running, metadata.name!=x", true],
  ];
  for (const [text, expected] of table) {
    const parsed = parseFieldSelector(text, supported);
    const matched = parsed.ok && matchesFieldSelector(parsed.selector, { name: "a,b" }, fields);
    assert.equal(matched, expected, text);
  }
});

test("an unsupported field is answered with those that are", () => {
  const parsed = parseFieldSelector("spec.color=red", supported);
  assert.ok(!parsed.ok);
  assert.match(parsed.message, /`spec.color`; they can by metadata.name, status.phase/);
});

test("malformed text is answered with a sentence", () => {
  for (const text of ["metadata.name", "=x", "metadata.name=a=b", "!"])
    assert.equal(parseFieldSelector(text, supported).ok, false);
  assert.equal(parseFieldSelector("x".repeat(70_000), supported).ok, false);
});
