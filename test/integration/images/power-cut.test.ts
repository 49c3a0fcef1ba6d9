/** The power is cut while images come: afterwards each layer and blob is whole or not there, and what was done is there. Needs root. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import type { Image, RegistrySettings } from "#node-agent/images/image-store.ts";
import { type LayerStoreKind, layerStoreKinds } from "#node-agent/images/layers/layer-store-kind.ts";
import { startFakeRegistry } from "#node-agent/images/registry/fake-registry.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { buildImage, digestOf, ociArchive } from "#test/support/image-builder.ts";
import type { TarEntry } from "#test/support/tar-writer.ts";
import { CutDisk } from "./cut-disk.ts";
import { type ImageNode, inPieces, never, openImageNode } from "./image-node.ts";

const mebibyte = 2 ** 20;

test("what is not synced is lost when the power is cut", async () => {
  const disk = new CutDisk(32 * mebibyte);
  writeFileSync(join(disk.path, "file"), "x".repeat(mebibyte));
  disk.cut();
  assert.throws(() => writeFileSync(join(disk.path, "other"), "x"), { code: "EIO" });
  await disk.restart();
  assert.equal(existsSync(join(disk.path, "file")), false);
  await disk.close();
});

const layer = (name: string): readonly TarEntry[] => [
  { name: `${name}/big`, content: systemRandom.bytes(2 * mebibyte) },
  ...Array.from({ length: 200 }, (_, n): TarEntry => ({ name: `${name}/f${n}`, content: `content of ${n}` })),
];
const built = buildImage({ layers: ["a", "b", "c"].map(layer) });
const archive = ociArchive(built, ["cut:1"]);

/** The moment of the cut: as soon as this is true of the folder of layers. */
const moments: readonly (readonly [string, (layers: string) => boolean])[] = [
  ["when a layer has begun to arrive", (layers) => unfinished(layers).length > 0],
  ["when a layer is half written", (layers) => unfinished(layers).some((path) => sizeOf(path) > mebibyte)],
  ["when the first layer has its name", (layers) => finished(layers) > 0],
  ["when the last layer has its name", (layers) => finished(layers) > 2],
  ["when the image is recorded", (layers) => existsSync(join(layers, "../names.json"))],
  ["when all is done", () => false],
];

/** How an image comes to a node, and what it is called there. */
interface Arrival {
  readonly name: string;
  readonly registries: readonly RegistrySettings[];
  bring(node: ImageNode): Promise<unknown>;
}

const loading: Arrival = {
  name: "cut:1",
  registries: [],
  bring: (node) => node.images.load(inPieces(archive), never),
};

for (const kind of layerStoreKinds) {
  for (const [name, isMoment] of moments) {
    test(`${kind}: the power is cut ${name}`, () => cutAt(kind, isMoment, loading));
  }
}

/** Nothing is written after it here, whose sync would make its name safe too. */
for (const kind of layerStoreKinds) {
  test(`${kind}: a layer that was added is there when the power is cut at once`, async () => {
    const [diffId = ""] = built.diffIds;
    await keptThroughCut(kind, {
      bring: async ({ images }, folder) => {
        const blobPath = join(folder, "layer.tar");
        writeFileSync(blobPath, built.tars[0] ?? "");
        await images.layers.add({ diffId, blobPath }, never);
      },
      check: async ({ images }) => {
        assert.ok(images.layers.has(diffId));
        assert.deepEqual(await images.layers.verify([diffId], never), []);
      },
    });
  });
}

const [blob = built.config] = built.layers;
type Keeping = (node: ImageNode) => Promise<void>;
const waysOfBlobs: readonly (readonly [string, Keeping])[] = [
  [
    "taken over",
    async ({ images, directory }) => {
      const path = join(directory, "taken-over");
      writeFileSync(path, blob.content);
      await images.blobs.adopt(path, blob.digest);
    },
  ],
  [
    "written",
    ({ images }) => images.blobs.put(blob.content, { digest: blob.digest, size: blob.content.length }, "a blob"),
  ],
];
for (const [way, bring] of waysOfBlobs) {
  test(`a blob that was ${way} is there when the power is cut at once`, () =>
    keptThroughCut("erofs", {
      bring,
      check: async ({ images }) => {
        assert.ok(existsSync(images.blobs.path(blob.digest)), "the blob is gone");
        assert.equal(digestOf(readFileSync(images.blobs.path(blob.digest))), blob.digest);
      },
    }));
}

interface Kept {
  /** `folder` is on another disk, whose power stays. */
  bring(node: ImageNode, folder: string): Promise<void>;
  check(node: ImageNode): Promise<void>;
}

async function keptThroughCut(kind: LayerStoreKind, { bring, check }: Kept): Promise<void> {
  const disk = new CutDisk(64 * mebibyte);
  const folder = mkdtempSync(join(tmpdir(), "orch-kept-"));
  try {
    const directory = join(disk.path, "node");
    mkdirSync(directory);
    const node = await openImageNode([], directory, kind);
    execFileSync("sync", ["-f", disk.path]);
    await bring(node, folder);
    disk.cut();
    await node.images.close().catch(() => undefined); // its disk is gone
    await disk.restart();
    const after = await openImageNode([], directory, kind);
    await check(after);
    await after.images.close();
  } finally {
    await disk.close();
    rmSync(folder, { recursive: true });
  }
}

/** Blobs of a pull have their names one by one, before the layers. */
const pullMoments: typeof moments = [
  ["when the first blob has its name", (layers) => readdirSync(join(layers, "../blobs/sha256")).length > 2],
  ["when all is done", () => false],
];
for (const [name, isMoment] of pullMoments) {
  test(`the power is cut while an image is pulled, ${name}`, async () => {
    const registry = await startFakeRegistry();
    for (const blob of [built.manifest, built.config, ...built.layers]) {
      const folder = blob === built.manifest ? "manifests/" : `blobs/${blob.digest}`;
      registry.on(`/v2/cut/${folder}`, (response) => {
        response.writeHead(200, { "content-type": blob.mediaType }).end(blob.content);
      });
    }
    const reference = `${registry.host}/cut:1`;
    const pulling: Arrival = {
      name: reference,
      registries: [{ host: registry.host, plainHttp: true }],
      bring: (node) => node.images.pull(reference, { credentials: [] }, never),
    };
    await cutAt("erofs", isMoment, pulling).finally(() => registry.close());
  });
}

async function cutAt(
  kind: LayerStoreKind,
  isMoment: (layers: string) => boolean,
  { name, registries, bring }: Arrival,
): Promise<void> {
  const disk = new CutDisk(128 * mebibyte);
  try {
    const directory = join(disk.path, "node");
    mkdirSync(directory);
    const node = await openImageNode(registries, directory, kind);
    const coming = bring(node).then(
      () => true,
      () => false,
    );
    let isHere = false;
    void coming.then((succeeded) => {
      isHere = succeeded;
    });
    await until(() => isHere || isMoment(join(directory, "images/layers")));
    const wasHere = isHere;
    disk.cut();
    await coming;
    await node.images.close().catch(() => undefined); // its disk is gone
    await disk.restart();
    const after = await openImageNode(registries, directory, kind);
    const found = await after.images.find(name);
    if (wasHere) assert.ok(found, "an image that was there is gone");
    await checkWhole(after);
    if (!found) await bring(after);
    await checkRuns(after, await after.images.find(name));
    await after.images.close();
  } finally {
    await disk.close();
  }
}

/** What has its name is what its name says. */
async function checkWhole({ images }: ImageNode): Promise<void> {
  assert.deepEqual(await images.layers.verify(images.layers.list(), never), []);
  for (const digest of await images.blobs.list())
    assert.equal(digestOf(readFileSync(images.blobs.path(digest))), digest);
}

async function checkRuns(node: ImageNode, image: Image | undefined): Promise<void> {
  assert.ok(image);
  const root = await node.rootfs.prepare("c1", image);
  for (const folder of ["a", "b", "c"]) {
    assert.equal(statSync(join(root, folder, "big")).size, 2 * mebibyte);
    assert.equal(readFileSync(join(root, folder, "f199"), "utf8"), "content of 199");
  }
  await node.rootfs.remove("c1");
}

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 600_000; turn++) {
    if (condition()) return;
    await (turn % 20 === 0 ? delay(1) : nextTurn());
  }
  assert.fail("the moment did not come");
}

function unfinished(layers: string): readonly string[] {
  const folder = join(layers, "tmp");
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

function finished(layers: string): number {
  return ["erofs", "sha256"]
    .map((name) => join(layers, name))
    .reduce((sum, folder) => sum + (existsSync(folder) ? readdirSync(folder).length : 0), 0);
}

function sizeOf(path: string): number {
  const file = [path, join(path, "fs")].find((candidate) => existsSync(candidate)) ?? path;
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
