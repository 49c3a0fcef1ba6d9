/** Images that are attacks on a node's disk and memory: small to fetch, without end to unpack. */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { type BuiltImage, buildImage, withLastLayer } from "./image-builder.ts";
import { tar } from "./tar-writer.ts";

const memberBytes = 64 * 1024 * 1024;
/** Just beyond what a layer of that size may unpack to. */
const members = 33;

/** Two gigabytes of zeros behind an honest archive: a gzip member of 64 MiB, again and again. */
export function gzipBomb(): BuiltImage {
  const honest = tar([{ name: "file", content: "hello" }]);
  const zeros = Buffer.alloc(memberBytes);
  const member = gzipSync(zeros, { level: 1 });
  const blob = Buffer.concat([gzipSync(honest), ...Array.from({ length: members }, () => member)]);
  // Nobody gets as far as comparing it.
  const diffId = `sha256:${createHash("sha256").update("never reached").digest("hex")}`;
  return withLastLayer(buildImage({ layers: [honest] }), diffId, blob);
}

/** One name of ten thousand directories in each other, which no file system could hold. */
export function tarBomb(): BuiltImage {
  const deep = `${"d/".repeat(10_000)}file`;
  return buildImage({ layers: [[{ name: "short", pax: { path: deep }, content: "hello" }]] });
}
