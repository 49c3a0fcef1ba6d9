import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { systemClock } from "#proto/kit/clock.ts";
import { seededRandom } from "#proto/kit/random.ts";
import { type Blob, buildImage, jsonBlob, mediaTypes } from "#test/support/image-builder.ts";
import type { RegistryCredentials } from "../image-store.ts";
import { parseReference } from "../reference.ts";
import { type FakeRegistry, json, startFakeRegistry, status } from "./fake-registry.ts";
import { type FakeUploads, takeUploads } from "./fake-upload-registry.ts";
import { type PushDocument, type PushProgress, pushImage } from "./image-push.ts";
import { RegistryTransport } from "./transport.ts";

const never: AbortSignal = new AbortController().signal;
let registry: FakeRegistry;
let uploads: FakeUploads;
let transport: RegistryTransport;

beforeEach(async () => {
  registry = await startFakeRegistry();
  uploads = takeUploads(registry, "team/app");
  transport = new RegistryTransport({
    registries: () => [{ host: registry.host, plainHttp: true }],
    clock: systemClock,
  });
});
afterEach(async () => {
  await transport.close();
  await registry.close();
});

const built = buildImage({
  layers: [[{ name: "base", content: "base" }], [{ name: "own", content: Buffer.alloc(5000, "x") }]],
  compression: "none",
});
const asPushed = (blob: Blob): PushDocument["blobs"][number] => ({
  digest: blob.digest,
  size: blob.size,
  async *read(offset, end) {
    for (let at = offset; at < end; at += 1000) yield blob.content.subarray(at, Math.min(end, at + 1000));
  },
});
const image: PushDocument = {
  mediaType: built.manifest.mediaType,
  digest: built.manifest.digest,
  content: built.manifest.content,
  blobs: [built.config, ...built.layers].map(asPushed),
  manifests: [],
};

interface Given {
  readonly credentials?: readonly RegistryCredentials[];
  readonly mountFrom?: readonly string[];
  readonly chunkBytes?: number;
  readonly onProgress?: (progress: PushProgress) => void;
}

const push = (document: PushDocument = image, given: Given = {}): Promise<void> =>
  pushImage(
    document,
    {
      transport,
      destination: parseReference(`${registry.host}/team/app:1`),
      credentials: [],
      clock: systemClock,
      random: seededRandom(1),
      backoff: { initialMs: 1, maxMs: 2 },
      ...given,
    },
    never,
  );

function assertPushed(): void {
  for (const blob of [built.config, ...built.layers]) assert.deepEqual(uploads.blobs.get(blob.digest), blob.content);
  assert.deepEqual(uploads.manifests.get("1"), { type: image.mediaType, content: built.manifest.content });
}

test("blobs go before the manifest that names them, each in one request", async () => {
  const outcomes: unknown[] = [];
  await push(image, { onProgress: ({ outcome }) => outcome && outcomes.push(outcome) });
  assertPushed();
  assert.equal(uploads.log.at(-1), "PUT manifests/1");
  assert.ok(!uploads.log.some((line) => line.startsWith("PATCH")));
  assert.deepEqual(outcomes, ["uploaded", "uploaded", "uploaded"]);
});

test("what the registry has is not sent again", async () => {
  await push();
  uploads.log.length = 0;
  const outcomes: unknown[] = [];
  await push(image, { onProgress: ({ outcome }) => outcome && outcomes.push(outcome) });
  assert.ok(!uploads.log.some((line) => line.startsWith("POST")));
  assert.deepEqual(outcomes, ["exists", "exists", "exists"]);
});

test("blobs are mounted from another repository where that is possible, and the attempt is cleaned up where not", async () => {
  const [base] = built.layers;
  uploads.mountable.add(`team/base@${base?.digest}`);
  uploads.blobs.clear();
  const outcomes = new Map<string, unknown>();
  await push(image, {
    mountFrom: ["team/other", "team/base"],
    onProgress: ({ digest, outcome }) => void outcomes.set(digest, outcome),
  });
  assert.deepEqual(
    [base?.digest, built.config.digest].map((digest) => outcomes.get(digest ?? "")),
    ["mounted", "uploaded"],
  );
  const canceled = uploads.log.filter((line) => line === "DELETE blobs/uploads/S").length;
  assert.equal(canceled, 5, "one for the base's first try, two for each blob that nobody had");
});

test("large blobs go in chunks, none smaller than the registry wants", async () => {
  uploads.minChunkBytes = 2000;
  await push(image, { chunkBytes: 1000 });
  assertPushed();
  const large = built.layers.filter(({ size }) => size > 1000);
  const chunks = large.reduce((sum, { size }) => sum + Math.ceil(size / 2000), 0);
  assert.equal(uploads.log.filter((line) => line.startsWith("PATCH")).length, chunks);
});

test("an upload that is cut goes on where the registry says it stopped", async () => {
  uploads.cutAfterBytes.push(700, 300);
  await push(image, { chunkBytes: 1500 });
  assertPushed();
  assert.ok(uploads.log.includes("GET blobs/uploads/S"));
});

test("a blob whose answer was lost is not sent again", async () => {
  uploads.lostAnswers = 1;
  await push();
  assertPushed();
  assert.equal(uploads.log.filter((line) => line.startsWith("PUT blobs/")).length, 3);
});

test("a registry in trouble is asked again; its limit is respected", async () => {
  uploads.refuse.push({ method: "POST", status: 503 }, { method: "PUT", status: 500 });
  await push();
  assertPushed();
});

test("a token for pushing is fetched, with the rights to mount", async () => {
  registry.on("/token", json({ token: "t", expires_in: 300 }));
  const own = registry.requests;
  registry.on("/v2/team/app/", (response, request) => {
    status(401, { "www-authenticate": `Bearer realm="http://${registry.host}/token",service="s"` })(response, request);
  });
  await assert.rejects(push(image, { mountFrom: ["team/base"], credentials: [{ username: "u", password: "p" }] }), {
    code: "unauthenticated",
    message: /refused the credentials to push/,
    hint: /orchctl login/,
  });
  const scopes = own.filter(({ path }) => path.startsWith("/token")).map(({ path }) => new URL(`http://x${path}`));
  assert.deepEqual(scopes[0]?.searchParams.getAll("scope"), [
    "repository:team/app:pull,push",
    "repository:team/base:pull",
  ]);
});

test("who may not push hears so", async () => {
  registry.on("/v2/team/app/blobs/uploads/", json({ errors: [{ code: "DENIED", message: "read only" }] }, {}, 403));
  await assert.rejects(push(), { code: "forbidden", message: /does not let these credentials push .*read only/ });
});

test("an index goes after its manifests, which go by their digest", async () => {
  const index = jsonBlob(mediaTypes.index, { schemaVersion: 2, mediaType: mediaTypes.index, manifests: [] });
  await push({
    mediaType: index.mediaType,
    digest: index.digest,
    content: index.content,
    blobs: [],
    manifests: [image],
  });
  const puts = uploads.log.filter((line) => line.startsWith("PUT manifests"));
  assert.deepEqual(puts, [`PUT manifests/${image.digest}`, "PUT manifests/1"]);
  assert.equal(uploads.manifests.get("1")?.type, mediaTypes.index);
});

test("an upload is not followed to plain HTTP elsewhere, and takes no credentials to another host", async () => {
  const other = await startFakeRegistry();
  try {
    registry.on("/v2/team/app/blobs/uploads/", status(202, { location: `http://${other.host}/upload` }));
    await assert.rejects(push(), { code: "forbidden", message: /plain HTTP/ });
    assert.deepEqual(other.requests, []);
  } finally {
    await other.close();
  }
});
