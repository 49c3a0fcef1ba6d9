/** docker-archive: `manifest.json` lists configs, layers and tags by their names in the archive. */
import { Problem } from "#proto/kit/problem.ts";
import { maxConfigBytes, maxManifestBytes, parseConfig } from "../manifest.ts";
import { checkPlatform, type Platform } from "../platform.ts";
import { formatReference, parseReference } from "../reference.ts";
import { type ArchivedImage, archivedImage } from "./archived-image.ts";
import type { Spool, SpooledFile } from "./spool.ts";

const layerType = "application/vnd.docker.image.rootfs.diff.tar";

interface Item {
  readonly config: string;
  readonly tags: readonly string[];
  readonly layers: readonly string[];
}

/** Undefined when the archive has no manifest.json. */
export async function readDockerManifest(spool: Spool, host: Platform): Promise<readonly ArchivedImage[] | undefined> {
  const bytes = await spool.read("manifest.json", maxManifestBytes);
  if (!bytes) return undefined;
  const images: ArchivedImage[] = [];
  for (const [index, item] of parseItems(bytes).entries()) {
    const object = `image ${item.tags[0] ?? index + 1} of the archive`;
    const config = fileOf(spool, item.config, object);
    const document = parseConfig((await spool.read(item.config, maxConfigBytes)) ?? Buffer.alloc(0), object);
    checkPlatform(document, host, object);
    const layers = item.layers.map((name) => ({ file: fileOf(spool, name, object), mediaType: layerType }));
    const names = item.tags.map((tag) => formatReference(parseReference(tag)));
    images.push(archivedImage({ object, manifest: undefined, config, document, layers, names }));
  }
  return images;
}

function fileOf(spool: Spool, name: string, object: string): SpooledFile {
  const file = spool.find(name);
  if (!file) throw new Problem("invalid", `${object} is broken: ${JSON.stringify(name)} is missing`);
  return file;
}

function parseItems(bytes: Buffer): readonly Item[] {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString());
  } catch (thrown) {
    throw new Problem("invalid", "the archive's manifest.json is not JSON", { cause: thrown });
  }
  if (!Array.isArray(value)) throw new Problem("invalid", "the archive's manifest.json is not a list");
  return value.map((entry: unknown) => {
    const item = (typeof entry === "object" && entry !== null ? entry : {}) as Record<string, unknown>;
    if (typeof item.Config !== "string") throw new Problem("invalid", "the archive's manifest.json names no config");
    return { config: item.Config, tags: strings(item.RepoTags), layers: strings(item.Layers) };
  });
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === "string") : [];
}
