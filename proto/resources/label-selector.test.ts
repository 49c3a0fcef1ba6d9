import assert from "node:assert/strict";
import { test } from "node:test";
import { formatSelector, matchesLabelSelector, matchesSelector, parseSelector } from "./label-selector.ts";

const matches = (text: string, labels: Record<string, string>): boolean => {
  const parsed = parseSelector(text);
  assert.ok(parsed.ok, text);
  return matchesSelector(parsed.selector, labels);
};

test("text selectors match as in Kubernetes", () => {
  const labels = { app: "web", tier: "front", size: "7", "example.com/x": "" };
  const table: readonly (readonly [string, boolean])[] = [
    ["", true],
    ["app=web", true],
    ["app==web", true],
    [" app = web , tier=front ", true],
    ["app=api", false],
    ["app!=api", true],
    ["app!=web", false],
    ["missing!=x", true],
    ["missing=x", false],
    ["app", true],
    ["!app", false],
    ["! missing", true],
    ["app in (web, api)", true],
    ["app in (api)", false],
    ["app notin (api),tier", true],
    ["missing notin (a)", true],
    ["size>6", true],
    ["size<7", false],
    ["app>1", false],
    ["example.com/x=", true],
    ["app in (web),tier in (front,back),!old", true],
    ["toString", false],
  ];
  for (const [text, expected] of table) assert.equal(matches(text, labels), expected, text);
});

test("a malformed text selector is answered with a sentence", () => {
  for (const text of [
    "a=b=c",
    "a in b",
    "a in (b",
    "=b",
    ",",
    "a,,b",
    "a b",
    "-a=b",
    "a=b c",
    "a>x",
    "a in ((b))",
    "()",
  ]) {
    const parsed = parseSelector(text);
    assert.equal(parsed.ok, false, text);
    if (!parsed.ok) assert.match(parsed.message, /\w+ \w+/);
  }
  assert.equal(parseSelector("a".repeat(100_000)).ok, false);
  assert.equal(parseSelector("(".repeat(60_000)).ok, false);
});

test("a selector object matches as in Kubernetes", () => {
  assert.equal(matchesLabelSelector(undefined, { a: "b" }), false);
  assert.equal(matchesLabelSelector({}, undefined), true);
  assert.equal(matchesLabelSelector({ matchLabels: { a: "b" } }, { a: "b", c: "d" }), true);
  assert.equal(matchesLabelSelector({ matchLabels: { a: "b" } }, undefined), false);
  const notIn = { matchExpressions: [{ key: "a", operator: "NotIn" as const, values: ["b"] }] };
  assert.equal(matchesLabelSelector(notIn, {}), true);
  assert.equal(matchesLabelSelector(notIn, { a: "b" }), false);
  assert.equal(matchesLabelSelector({ matchExpressions: [{ key: "a", operator: "DoesNotExist" }] }, {}), true);
  assert.equal(matchesLabelSelector({ matchExpressions: [{ key: "a", operator: "Exists" }] }, {}), false);
});

test("a parsed selector is written back the same", () => {
  for (const text of ["app=web", "app!=web", "app in (a,b)", "app notin (a,b)", "app", "!app", "n>3", "a=b,c"]) {
    const parsed = parseSelector(text);
    assert.ok(parsed.ok);
    assert.equal(formatSelector(parsed.selector), text);
  }
});
