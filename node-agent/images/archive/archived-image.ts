/** One image of an archive, put together from its parts. */
import type { ImageRecord } from "../image-records.ts";
import { type ConfigDocument, checkLayerCount } from "../manifest.ts";
import type { SpooledFile } from "./spool.ts";

export interface ArchivedImage {
  readonly record: ImageRecord;
  /** Normalised; only those the archive spells out. */
  readonly names: readonly string[];
  /** Files to keep as blobs: manifest if there is one, config, layers. */
  readonly blobs: readonly SpooledFile[];
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
