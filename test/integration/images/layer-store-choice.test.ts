/** Which kind of layer store a node takes, and what becomes of layers when that changes. Needs root. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { removeTree } from "#node-agent/host/files.ts";
import { mountsBelow, unmountBelow } from "#node-agent/host/mounts.ts";
import { mount } from "#node-agent/host/syscalls.ts";
import type { LayerStoreKind } from "#node-agent/images/layers/layer-store-kind.ts";
import { buildImage, dockerArchive } from "#test/support/image-builder.ts";
import type { TarEntry } from "#test/support/tar-writer.ts";
import { type ImageNode, inPieces, never, openImageNode } from "./image-node.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync("/var/tmp/orch-choice-");
});
afterEach(async () => {
  await unmountBelow(directory);
  await removeTree(directory);
});

const start = (kind?: LayerStoreKind): Promise<ImageNode> => openImageNode([], directory, kind);
const base: readonly TarEntry[] = [
  { name: "etc/", type: "directory", mode: 0o711, uid: 5 },
  { name: "etc/base", content: "base" },
];
const archive = (name: string, ...top: TarEntry[]): Buffer =>
  dockerArchive(buildImage({ layers: [base, top] }), [`${name}:1`]);
const one = archive("one", { name: "etc/one", content: "one" });
const other = archive("other", { name: "etc/other", content: "other" });

async function loaded(
  node: ImageNode,
  image: Buffer,
): Promise<NonNullable<Awaited<ReturnType<typeof node.images.find>>>> {
  const [found] = await node.images.load(inPieces(image), never);
  assert.ok(found);
  return found;
}

const storedAs = (folder: string): number => readdirSync(join(directory, "images/layers", folder)).length;

test("layers of an agent that extracted them are used on; new ones become images, stacked on the old", async () => {
  const before = await start("extracted");
  const root = await before.rootfs.prepare("runs", await loaded(before, one));
  await before.images.close();
  const node = await start();
  assert.equal(node.images.layerStore.kind, "erofs");
  assert.equal(readFileSync(join(root, "etc/one"), "utf8"), "one");
  const known = await node.images.find("one:1");
  assert.ok(known);
  assert.equal(readFileSync(join(await node.rootfs.prepare("c1", known), "etc/one"), "utf8"), "one");
  const mixed = await node.rootfs.prepare("c2", await loaded(node, other));
  assert.deepEqual([storedAs("sha256"), storedAs("erofs")], [2, 1]);
  assert.equal(readFileSync(join(mixed, "etc/base"), "utf8"), "base");
  assert.equal(readFileSync(join(mixed, "etc/other"), "utf8"), "other");
  await node.images.layers.repair({ diffId: known.diffIds[0] ?? "", blobPath: blobOf(known.diffIds[0] ?? "") }, never);
  assert.deepEqual([storedAs("sha256"), storedAs("erofs")], [1, 2]);
  assert.equal(readFileSync(join(root, "etc/base"), "utf8"), "base", "what runs keeps the old one");
  for (const id of await node.rootfs.list()) await node.rootfs.remove(id);
  assert.deepEqual(await mountsBelow(directory), []);
  await node.images.close();
});

/** Plain archives are blobs under their DiffID. */
const blobOf = (diffId: string): string => join(directory, "images/blobs", diffId.replace(":", "/"));

test("images are used on by an agent that is told to extract, and through loop devices", async () => {
  const before = await start("erofs");
  await loaded(before, one);
  await before.images.close();
  for (const kind of ["erofs-loop", "extracted"] as const) {
    const node = await start(kind);
    const known = await node.images.find("one:1");
    assert.ok(known);
    assert.equal(readFileSync(join(await node.rootfs.prepare("c1", known), "etc/base"), "utf8"), "base");
    await node.rootfs.remove("c1");
    await node.images.close();
  }
  assert.deepEqual([storedAs("sha256"), storedAs("erofs")], [0, 2]);
});

test("where files cannot be mounted directly, as on tmpfs, loop devices are taken and the reason is told", async () => {
  mount({ source: "tmpfs", target: directory, type: "tmpfs" });
  const node = await start();
  assert.equal(node.images.layerStore.kind, "erofs-loop");
  assert.match(node.images.layerStore.reason ?? "", /^erofs: mounting an image fails with ENOTBLK/);
  await node.images.close();
  await assert.rejects(start("erofs"), {
    code: "unsupported",
    message: /layers cannot be kept as erofs here: mounting an image fails/,
    hint: /leave --layer-store out/,
  });
});

test("trying leaves nothing", async () => {
  await (await start()).images.close();
  assert.deepEqual(await mountsBelow(directory), []);
  assert.deepEqual(
    readdirSync(join(directory, "images/layers")).filter((name) => name.startsWith("probe")),
    [],
  );
});
