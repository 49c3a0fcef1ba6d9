import assert from "node:assert/strict";
import { test } from "node:test";
import { checkLayerCount, parseConfig, parseManifest } from "./manifest.ts";

const ociManifest = "application/vnd.oci.image.manifest.v1+json";
const ociIndex = "application/vnd.oci.image.index.v1+json";
const digest = `sha256:${"b".repeat(64)}`;
const entry = { mediaType: "application/octet-stream", digest, size: 3 };
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const read = (value: unknown, type?: string): ReturnType<typeof parseManifest> =>
  parseManifest(json(value), type, "image x");

test("a manifest with its config and layers is read, unknown fields are no error", () => {
  const parsed = read({ schemaVersion: 2, mediaType: ociManifest, config: entry, layers: [entry, entry], more: 1 });
  assert.equal(parsed.kind, "manifest");
  assert.equal(parsed.kind === "manifest" && parsed.layers.length, 2);
});

test("an index is read with its platforms, parameters of the content type do not matter", () => {
  const manifests = [{ ...entry, platform: { os: "linux", architecture: "amd64", features: [] } }];
  const parsed = read({ schemaVersion: 2, manifests }, `${ociIndex}; charset=utf-8`);
  assert.deepEqual(parsed.kind === "index" && parsed.manifests[0]?.platform, { os: "linux", architecture: "amd64" });
});

test("a document that is both index and manifest is refused", () => {
  const both = { schemaVersion: 2, config: entry, layers: [entry], manifests: [entry] };
  for (const type of [undefined, ociIndex, ociManifest])
    assert.throws(() => read(both, type), { code: "invalid", message: /both/ });
});

test("a body that contradicts its announced type is refused", () => {
  const body = { schemaVersion: 2, mediaType: ociManifest, config: entry, layers: [] };
  assert.throws(() => read(body, ociIndex), { code: "invalid", message: /announced/ });
  assert.throws(() => read({ schemaVersion: 2, config: entry, layers: [] }, ociIndex), { code: "invalid" });
});

test("schema 1 is refused with what to do", () => {
  assert.throws(() => read({ schemaVersion: 1, fsLayers: [] }), { code: "unsupported", hint: /push/ });
});

const brokenDocuments: readonly (readonly [string, unknown])[] = [
  ["no schema version", { config: entry, layers: [] }],
  ["a list", []],
  ["layers that are no list", { schemaVersion: 2, config: entry, layers: {} }],
  ["a layer without digest", { schemaVersion: 2, config: entry, layers: [{ size: 1 }] }],
  ["a path as digest", { schemaVersion: 2, config: entry, layers: [{ digest: "sha256:../../x", size: 1 }] }],
  ["a negative size", { schemaVersion: 2, config: entry, layers: [{ digest, size: -1 }] }],
  ["a size as text", { schemaVersion: 2, config: entry, layers: [{ digest, size: "1" }] }],
  ["a huge config", { schemaVersion: 2, config: { digest, size: 1e9 }, layers: [] }],
  ["no config", { schemaVersion: 2, layers: [] }],
  ["1000 layers", { schemaVersion: 2, config: entry, layers: Array.from({ length: 1000 }, () => entry) }],
];
for (const [name, document] of brokenDocuments) {
  test(`a manifest with ${name} is refused`, () => assert.throws(() => read(document), { code: "invalid" }));
}

test("bytes that are not JSON, or not UTF-8, are refused", () => {
  assert.throws(() => parseManifest(Buffer.from("{"), undefined, "image x"), { code: "invalid" });
  assert.throws(() => parseManifest(Buffer.from([0x7b, 0xff, 0x7d]), undefined, "image x"), { code: "invalid" });
  assert.throws(() => parseManifest(Buffer.alloc(5_000_000, " "), undefined, "image x"), { code: "invalid" });
});

test("a config is read; null means absent and foreign values are dropped", () => {
  const config = {
    User: "7",
    Env: ["A=1", 2],
    Cmd: null,
    Entrypoint: ["/x"],
    Volumes: { "/v": {} },
    Labels: { a: "b", c: 1 },
  };
  const parsed = parseConfig(
    json({ architecture: "amd64", os: "linux", config, rootfs: { type: "layers", diff_ids: [digest] } }),
    "x",
  );
  assert.deepEqual(parsed.diffIds, [digest]);
  assert.deepEqual(parsed.config, {
    user: "7",
    env: ["A=1"],
    entrypoint: ["/x"],
    command: [],
    workingDirectory: "",
    stopSignal: undefined,
    volumes: ["/v"],
    labels: { a: "b" },
  });
});

test("an unknown rootfs type and malformed diff ids are refused", () => {
  assert.throws(() => parseConfig(json({ rootfs: { type: "other" } }), "x"), { code: "invalid" });
  assert.throws(() => parseConfig(json({ rootfs: { type: "layers", diff_ids: ["sha256:x"] } }), "x"), {
    code: "invalid",
  });
});

test("layers and diff ids must pair up", () => {
  checkLayerCount(2, 2, "x");
  assert.throws(() => checkLayerCount(2, 1, "x"), { code: "invalid" });
});
