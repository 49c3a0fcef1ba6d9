/** A node whose data directory is a small tmpfs. Needs root. */
import assert from "node:assert/strict";
import { readdirSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { unmountBelow } from "#node-agent/host/mounts.ts";
import { mount } from "#node-agent/host/syscalls.ts";
import type { Image } from "#node-agent/images/image-store.ts";
import { type FakeRegistry, json, startFakeRegistry, status } from "#node-agent/images/registry/fake-registry.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { busyboxArchive } from "#test/support/busybox-image.ts";
import { type BuiltImage, buildImage, descriptor, dockerArchive, mediaTypes } from "#test/support/image-builder.ts";
import type { TarEntry } from "#test/support/tar-writer.ts";
import { type ImageNode, inPieces, never, openImageNode } from "./image-node.ts";

const mebibyte = 1024 * 1024;

let registry: FakeRegistry;
let node: ImageNode;
let garbage: { podImages: readonly string[]; needed: readonly string[] | undefined };
beforeEach(async () => {
  registry = await startFakeRegistry();
  garbage = { podImages: [], needed: [] };
  node = await openImageNode([{ host: registry.host, plainHttp: true }], undefined, undefined, {
    garbage: {
      minAgeMs: 0,
      podImages: () => garbage.podImages,
      neededNames: async () => garbage.needed && new Set(garbage.needed),
    },
  });
  await node.images.close();
  mount({ source: "tmpfs", target: node.directory, type: "tmpfs", data: `size=${20 * mebibyte}` });
  await node.reopen();
});
afterEach(async () => {
  await node.images.close();
  await unmountBelow(node.directory);
  await node.close();
  await registry.close();
});

const freeBytes = (): number => {
  const { bavail, bsize } = statfsSync(node.directory);
  return bavail * bsize;
};
const noise = (size: number): TarEntry => ({ name: "noise", content: systemRandom.bytes(size) });
const zeros = (size: number): TarEntry => ({ name: "zeros", content: Buffer.alloc(size) });

function serve(image: BuiltImage, tag = "1"): string {
  registry.on(`/v2/app/manifests/${tag}`, (response, request) => {
    json(JSON.parse(image.manifest.content.toString()), { "content-type": mediaTypes.manifest })(response, request);
  });
  for (const blob of [image.config, ...image.layers]) {
    registry.on(`/v2/app/blobs/${blob.digest}`, (response) => void response.writeHead(200).end(blob.content));
  }
  return `${registry.host}/app:${tag}`;
}

async function staysUsable(before: number): Promise<void> {
  assert.ok(freeBytes() > before - mebibyte, "what was written is gone again");
  assert.deepEqual(readdirSync(join(node.directory, "images/layers/tmp")), []);
  assert.deepEqual(readdirSync(join(node.directory, "images/ingest")), []);
  const [image] = await node.images.load(inPieces(busyboxArchive(["bb:1"])), never);
  assert.ok(image && (await node.images.find("bb:1")));
}

test("an archive that does not fit is refused, and its parts are removed", async () => {
  const before = freeBytes();
  const archive = dockerArchive(buildImage({ layers: [[noise(30 * mebibyte)]] }), ["big:1"]);
  await assert.rejects(node.images.load(inPieces(archive), never), {
    code: "too-large",
    message: /disk is full/,
    hint: /free some space/,
  });
  await staysUsable(before);
});

test("a layer that does not fit when unpacked is refused, and its parts are removed", async () => {
  const before = freeBytes();
  const reference = serve(buildImage({ layers: [[zeros(40 * mebibyte)]] }));
  await assert.rejects(node.images.pull(reference, { credentials: [] }, never), {
    code: "too-large",
    message: /disk is full/,
  });
  await staysUsable(before);
});

test("an image that cannot fit is refused before any layer is fetched, with the numbers", async () => {
  const image = buildImage({ layers: [[noise(12 * mebibyte)]] });
  const reference = serve(image);
  await assert.rejects(node.images.pull(reference, { credentials: [] }, never), {
    code: "too-large",
    message: /needs at least \S+ MB of disk; \S+ MB are free, of which \S+ MB are kept/,
  });
  const layers = image.layers.map(({ digest }) => `/v2/app/blobs/${digest}`);
  assert.ok(registry.requests.every(({ path }) => !layers.includes(path)));
});

test("images that nothing needs make room, blobs first; what pods name and containers stand on stays", async () => {
  const size = 4 * mebibyte;
  const references = ["a", "b", "c", "d"].map((name) => serve(buildImage({ layers: [[noise(size)]] }), name));
  const [a = "", b = "", c = "", d = ""] = references;
  const pull = (reference: string): Promise<Image> => node.images.pull(reference, { credentials: [] }, never);
  const isHere = async (): Promise<readonly boolean[]> =>
    Promise.all(references.map(async (reference) => (await node.images.find(reference)) !== undefined));
  garbage.podImages = [b];
  await pull(a);
  await pull(b);
  await node.rootfs.prepare("c1", await pull(c));
  assert.deepEqual(await isHere(), [true, true, true, false], "blobs were enough so far");
  await pull(d);
  assert.deepEqual(await isHere(), [false, true, true, true], "the one that nothing needs has gone");
  await assert.rejects(pull(serve(buildImage({ layers: [[noise(2 * size)]] }), "e")), { code: "too-large" });
  assert.deepEqual(await isHere(), [false, true, true, false], "and what can go, went before the refusal");
  await node.rootfs.remove("c1");
});

test("images that a rollback needs stay, and so do all when nobody can say which those are", async () => {
  const big = (name: string): string => serve(buildImage({ layers: [[noise(5 * mebibyte)]] }), name);
  const [a, b] = [big("a"), big("b")];
  await node.images.pull(a, { credentials: [] }, never);
  for (const needed of [[`${registry.host}/app:a`], undefined]) {
    garbage.needed = needed;
    await assert.rejects(
      node.images.pull(serve(buildImage({ layers: [[noise(8 * mebibyte)]] }), "c"), { credentials: [] }, never),
      { code: "too-large" },
    );
    assert.ok(await node.images.find(a));
  }
  garbage.needed = [];
  await node.images.pull(b, { credentials: [] }, never);
});

test("a registry that sends more than it announced fills no disk", async () => {
  const image = buildImage({ layers: [[noise(mebibyte)]] });
  const [layer] = image.layers;
  assert.ok(layer);
  const reference = serve({ ...image, layers: [{ ...layer, content: Buffer.alloc(15 * mebibyte) }] });
  assert.equal(descriptor(layer).size, layer.content.length);
  await assert.rejects(node.images.pull(reference, { credentials: [] }, never), { code: "invalid" });
  assert.deepEqual(readdirSync(join(node.directory, "images/blobs/partial")), []);
});

test("an answer that is no registry's is refused", async () => {
  registry.on("/v2/app/", status(200, { "content-type": "text/html" }, "<html>log in</html>"));
  await assert.rejects(node.images.pull(`${registry.host}/app:1`, { credentials: [] }, never), { code: "invalid" });
});
