import assert from "node:assert/strict";
import { test } from "node:test";
import * as rules from "./name-rules.ts";

const table: readonly (readonly [string, rules.NameRule, readonly string[], readonly string[]])[] = [
  [
    "dnsLabel",
    rules.dnsLabel,
    ["a", "web-1", "0", "a".repeat(63)],
    ["", "-a", "a-", "A", "a.b", "a_b", "a".repeat(64), "ä"],
  ],
  [
    "dnsSubdomain",
    rules.dnsSubdomain,
    ["a", "a.b-c.d", "web-1"],
    ["", ".a", "a..b", "a.", "A", "a_b", "a".repeat(254)],
  ],
  [
    "qualifiedName",
    rules.qualifiedName,
    ["app", "App_1.x", "example.com/app", "a".repeat(63)],
    ["", "/app", "example.com/", "a/b/c", "Ex.com/app", "-app", "__proto__", "a".repeat(64)],
  ],
  ["labelValue", rules.labelValue, ["", "a", "A_b.c-d"], ["-", "a b", "a/b", "a".repeat(64)]],
  ["configMapKey", rules.configMapKey, ["a", "A.conf", ".hidden", "__proto__"], ["", ".", "..", "..a", "a/b", "a b"]],
  ["envVarName", rules.envVarName, ["A", "a.b", "1", "a b"], ["", "a=b", "ä", "a\n"]],
  ["portName", rules.portName, ["http", "a-1"], ["", "1", "-a", "a--b", "Http", "a".repeat(16)]],
  ["relativePath", rules.relativePath, ["a", "a/b", "a..b"], ["", "/a", "..", "a/../b"]],
  [
    "ipAddress",
    rules.ipAddress,
    ["10.0.0.1", "255.255.255.255", "::1", "fe80::1:2", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4"],
    ["", "10.0.0", "10.0.0.256", "1::2::3", "1:2:3", "01.2.3.4", ":::", "g::1", "1:2:3:4:5:6:7:8:9"],
  ],
];

for (const [name, rule, good, bad] of table) {
  test(`${name} takes what Kubernetes takes and says what is wrong with the rest`, () => {
    for (const text of good) assert.equal(rule(text), undefined, text);
    for (const text of bad) assert.match(rule(text) ?? "", /must/, text);
  });
}

test("rules stay fast on long hostile text", () => {
  const long = `${"a-".repeat(100_000)}=/../`;
  for (const [, rule] of table) assert.ok(rule(long) !== undefined);
});
