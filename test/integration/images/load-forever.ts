/** Loads an archive into a data directory, again and again, until it is killed: `node load-forever.ts DIRECTORY ARCHIVE`. */
import { readFileSync } from "node:fs";
import { inPieces, never, openImageNode } from "./image-node.ts";

const [directory = "", archive = ""] = process.argv.slice(2);
const content = readFileSync(archive);
const node = await openImageNode([], directory);
process.stdout.write("ready\n");
for (;;) {
  const [image] = await node.images.load(inPieces(content), never);
  if (image) {
    await node.rootfs.prepare("c1", image);
    await node.rootfs.remove("c1");
    await node.images.remove(image.digest);
  }
}
