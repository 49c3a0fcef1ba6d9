/** The same image unpacked by Orch in all its ways, by umoci and by containerd gives the same tree. Needs root. */
import assert from "node:assert/strict";
import { createReadStream, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { removeTree } from "#node-agent/host/files.ts";
import { unmountBelow } from "#node-agent/host/mounts.ts";
import { layerStoreKinds } from "#node-agent/images/layers/layer-store-kind.ts";
import { builders, builtArchive } from "#test/support/built-images.ts";
import { debianArchive } from "#test/support/debian-image.ts";
import { assertSameTree, describeTree } from "#test/support/file-tree.ts";
import { buildImage, ociArchive } from "#test/support/image-builder.ts";
import { Containerd, unpackByUmoci } from "#test/support/unpackers.ts";
import { must } from "../../e2e/support/programs.ts";
import { never, openImageNode } from "./image-node.ts";
import { trickyLayers } from "./tricky-layers.ts";

const folder = mkdtempSync("/var/tmp/orch-same-tree-");
const containerd = new Containerd(join(folder, "containerd"));
before(() => containerd.start());
after(async () => {
  await containerd.stop();
  await unmountBelow(folder);
  await removeTree(folder);
});

/** The root's time is that of whoever made the root; everything else is told by the image. */
const tree = (root: string): readonly string[] => describeTree(root, { timeless: (name) => name === "" });

/** containerd gives no time, and the root no owner, where an upper layer leaves a directory out; it drops `trusted.*`. */
const treeAsContainerd = (root: string): readonly string[] =>
  describeTree(root, {
    without: (name) => name === "",
    timeless: () => true,
    hasXattr: (name) => !name.startsWith("trusted."),
  });

interface Subject {
  readonly name: string;
  /** Path of an OCI archive that holds the image under this name. */
  archive(): Promise<string>;
}

const subjects: readonly Subject[] = [
  {
    name: "tricky:1",
    async archive() {
      const path = join(folder, "tricky.tar");
      writeFileSync(path, ociArchive(buildImage({ layers: trickyLayers(), compression: "members" }), ["tricky:1"]));
      return path;
    },
  },
  {
    name: "debian:test",
    async archive() {
      const path = join(folder, "debian.tar");
      const from = `docker-archive:${await debianArchive("debian:test")}`;
      const layer = ["--dest-compress-level", "1"];
      await must("skopeo", ["--insecure-policy", "copy", "-q", ...layer, from, `oci-archive:${path}:debian:test`]);
      return path;
    },
  },
  ...builders.map((builder) => ({ name: `built:${builder}`, archive: () => builtArchive(builder) })),
];

for (const [index, subject] of subjects.entries()) {
  test(`${subject.name}: the same tree by all three layer stores, umoci and containerd`, async () => {
    const archive = await subject.archive();
    const trees = new Map<string, readonly string[]>();
    trees.set("umoci", tree(await unpackByUmoci(archive, subject.name, join(folder, `umoci-${index}`))));
    const theirs = treeAsContainerd(await containerd.unpack(archive));
    for (const kind of layerStoreKinds) {
      // What is on the disk is the same for both ways to mount it.
      const node = await openImageNode([], join(folder, `${kind.replace("-loop", "")}-${index}`), kind);
      const found = await node.images.find(subject.name);
      const [image] = found ? [found] : await node.images.load(createReadStream(archive), never);
      assert.ok(image);
      const root = await node.rootfs.prepare("c1", image);
      trees.set(kind, tree(root));
      if (kind === "erofs") assertSameTree(treeAsContainerd(root), theirs, "erofs and containerd");
      await node.rootfs.remove("c1");
      await node.images.close();
    }
    const ours = trees.get("erofs") ?? [];
    for (const [name, other] of trees) assertSameTree(ours, other, `erofs and ${name}`);
  });
}
