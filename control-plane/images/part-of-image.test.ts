import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { isPartOfImage } from "./part-of-image.ts";

const digestOf = (bytes: Uint8Array): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
const document = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const named = (letter: string): string => `sha256:${letter.repeat(64)}`;

const manifest = document({ config: { digest: named("c") }, layers: [{ digest: named("1") }, { digest: named("2") }] });
const index = document({ manifests: [{ digest: digestOf(manifest) }, { digest: named("9") }] });

test("an image's own digest needs no proof", () => {
  assert.equal(isPartOfImage(named("a"), named("a"), []), true);
});

test("layers and config are reached through manifest and index", () => {
  for (const blob of [named("1"), named("2"), named("c")]) {
    assert.equal(isPartOfImage(digestOf(manifest), blob, [manifest]), true);
    assert.equal(isPartOfImage(digestOf(index), blob, [index, manifest]), true);
  }
  assert.equal(isPartOfImage(digestOf(index), digestOf(manifest), [index]), true);
});

test("a blob of another image is refused, and so is a document that the image does not name", () => {
  const foreign = document({ layers: [{ digest: named("7") }] });
  assert.equal(isPartOfImage(digestOf(manifest), named("7"), [manifest]), false);
  assert.equal(isPartOfImage(digestOf(manifest), named("7"), [foreign]), false);
  assert.equal(isPartOfImage(digestOf(index), named("7"), [index, foreign]), false);
  assert.equal(isPartOfImage(digestOf(index), named("1"), [manifest]), false, "the index is missing");
});

test("hostile documents prove nothing", () => {
  const own = (text: string): Buffer => Buffer.from(text);
  for (const text of ["", "null", "[1]", '{"layers": 7}', '{"layers": [null, 7]}', '{"config": "x"}', "{"]) {
    const bytes = own(text);
    assert.equal(isPartOfImage(digestOf(bytes), named("1"), [bytes]), false, text);
  }
});
