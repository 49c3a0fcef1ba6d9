/** A small image with all that ours use, and the look whether the kernel shows it. */
import { readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { getXattr } from "../../../host/syscalls.ts";
import type { Attributes } from "../attributes.ts";
import { LayerTree, LeafNode } from "../layer-tree.ts";
import { ErofsOutput } from "./erofs-output.ts";

const maxBytes = 1024 * 1024;
const sparseBytes = 12_288;
const xattr = "trusted.overlay.opaque";
const attributes: Attributes = {
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtime: { seconds: 0, nanoseconds: 0 },
  xattrs: new Map([[xattr, Buffer.from("y")]]),
};

export function writeProbe(path: string): void {
  const onFull = (): never => {
    throw new Error("the probe is too large");
  };
  const output = new ErofsOutput(path, maxBytes, onFull);
  try {
    const tree = new LayerTree({ onDirectory: () => undefined, onRemove: () => undefined }, attributes);
    const sparse = new LeafNode("file");
    output.startFile("sparse", sparseBytes, attributes);
    output.writeFile(Buffer.from("end"), sparseBytes - 3);
    output.endFile(sparse);
    const link = new LeafNode("symlink", "sparse");
    output.makeSpecial("link", link, {
      ...attributes,
      type: "symlink",
      linkName: "sparse",
      major: 0,
      minor: 0,
    });
    tree.place(tree.root, "sparse", sparse);
    tree.place(tree.root, "link", link);
    output.finish(tree, { diffId: "", sizeBytes: 0, entries: 0, implicitDirectories: [] });
  } finally {
    output.abandon();
  }
}

/** Throws when anything is not as it was written. */
export function checkProbe(root: string): void {
  const content = readFileSync(join(root, "link"));
  const isWhole =
    content.length === sparseBytes &&
    content.subarray(0, sparseBytes - 3).every((byte) => byte === 0) &&
    content.toString("latin1", sparseBytes - 3) === "end" &&
    readlinkSync(join(root, "link")) === "sparse" &&
    getXattr(join(root, "sparse"), xattr)?.toString() === "y";
  if (!isWhole) throw new Error("the kernel shows other content than was written");
}
