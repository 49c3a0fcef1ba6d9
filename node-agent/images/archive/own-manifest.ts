/** A manifest for an image of an archive that has none (docker-archive): the same archive gives the same digest on every node. */
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { detectCompression } from "../compression.ts";
import { sha256 } from "../digest.ts";
import type { ArchivedImage } from "./archived-image.ts";

const layerTypes = {
  none: "application/vnd.oci.image.layer.v1.tar",
  gzip: "application/vnd.oci.image.layer.v1.tar+gzip",
  zstd: "application/vnd.oci.image.layer.v1.tar+zstd",
} as const;

/** `directory` is where the archive was spooled. */
export async function withOwnManifest(image: ArchivedImage, directory: string): Promise<ArchivedImage> {
  if (image.record.digest !== image.record.id) return image;
  const files = new Map(image.blobs.map((blob) => [blob.digest, blob]));
  const layers: ArchivedImage["record"]["layers"][number][] = [];
  for (const layer of image.record.layers) {
    const path = files.get(layer.digest)?.path;
    layers.push({ ...layer, mediaType: path === undefined ? layer.mediaType : layerTypes[await compressionOf(path)] });
  }
  const config = {
    mediaType: "application/vnd.oci.image.config.v1+json",
    digest: image.record.id,
    size: files.get(image.record.id)?.size ?? 0,
  };
  const content = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config,
      layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
    }),
  );
  const digest = sha256(content);
  const path = join(directory, `manifest-${digest.slice("sha256:".length)}`);
  await writeFile(path, content, { mode: 0o600 });
  const manifest = { path, size: content.length, digest };
  return { ...image, record: { ...image.record, digest, layers }, blobs: [manifest, ...image.blobs] };
}

async function compressionOf(path: string): Promise<ReturnType<typeof detectCompression>> {
  const file = await open(path, "r");
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(6), 0, 6, 0);
    return detectCompression(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}
