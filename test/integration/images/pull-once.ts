/** Pulls one image into a data directory and says each step that is behind it: `node pull-once.ts DIRECTORY REFERENCE`. It is killed at one. */
import { never, openImageNode } from "./image-node.ts";

const [directory = "", reference = ""] = process.argv.slice(2);
const host = reference.split("/", 1)[0] ?? "";
const node = await openImageNode([{ host, plainHttp: true }], directory);
const said = new Set<string>();
const say = (step: string): void => {
  if (said.has(step)) return;
  said.add(step);
  process.stdout.write(`${step}\n`);
};
say("open");
const onLayer = ({ state }: { readonly state: string }): void => say(state);
const image = await node.images.pull(reference, { credentials: [], onLayer }, never);
say("recorded");
await node.rootfs.prepare("c1", image);
say("mounted");
await node.rootfs.remove("c1");
await node.images.remove(reference);
say("removed");
await node.images.settled();
say("gone");
setInterval(() => undefined, 1000); // until it is killed
