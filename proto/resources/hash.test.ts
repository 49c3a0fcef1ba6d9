import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "../kit/problem.ts";
import { canonicalJson, fnv1a, podTemplateHash, safeEncode } from "./hash.ts";
import { labelValue } from "./name-rules.ts";

test("canonical JSON does not depend on the order of keys, nor on undefined fields", () => {
  assert.equal(
    canonicalJson({ b: 1, a: { d: [1, { z: 1, y: undefined }], c: null } }),
    '{"a":{"c":null,"d":[1,{"z":1}]},"b":1}',
  );
  assert.equal(canonicalJson({ a: 1, b: 2 }), canonicalJson({ b: 2, a: 1 }));
});

test("a __proto__ key is kept as data", () => {
  assert.equal(canonicalJson(JSON.parse('{"__proto__":{"a":1}}')), '{"__proto__":{"a":1}}');
});

test("nesting beyond the bound is a Problem, not a crash", () => {
  let deep: unknown = 1;
  for (let i = 0; i < 10_000; i++) deep = [deep];
  assert.throws(
    () => canonicalJson(deep),
    (thrown) => Problem.is(thrown, "too-large"),
  );
});

test("FNV-1a gives its published values", () => {
  assert.equal(fnv1a(""), 0x811c9dc5);
  assert.equal(fnv1a("a"), 0xe40c292c);
  assert.equal(fnv1a("foobar"), 0xbf9cf968);
});

test("the template hash is stable, moves with the template and with collisions, and is a label value", () => {
  const template = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "a", image: "b" }] } };
  const reordered = { spec: { containers: [{ image: "b", name: "a" }] }, metadata: { labels: { app: "web" } } };
  const hash = podTemplateHash(template);
  assert.equal(hash, podTemplateHash(reordered));
  assert.notEqual(hash, podTemplateHash(template, 1));
  assert.notEqual(hash, podTemplateHash({ ...template, spec: { containers: [{ name: "a", image: "c" }] } }));
  assert.equal(labelValue(hash), undefined);
  assert.match(safeEncode("0123456789"), /^[bcdfghjklmnpqrstvwxz2456789]{10}$/);
});
