/** What is pushed of an image of this node: its manifest as it came, or one made for an image that was loaded from an archive without. */
import { createReadStream } from "node:fs";
import { Problem } from "#proto/kit/problem.ts";
import type { BlobStore } from "./blob-store.ts";
import { sha256 } from "./digest.ts";
import type { ImageRecord } from "./image-records.ts";
import { maxManifestBytes, mediaTypeOf } from "./manifest.ts";
import type { PushBlob } from "./registry/blob-upload.ts";
import type { PushDocument } from "./registry/image-push.ts";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const configType = "application/vnd.oci.image.config.v1+json";
const readBytes = 1024 * 1024;

/** Problem `not-found` when blobs are gone that are needed: garbage collection may take them while the image can still run. */
export async function pushDocument(record: ImageRecord, blobs: BlobStore): Promise<PushDocument> {
  const config = await storedBlob(record.id, blobs);
  const layers: PushBlob[] = [];
  for (const { digest } of record.layers) layers.push(await storedBlob(digest, blobs));
  const manifest = await ownManifest(record, config, blobs);
  return { ...manifest, blobs: [config, ...layers], manifests: [] };
}

async function ownManifest(
  record: ImageRecord,
  config: PushBlob,
  blobs: BlobStore,
): Promise<Pick<PushDocument, "mediaType" | "digest" | "content">> {
  if (record.digest !== record.id) {
    const content = await blobs.read(record.digest, maxManifestBytes);
    if (!content) throw collected(record.digest);
    return { mediaType: mediaTypeOf(content) ?? manifestType, digest: record.digest, content };
  }
  const content = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: { mediaType: configType, digest: config.digest, size: config.size },
      layers: record.layers.map(({ mediaType, digest, size }) => ({
        mediaType: ociLayerType(mediaType),
        digest,
        size,
      })),
    }),
  );
  return { mediaType: manifestType, digest: sha256(content), content };
}

/** Docker's names for the same thing have no place in an OCI manifest. */
function ociLayerType(mediaType: string): string {
  const suffix = mediaType.endsWith("gzip") ? "+gzip" : mediaType.endsWith("zstd") ? "+zstd" : "";
  return mediaType.startsWith("application/vnd.docker.")
    ? `application/vnd.oci.image.layer.v1.tar${suffix}`
    : mediaType;
}

async function storedBlob(digest: string, blobs: BlobStore): Promise<PushBlob> {
  const size = await blobs.sizeBytes(digest);
  if (size === undefined) throw collected(digest);
  const path = blobs.path(digest);
  return {
    digest,
    size,
    read: (offset, end) => createReadStream(path, { start: offset, end: end - 1, highWaterMark: readBytes }),
  };
}

function collected(digest: string): Problem {
  return new Problem("not-found", `${digest} of the image is no longer on this node: it was removed to free space`, {
    hint: "pull the image again, then push it",
  });
}
