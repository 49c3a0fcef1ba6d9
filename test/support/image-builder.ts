/** Container images made in memory, as the archives that `docker save` and OCI tools write. */
import { createHash } from "node:crypto";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { type TarEntry, tar } from "./tar-writer.ts";

/** `members`: several gzip members one after the other, as pigz and estargz write. */
export type LayerCompression = "none" | "gzip" | "members" | "zstd";

export interface ImageSpec {
  /** Base first; entries, or a whole tar. */
  readonly layers: readonly (readonly TarEntry[] | Buffer)[];
  readonly compression?: LayerCompression;
  /** The `config` part of the image config (image-spec config.md), with its spelling: Cmd, Env, User … */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly architecture?: string;
  readonly variant?: string;
}

export interface Blob {
  readonly digest: string;
  readonly size: number;
  readonly mediaType: string;
  readonly content: Buffer;
}

export interface BuiltImage {
  readonly manifest: Blob;
  readonly config: Blob;
  readonly layers: readonly Blob[];
  readonly tars: readonly Buffer[];
  readonly diffIds: readonly string[];
}

const compressors: Readonly<Record<LayerCompression, (content: Buffer) => Buffer>> = {
  none: (content) => content,
  gzip: (content) => gzipSync(content, { level: 1 }),
  members: (content) => Buffer.concat(thirds(content).map((part) => gzipSync(part, { level: 1 }))),
  zstd: (content) => zstdCompressSync(content),
};

const layerTypes: Readonly<Record<LayerCompression, string>> = {
  none: "application/vnd.oci.image.layer.v1.tar",
  gzip: "application/vnd.oci.image.layer.v1.tar+gzip",
  members: "application/vnd.oci.image.layer.v1.tar+gzip",
  zstd: "application/vnd.oci.image.layer.v1.tar+zstd",
};

function thirds(content: Buffer): readonly Buffer[] {
  const third = Math.ceil(content.length / 3);
  return [0, 1, 2].map((part) => content.subarray(part * third, (part + 1) * third));
}

export const mediaTypes = {
  index: "application/vnd.oci.image.index.v1+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
} as const;

export function buildImage(spec: ImageSpec): BuiltImage {
  const compression = spec.compression ?? "gzip";
  const tars = spec.layers.map((layer) => (Buffer.isBuffer(layer) ? layer : tar(layer)));
  const layers = tars.map((content) => blob(layerTypes[compression], compressors[compression](content)));
  const diffIds = tars.map(digestOf);
  const config = jsonBlob(mediaTypes.config, {
    architecture: spec.architecture ?? (process.arch === "x64" ? "amd64" : process.arch),
    ...(spec.variant === undefined ? {} : { variant: spec.variant }),
    os: "linux",
    created: "2026-01-01T00:00:00Z",
    config: spec.config ?? {},
    rootfs: { type: "layers", diff_ids: diffIds },
  });
  const manifest = jsonBlob(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: descriptor(config),
    layers: layers.map(descriptor),
  });
  return { manifest, config, layers, tars, diffIds };
}

/** What `docker save` of Docker up to 24 writes: manifest.json, the config, plain layers. */
export function dockerArchive(image: BuiltImage, names: readonly string[]): Buffer {
  const configName = `${encoded(image.config.digest)}.json`;
  const layerNames = image.diffIds.map((diffId) => `${encoded(diffId)}/layer.tar`);
  const manifest = [{ Config: configName, RepoTags: names, Layers: layerNames }];
  return tar([
    { name: configName, content: image.config.content },
    ...image.tars.map((content, index) => ({ name: layerNames[index] ?? "", content })),
    { name: "manifest.json", content: JSON.stringify(manifest) },
  ]);
}

/** An OCI image layout in a tar: what skopeo, buildah and `docker save` of newer Docker write. */
export function ociArchive(image: BuiltImage, names: readonly string[]): Buffer {
  const blobs = [image.manifest, image.config, ...image.layers];
  const index = {
    schemaVersion: 2,
    manifests: names.map((name) => ({
      ...descriptor(image.manifest),
      annotations: { "org.opencontainers.image.ref.name": name, "io.containerd.image.name": name },
    })),
  };
  return tar([
    { name: "oci-layout", content: JSON.stringify({ imageLayoutVersion: "1.0.0" }) },
    { name: "index.json", content: JSON.stringify(index) },
    ...blobs.map((entry) => ({ name: `blobs/sha256/${encoded(entry.digest)}`, content: entry.content })),
  ]);
}

export function digestOf(content: Uint8Array): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

export function blob(mediaType: string, content: Buffer): Blob {
  return { digest: digestOf(content), size: content.length, mediaType, content };
}

export function jsonBlob(mediaType: string, value: unknown): Blob {
  return blob(mediaType, Buffer.from(JSON.stringify(value)));
}

export function descriptor(of: Blob): { mediaType: string; digest: string; size: number } {
  return { mediaType: of.mediaType, digest: of.digest, size: of.size };
}

/** The image with another layer in place of its last one: its plain content, and the blob it travels in. */
export function withLastLayer(image: BuiltImage, diffId: string, content: Buffer): BuiltImage {
  const layers = [...image.layers.slice(0, -1), blob(layerTypes.gzip, content)];
  const diffIds = [...image.diffIds.slice(0, -1), diffId];
  const document = { ...JSON.parse(image.config.content.toString()), rootfs: { type: "layers", diff_ids: diffIds } };
  const config = jsonBlob(mediaTypes.config, document);
  const named = JSON.parse(image.manifest.content.toString());
  const manifest = jsonBlob(mediaTypes.manifest, {
    ...named,
    config: descriptor(config),
    layers: layers.map(descriptor),
  });
  return { ...image, manifest, config, layers, diffIds };
}

function encoded(digest: string): string {
  return digest.slice(digest.indexOf(":") + 1);
}
