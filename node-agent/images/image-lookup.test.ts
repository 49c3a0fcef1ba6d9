import assert from "node:assert/strict";
import { test } from "node:test";
import { lookUp, lookUpNamed, lookUpTyped } from "./image-lookup.ts";
import type { ImageRecord } from "./image-records.ts";

const digestOf = (beginning: string): string => `sha256:${beginning.padEnd(64, "0")}`;
const record = (digest: string, id: string): ImageRecord =>
  ({ digest: digestOf(digest), id: digestOf(id), layers: [] }) as unknown as ImageRecord;
const web = record("aaaaaa1", "bbbbbb1");
const shop = record("aaaaaa2", "cccccc1");
const names = new Map([
  ["docker.io/library/web:1", web],
  [`docker.io/library/web@${digestOf("dddddd1")}`, web],
  ["docker.io/library/cccccc:latest", web],
  ["r.test/shop:1", shop],
]);
const all = [web, shop];
const records = {
  all: () => all,
  byDigest: (digest: string) => all.find((one) => one.digest === digest),
  byId: (id: string) => all.find((one) => one.id === id),
  byName: (name: string) => names.get(name),
  namesOf: (digest: string) => [...names].flatMap(([name, one]) => (one.digest === digest ? [name] : [])),
};

test("an image is found by name, by digest under its repository, and by whole digest or id", () => {
  for (const text of ["web:1", digestOf("bbbbbb1"), "a".repeat(6).concat("1").padEnd(64, "0"), `web@${web.digest}`])
    assert.equal(lookUp(records, text), web, text);
  for (const text of ["web", "aaaaaa1", `r.test/shop@${web.digest}`])
    assert.equal(lookUp(records, text), undefined, text);
  assert.equal(lookUpNamed(records, "No Name"), undefined);
});

test("people may write the beginning of a digest or id, as lists show them; a name counts before that", () => {
  for (const text of ["aaaaaa1", "sha256:aaaaaa1", "bbbbbb", "dddddd1", "cccccc", "web:1"])
    assert.equal(lookUpTyped(records, text), web, text);
  assert.equal(lookUpTyped(records, "cccccc1"), shop);
  assert.equal(lookUpTyped(records, "eeeeee"), undefined);
  assert.throws(() => lookUpTyped(records, "aaaaaa"), { code: "bad-request", message: /2 images .* aaaaaa/ });
});
