/**
 * Images as one tar that docker, podman, skopeo, containerd and we can read: an OCI layout, with Docker's manifest.json beside it. Blobs go in as
 * they are, each once; nothing is held in memory.
 */
import { createReadStream } from "node:fs";
import { Problem } from "#proto/kit/problem.ts";
import { tarEnd, tarHeader, tarPadding } from "../archive/tar-writer.ts";
import type { BlobStore } from "../blob-store.ts";
import type { ImageRecord } from "../image-records.ts";
import { maxManifestBytes, mediaTypeOf } from "../manifest.ts";
import { parseReference } from "../reference.ts";

export interface ArchivedName {
  readonly record: ImageRecord;
  /** Tags it is saved under; may be none. */
  readonly tags: readonly string[];
}

const chunkBytes = 256 * 1024;

/** Problem `not-found` before the first byte when a blob was removed to save space. */
export async function writeImageArchive(
  images: readonly ArchivedName[],
  blobs: BlobStore,
): Promise<{ readonly sizeBytes: number; readonly chunks: AsyncIterable<Uint8Array> }> {
  const files = new Map<string, number>();
  for (const { record } of images) {
    for (const digest of [record.digest, record.id, ...record.layers.map((layer) => layer.digest)]) {
      const size = await blobs.sizeBytes(digest);
      if (size === undefined) throw gone(record, digest);
      files.set(digest, size);
    }
  }
  const documents = await documentsOf(images, blobs, files);
  const entries = [...files].map(([, size]) => size).concat(documents.map(({ content }) => content.length));
  const sizeBytes = entries.reduce((sum, size) => sum + 512 + size + tarPadding(size).length, tarEnd.length);
  return { sizeBytes, chunks: chunksOf(files, documents, blobs) };
}

interface TextFile {
  readonly name: string;
  readonly content: Buffer;
}

async function* chunksOf(
  files: ReadonlyMap<string, number>,
  documents: readonly TextFile[],
  blobs: BlobStore,
): AsyncGenerator<Uint8Array> {
  for (const { name, content } of documents) {
    yield tarHeader(name, content.length);
    yield content;
    yield tarPadding(content.length);
  }
  for (const [digest, size] of files) {
    yield tarHeader(blobName(digest), size);
    let sent = 0;
    for await (const chunk of createReadStream(blobs.path(digest), { highWaterMark: chunkBytes })) {
      sent += (chunk as Buffer).length;
      yield chunk as Buffer;
    }
    if (sent !== size) throw new Problem("unavailable", `${digest} changed while it was saved`, { retry: "later" });
    yield tarPadding(size);
  }
  yield tarEnd;
}

async function documentsOf(
  images: readonly ArchivedName[],
  blobs: BlobStore,
  files: ReadonlyMap<string, number>,
): Promise<readonly TextFile[]> {
  const manifests: unknown[] = [];
  const docker: unknown[] = [];
  for (const { record, tags } of images) {
    const content = (await blobs.read(record.digest, maxManifestBytes)) ?? Buffer.alloc(0);
    const descriptor = { mediaType: mediaTypeOf(content) ?? ociManifest, digest: record.digest };
    const size = files.get(record.digest);
    const named = tags.map((tag) => ({
      "io.containerd.image.name": tag,
      "org.opencontainers.image.ref.name": parseReference(tag).tag,
    }));
    const annotated = named.length > 0 ? named.map((annotations) => ({ annotations })) : [{}];
    for (const more of annotated) manifests.push({ ...descriptor, size, ...more });
    const Layers = record.layers.map((layer) => blobName(layer.digest));
    docker.push({ Config: blobName(record.id), RepoTags: tags.map(familiar), Layers });
  }
  const index = { schemaVersion: 2, mediaType: ociIndex, manifests };
  return [
    { name: "oci-layout", content: json({ imageLayoutVersion: "1.0.0" }) },
    { name: "index.json", content: json(index) },
    { name: "manifest.json", content: json(docker) },
  ];
}

const ociIndex = "application/vnd.oci.image.index.v1+json";
const ociManifest = "application/vnd.oci.image.manifest.v1+json";

/** As Docker writes names itself. */
function familiar(tag: string): string {
  return tag.replace(/^docker\.io\/(library\/)?/, "");
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function blobName(digest: string): string {
  return `blobs/${digest.replace(":", "/")}`;
}

function gone(record: ImageRecord, digest: string): Problem {
  const message = `${digest} of image ${record.digest} is no longer on this node: it was removed to free space`;
  return new Problem("not-found", message, { hint: "Pull the image again, then save it." });
}
