/** The power is cut while images are loaded: afterwards each layer is whole or not there. Needs root. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import { type LayerStoreKind, layerStoreKinds } from "#node-agent/images/layers/layer-store-kind.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { buildImage, ociArchive } from "#test/support/image-builder.ts";
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
const image = ociArchive(buildImage({ layers: ["a", "b", "c"].map(layer) }), ["cut:1"]);

/** The moment of the cut: as soon as this is true of the folder of layers. */
const moments: readonly (readonly [string, (layers: string) => boolean])[] = [
  ["when a layer has begun to arrive", (layers) => unfinished(layers).length > 0],
  ["when a layer is half written", (layers) => unfinished(layers).some((path) => sizeOf(path) > mebibyte)],
  ["when the first layer has its name", (layers) => finished(layers) > 0],
  ["when the last layer has its name", (layers) => finished(layers) > 2],
  ["when the image is recorded", (layers) => existsSync(join(layers, "../names.json"))],
];

for (const kind of layerStoreKinds) {
  for (const [name, isMoment] of moments) {
    test(`${kind}: the power is cut ${name}`, () => cutAt(kind, isMoment));
  }
}

async function cutAt(kind: LayerStoreKind, isMoment: (layers: string) => boolean): Promise<void> {
  const disk = new CutDisk(128 * mebibyte);
  try {
    const directory = join(disk.path, "node");
    mkdirSync(directory);
    const node = await openImageNode([], directory, kind);
    const loading = node.images.load(inPieces(image), never).then(
      () => true,
      () => false,
    );
    let isLoaded = false;
    void loading.then((succeeded) => {
      isLoaded = succeeded;
    });
    await until(() => isLoaded || isMoment(join(directory, "images/layers")));
    const wasLoaded = isLoaded;
    disk.cut();
    await loading;
    await node.images.close().catch(() => undefined); // its disk is gone
    await disk.restart();
    await checkWhole(await openImageNode([], directory, kind), wasLoaded);
  } finally {
    await disk.close();
  }
}

async function checkWhole(node: ImageNode, wasLoaded: boolean): Promise<void> {
  const layers = node.images.layers.list();
  assert.deepEqual(await node.images.layers.verify(layers, never), []);
  const found = await node.images.find("cut:1");
  if (wasLoaded) assert.ok(found, "an image that was loaded is gone");
  const again = found ?? (await node.images.load(inPieces(image), never))[0];
  assert.ok(again);
  const root = await node.rootfs.prepare("c1", again);
  for (const folder of ["a", "b", "c"]) {
    assert.equal(statSync(join(root, folder, "big")).size, 2 * mebibyte);
    assert.equal(readFileSync(join(root, folder, "f199"), "utf8"), "content of 199");
  }
  await node.rootfs.remove("c1");
  await node.images.close();
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
