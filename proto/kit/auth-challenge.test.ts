import assert from "node:assert/strict";
import { test } from "node:test";
import { parseChallenges } from "./auth-challenge.ts";

const read = (...headers: string[]): unknown =>
  parseChallenges(headers).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

test("quoted values keep commas, spaces and escaped quotes", () => {
  assert.deepEqual(
    read('Bearer realm="https://a/token",service="b c",scope="repository:x:pull,push",error="a \\"b\\""'),
    [["bearer", { realm: "https://a/token", service: "b c", scope: "repository:x:pull,push", error: 'a "b"' }]],
  );
});

test("several challenges, in one line or more", () => {
  assert.deepEqual(read('Basic realm="r", Bearer realm=https, service="s"', "Negotiate"), [
    ["basic", { realm: "r" }],
    ["bearer", { realm: "https", service: "s" }],
    ["negotiate", {}],
  ]);
});

test("names do not depend on case, spaces around = are fine", () => {
  assert.deepEqual(read('BEARER Realm = "x" , SERVICE= y'), [["bearer", { realm: "x", service: "y" }]]);
});

test("garbage yields nothing, and never hangs", () => {
  for (const text of ["", "=", '"', 'realm="x"', "\u0000", ",,,,", `Bearer realm="${"\\".repeat(50_000)}`]) {
    assert.ok(Array.isArray(read(text)));
  }
});
