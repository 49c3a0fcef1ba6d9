/**
 * What images an archive holds. Understands docker-archive (manifest.json), OCI layouts (index.json, nested indexes too), and the archives
 * of newer Docker that are both: there the layout says the digests and manifest.json the names.
 */
import { Problem } from "#proto/kit/problem.ts";
import type { ImageRecord } from "../image-records.ts";
import { type ConfigDocument, checkLayerCount } from "../manifest.ts";
import { formatPlatform, normalPlatform, type Platform, platformRank } from "../platform.ts";
import { readDockerManifest } from "./docker-archive.ts";
import { readOciLayout } from "./oci-archive.ts";
import type { Spool, SpooledFile } from "./spool.ts";

export interface ArchivedImage {
  readonly record: ImageRecord;
  /** Normalised; only those the archive spells out. */
  readonly names: readonly string[];
  /** Files to keep as blobs: manifest if there is one, config, layers. */
  readonly blobs: readonly SpooledFile[];
}

export async function readArchive(spool: Spool, host: Platform): Promise<readonly ArchivedImage[]> {
  const docker = await readDockerManifest(spool, host);
  const oci = await readOciLayout(spool, host);
  if (!docker && !oci) {
    throw new Problem("invalid", "this is no image archive: it has neither manifest.json nor index.json", {
      hint: "make one with `docker save`, `podman save` or `skopeo copy … docker-archive:FILE`",
    });
  }
  const images = new Map<string, ArchivedImage>();
  for (const image of [...(oci ?? []), ...(docker ?? [])]) {
    const known = images.get(image.record.id);
    images.set(image.record.id, known ? { ...known, names: [...new Set([...known.names, ...image.names])] } : image);
  }
  if (images.size === 0) throw new Problem("invalid", "the archive holds no image");
  return [...images.values()];
}

/** Puts together what both formats know of an image. */
export function archivedImage(options: {
  readonly object: string;
  readonly manifest: SpooledFile | undefined;
  readonly config: SpooledFile;
  readonly document: ConfigDocument;
  readonly layers: readonly { readonly file: SpooledFile; readonly mediaType: string }[];
  readonly names: readonly string[];
}): ArchivedImage {
  const { manifest, config, document, layers, names } = options;
  checkLayerCount(layers.length, document.diffIds.length, options.object);
  const record: ImageRecord = {
    digest: manifest?.digest ?? config.digest,
    id: config.digest,
    config: document.config,
    layers: layers.map(({ file, mediaType }, index) => ({
      digest: file.digest,
      mediaType,
      size: file.size,
      diffId: document.diffIds[index] ?? "",
    })),
  };
  return { record, names, blobs: [...(manifest ? [manifest] : []), config, ...layers.map(({ file }) => file)] };
}

/** Problem `unsupported` when the image is for another machine. */
export function checkPlatform(document: ConfigDocument, host: Platform, object: string): void {
  if (document.architecture === "") return; // made from nothing: nothing to run either
  const platform = normalPlatform(document);
  if (platformRank(host, platform) !== undefined) return;
  throw new Problem(
    "unsupported",
    `${object} is for ${formatPlatform(platform)}; this node is ${formatPlatform(host)}`,
  );
}
