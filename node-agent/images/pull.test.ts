import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import type { Clock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import { seededRandom } from "#proto/kit/random.ts";
import {
  type Blob,
  type BuiltImage,
  buildImage,
  descriptor,
  jsonBlob,
  mediaTypes,
} from "#test/support/image-builder.ts";
import { BlobStore } from "./blob-store.ts";
import type { ImageRecord } from "./image-records.ts";
import type { PullOptions, RegistryCredentials } from "./image-store.ts";
import { MemoryLayerStore } from "./layers/memory-layer-store.ts";
import { ImagePuller } from "./pull.ts";
import { parseReference } from "./reference.ts";
import { type FakeRegistry, startFakeRegistry, status } from "./registry/fake-registry.ts";

const never: AbortSignal = new AbortController().signal;
const impatientClock: Clock = {
  nowMs: () => 0,
  monotonicMs: () => 0,
  after(_, run) {
    setImmediate(run);
    return { cancel: () => undefined };
  },
};

let registry: FakeRegistry;
let directory: string;
let layers: MemoryLayerStore;
let blobs: BlobStore;
let puller: ImagePuller;
let committed: ImageRecord[];
let pinned: Map<string, number>;

beforeEach(async () => {
  registry = await startFakeRegistry();
  directory = mkdtempSync(join(tmpdir(), "orch-pull-"));
  layers = new MemoryLayerStore();
  blobs = await BlobStore.open(join(directory, "blobs"));
  committed = [];
  pinned = new Map();
  puller = new ImagePuller({
    blobs,
    layers,
    registries: () => [{ host: registry.host, plainHttp: true }],
    clock: impatientClock,
    random: seededRandom(1),
    logger: silentLogger,
    architecture: "x64",
    makeRoom: async () => ({ totalBytes: 1e12, availableBytes: 1e12 }),
  });
});
afterEach(async () => {
  await puller.close();
  await registry.close();
  rmSync(directory, { recursive: true, force: true });
});

function pull(options: Partial<PullOptions> = {}, signal = never, tag = "1"): Promise<ImageRecord> {
  const count = (keys: readonly string[], by: number): void => {
    for (const key of keys) pinned.set(key, (pinned.get(key) ?? 0) + by);
  };
  return puller.pull(parseReference(`${registry.host}/app:${tag}`), { credentials: [], ...options }, signal, {
    pin: (keys) => count(keys, 1),
    unpin: (keys) => count(keys, -1),
    commit: async (record) => void committed.push(record),
  });
}

function serveManifest(blob: Blob, tag?: string): void {
  for (const name of [blob.digest, ...(tag === undefined ? [] : [tag])]) {
    registry.on(`/v2/app/manifests/${name}`, (response) => {
      response.writeHead(200, { "content-type": blob.mediaType }).end(blob.content);
    });
  }
}

function serve(image: BuiltImage, tag?: string): void {
  serveManifest(image.manifest, tag);
  for (const blob of [image.config, ...image.layers]) {
    registry.on(`/v2/app/blobs/${blob.digest}`, (response) => void response.writeHead(200).end(blob.content));
  }
}

const image = (content: string, options: { architecture?: string; variant?: string } = {}): BuiltImage =>
  buildImage({
    layers: [[{ name: "base", content: "base" }], [{ name: "own", content }]],
    architecture: "amd64",
    ...options,
  });
const entry = (of: Blob, platform?: object, annotations?: object): object => ({
  ...descriptor(of),
  ...(platform && { platform }),
  ...(annotations && { annotations }),
});
const index = (...manifests: object[]): Blob =>
  jsonBlob(mediaTypes.index, { schemaVersion: 2, mediaType: mediaTypes.index, manifests });
const requestsFor = (of: Blob): number => registry.requests.filter(({ path }) => path.endsWith(of.digest)).length;

test("an image is recorded when all its layers are here, and nothing stays pinned", async () => {
  const wanted = image("x");
  serve(wanted, "1");
  const progress: number[] = [];
  const record = await pull({ onProgress: ({ doneBytes }) => progress.push(doneBytes) });
  assert.deepEqual([record.digest, record.id], [wanted.manifest.digest, wanted.config.digest]);
  assert.deepEqual(
    record.layers.map(({ diffId }) => diffId),
    wanted.diffIds,
  );
  assert.deepEqual(committed, [record]);
  assert.equal(
    progress.at(-1),
    wanted.layers.reduce((sum, { size }) => sum + size, 0),
  );
  assert.ok([...pinned.values()].every((count) => count === 0));
});

test("of an index the machine's platform is taken, never an attestation", async () => {
  const [amd, arm, attestation] = [image("amd"), image("arm", { architecture: "arm64" }), image("attestation")];
  for (const one of [amd, arm, attestation]) serve(one);
  const unknown = { os: "unknown", architecture: "unknown" };
  const top = index(
    entry(attestation.manifest, unknown, { "vnd.docker.reference.type": "attestation-manifest" }),
    entry(arm.manifest, { os: "linux", architecture: "arm64", variant: "v8" }),
    entry(amd.manifest, { os: "linux", architecture: "amd64" }),
  );
  serveManifest(top, "1");
  assert.equal((await pull()).digest, amd.manifest.digest);
  assert.equal(requestsFor(arm.manifest) + requestsFor(attestation.manifest), 0);
});

test("the first of several that fit is taken, a nested index is followed, a loop is not", async () => {
  const [one, two] = [image("one"), image("two")];
  for (const each of [one, two]) serve(each);
  const platform = { os: "linux", architecture: "amd64" };
  const inner = index(entry(one.manifest, platform), entry(two.manifest, platform));
  serveManifest(inner);
  serveManifest(index(entry(inner)), "1");
  assert.equal((await pull()).digest, one.manifest.digest);
  let deep = inner;
  for (let depth = 0; depth < 10; depth++) {
    deep = index(entry(deep));
    serveManifest(deep, "1");
  }
  await assert.rejects(pull(), { code: "invalid", message: /nested too deep/ });
});

test("an image for other machines says for which", async () => {
  const arm = image("arm", { architecture: "arm64" });
  serve(arm, "1");
  await assert.rejects(pull(), { code: "unsupported", message: /is for linux\/arm64; this node is linux\/amd64/ });
  serveManifest(
    index(
      entry(arm.manifest, { os: "linux", architecture: "arm64" }),
      entry(arm.manifest, { os: "windows", architecture: "amd64" }),
    ),
    "1",
  );
  await assert.rejects(pull(), {
    code: "unsupported",
    message: /is there for linux\/arm64, windows\/amd64; this node is linux\/amd64/,
  });
});

test("a layer that is here is not fetched again", async () => {
  const [one, two] = [image("one"), image("two")];
  serve(one, "1");
  await pull();
  serve(two, "2");
  await pull({}, never, "2");
  const shared = one.layers[0];
  assert.ok(shared && shared.digest === two.layers[0]?.digest);
  assert.equal(requestsFor(shared), 1);
});

test("two who pull at once share the work; with other credentials they do not", async () => {
  serve(image("x"), "1");
  await Promise.all([pull(), pull()]);
  assert.equal(committed.length, 1);
  const ada = { username: "ada", password: "1" };
  await Promise.all([pull(), pull({ credentials: [ada] })]);
  assert.equal(committed.length, 3);
});

test("credentials are tried in order, then none; the first refusal is what is heard", async () => {
  const wanted = image("x");
  serve(wanted, "1");
  const accepted = `Basic ${Buffer.from("right:1").toString("base64")}`;
  registry.on("/v2/app/manifests/1", (response, request) => {
    if (request.headers.authorization !== accepted) status(401, { "www-authenticate": "Basic" })(response, request);
    else response.writeHead(200, { "content-type": mediaTypes.manifest }).end(wanted.manifest.content);
  });
  const user = (username: string): RegistryCredentials => ({ username, password: "1" });
  await pull({ credentials: [user("wrong"), user("right")] });
  await assert.rejects(pull({ credentials: [user("wrong"), user("other")] }), {
    code: "unauthenticated",
    message: /refused the credentials/,
  });
  await assert.rejects(pull(), { code: "unauthenticated", hint: /imagePullSecret/ });
});

test("content that is here is for whom the control plane vouches for; the registry is asked about everybody else", async () => {
  const wanted = image("x");
  serve(wanted, "1");
  await pull();
  registry.on("/v2/app/manifests/", status(401, { "www-authenticate": "Basic" }));
  const byDigest = (isVouchedFor: boolean): Promise<ImageRecord> =>
    pull({ isVouchedFor }, never, `1@${wanted.manifest.digest}`);
  await assert.rejects(byDigest(false), { code: "unauthenticated" });
  assert.equal((await byDigest(true)).digest, wanted.manifest.digest);
});

test("a download that is cut goes on by itself", async () => {
  const wanted = image("x".repeat(100));
  serve(wanted, "1");
  const layer = wanted.layers[1];
  assert.ok(layer);
  let cuts = 0;
  registry.on(`/v2/app/blobs/${layer.digest}`, (response, request) => {
    const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const headers = {
      "content-length": String(layer.size - start),
      "content-range": `bytes ${start}-${layer.size - 1}/${layer.size}`,
    };
    response.writeHead(start > 0 ? 206 : 200, start > 0 ? headers : { "content-length": headers["content-length"] });
    if (++cuts <= 2)
      response.write(layer.content.subarray(start, start + 20), () => setImmediate(() => response.destroy()));
    else response.end(layer.content.subarray(start));
  });
  assert.ok(await pull());
  assert.equal(cuts, 3);
});

test("the first broken layer ends the pull, and the next one can succeed", async () => {
  const wanted = image("x");
  serve(wanted, "1");
  layers.broken.set(wanted.diffIds[1] ?? "", new Problem("invalid", "broken layer"));
  await assert.rejects(pull(), {
    code: "invalid",
    message: "broken layer",
    hint: /push the image/,
  });
  assert.deepEqual(committed, []);
  assert.ok([...pinned.values()].every((count) => count === 0));
  layers.broken.clear();
  assert.ok(await pull());
});

test("an abort in the middle of a layer ends as canceled", async () => {
  const wanted = image("x");
  serve(wanted, "1");
  const controller = new AbortController();
  registry.on(`/v2/app/blobs/${wanted.layers[1]?.digest}`, (response) => {
    response.writeHead(200).write("s");
    setImmediate(() => controller.abort());
  });
  await assert.rejects(pull({}, controller.signal), { code: "canceled" });
  assert.deepEqual(committed, []);
});

test("a config that does not match its layers is refused before they are fetched", async () => {
  const wanted = image("x");
  serve(wanted);
  const manifest = jsonBlob(mediaTypes.manifest, {
    schemaVersion: 2,
    config: descriptor(wanted.config),
    layers: wanted.layers.slice(0, 1).map(descriptor),
  });
  serveManifest(manifest, "1");
  await assert.rejects(pull(), { code: "invalid", message: /has 1 layers but its config names 2/ });
  assert.ok(wanted.layers.every((layer) => requestsFor(layer) === 0));
});
