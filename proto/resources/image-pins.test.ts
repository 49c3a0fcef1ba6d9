import assert from "node:assert/strict";
import { test } from "node:test";
import { digestInName, imagePins, imagePinsAnnotation, pinnedName, withImagePins } from "./image-pins.ts";

const digest = `sha256:${"a".repeat(64)}`;
const other = `sha256:${"b".repeat(64)}`;
const bare = { metadata: { name: "web" } };

test("pins are kept beside one another and beside other annotations", () => {
  const first = withImagePins({ metadata: { name: "web", annotations: { team: "shop" } } }, { "web:1": digest });
  const both = withImagePins(first, { "proxy:2": other });
  assert.deepEqual(imagePins(both), { "web:1": digest, "proxy:2": other });
  assert.equal(both.metadata.annotations?.team, "shop");
});

test("no pins leave an object as it is", () => {
  assert.equal(withImagePins(bare, {}), bare);
});

test("what people write into the annotation and is no digest counts for nothing", () => {
  for (const text of ["", "{", "[]", "null", "7", '{"web:1": "latest"}', `{"web:1": 7}`, `"${digest}"`]) {
    const object = { metadata: { name: "web", annotations: { [imagePinsAnnotation]: text } } };
    assert.deepEqual(imagePins(object), {}, text);
  }
});

test("a name keeps its tag beside the digest, and a digest of its own", () => {
  assert.equal(pinnedName("web:1", digest), `web:1@${digest}`);
  assert.equal(pinnedName("web:1", undefined), "web:1");
  assert.equal(pinnedName(`web@${other}`, digest), `web@${other}`);
  assert.equal(digestInName(`web@${other}`), other);
  assert.equal(digestInName("web:1"), undefined);
});
