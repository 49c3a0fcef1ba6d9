import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Entry } from "./entry.ts";
import { ParsedObjects } from "./parsed-objects.ts";

const entry = (name: string): Entry => ({
  key: { group: "", plural: "pods", namespace: "default", name },
  packed: "x".repeat(10),
  ...{ modRevision: 1, createRevision: 1, version: 1, position: 0, uid: "", indexed: [] },
});

function setUp(maxBytes: number) {
  const decoded: string[] = [];
  const decode = ({ name }: { readonly name: string }): KubeObject => {
    decoded.push(name);
    return { apiVersion: "v1", kind: "Pod", metadata: { name } };
  };
  const encode = () => assert.fail("nothing is encoded here");
  return { decoded, parsed: new ParsedObjects({ encode, decode }, maxBytes) };
}

test("what was used last is parsed once, what was not used for long is forgotten", () => {
  const { decoded, parsed } = setUp(40);
  const entries = ["a", "b", "c", "d", "e", "f"].map(entry);
  for (const one of entries) parsed.get(one);
  for (const one of entries.slice(-1)) assert.ok(Object.isFrozen(parsed.get(one)));
  assert.equal(decoded.length, 6);
  for (const one of entries.slice(0, 1)) parsed.get(one);
  assert.equal(decoded.length, 7);
});

test("a walk over everything forgets nothing that is known, and parses each of the rest once", () => {
  const { decoded, parsed } = setUp(40);
  const known = ["a", "b"].map(entry);
  for (const one of known) parsed.get(one);
  for (const one of ["c", "d", "e", "f", "g"].map(entry)) {
    assert.equal(parsed.glance(one), parsed.glance(one));
    assert.equal(parsed.glance(one).metadata.name, one.key.name);
  }
  for (const one of known) parsed.glance(one);
  assert.deepEqual(decoded, ["a", "b", "c", "d", "e", "f", "g"]);
});

test("news are not parsed again when they are read at once, and leave nothing when nobody reads them", () => {
  const { decoded, parsed } = setUp(1280);
  const object = (name: string): KubeObject => ({ apiVersion: "v1", kind: "Pod", metadata: { name } });
  const [read, glanced, unread] = [entry("read"), entry("glanced"), entry("unread")];
  for (const one of [read, glanced, unread]) parsed.keep(one, object(one.key.name));
  assert.ok(Object.isFrozen(parsed.get(read)) && Object.isFrozen(parsed.glance(glanced)));
  assert.deepEqual(decoded, []);
  // More news than are kept.
  for (const name of ["d", "e", "f"]) parsed.keep(entry(name), object(name));
  parsed.get(read);
  assert.deepEqual(decoded, []);
  parsed.get(unread);
  assert.deepEqual(decoded, ["unread"]);
});
