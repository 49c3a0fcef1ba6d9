/** OCI image layout in a tar: `index.json` and `blobs/ALGORITHM/HEX` (image-spec image-layout.md). */
import { Problem } from "#proto/kit/problem.ts";
import { runnableManifests } from "../index-choice.ts";
import { type Descriptor, maxConfigBytes, maxManifestBytes, parseConfig, parseManifest } from "../manifest.ts";
import { checkPlatform, type Platform } from "../platform.ts";
import { formatReference, parseReference } from "../reference.ts";
import { type ArchivedImage, archivedImage } from "./archived-image.ts";
import type { Spool, SpooledFile } from "./spool.ts";

const maxIndexDepth = 5;

/** Undefined when the archive has no index.json. Images of other platforms are passed over when there is one for this. */
export async function readOciLayout(spool: Spool, host: Platform): Promise<readonly ArchivedImage[] | undefined> {
  const bytes = await spool.read("index.json", maxManifestBytes);
  if (!bytes) return undefined;
  const index = parseManifest(bytes, "application/vnd.oci.image.index.v1+json", "the archive's index.json");
  if (index.kind !== "index") throw new Problem("invalid", "the archive's index.json is no index");
  const images: ArchivedImage[] = [];
  let refused: unknown;
  for (const descriptor of runnableManifests({ ...index, manifests: index.manifests.map(withoutPlatform) }, host)) {
    try {
      const image = await readDescriptor(spool, descriptor, host, names(descriptor.annotations), maxIndexDepth);
      if (image) images.push(image);
    } catch (thrown) {
      if (!Problem.is(thrown, "unsupported")) throw thrown;
      refused ??= thrown;
    }
  }
  if (images.length === 0 && refused !== undefined) throw refused;
  return images;
}

/** At the top each entry is an image of its own, whatever its platform; its config is checked later. */
function withoutPlatform(descriptor: Descriptor): Descriptor {
  const { platform, ...rest } = descriptor;
  return platform?.architecture === "unknown" ? descriptor : rest;
}

async function readDescriptor(
  spool: Spool,
  descriptor: Descriptor,
  host: Platform,
  imageNames: readonly string[],
  depth: number,
): Promise<ArchivedImage | undefined> {
  const object = `image ${imageNames[0] ?? descriptor.digest} of the archive`;
  if (depth === 0) throw new Problem("invalid", `${object} is broken: its indexes are nested too deep`);
  const file = blobFile(spool, descriptor, object);
  const bytes = (await spool.read(blobName(descriptor), maxManifestBytes)) ?? Buffer.alloc(0);
  const document = parseManifest(bytes, descriptor.mediaType, object);
  if (document.kind === "index") {
    // Tools save the whole index but only some platforms' content.
    const present = runnableManifests(document, host).find((entry) => spool.find(blobName(entry)));
    if (!present) throw new Problem("unsupported", `${object} has nothing for this node's platform`);
    return readDescriptor(spool, present, host, imageNames, depth - 1);
  }
  const config = blobFile(spool, document.config, object);
  const parsed = parseConfig((await spool.read(blobName(document.config), maxConfigBytes)) ?? Buffer.alloc(0), object);
  checkPlatform(parsed, host, object);
  const layers = document.layers.map((layer) => ({ file: blobFile(spool, layer, object), mediaType: layer.mediaType }));
  return archivedImage({ object, manifest: file, config, document: parsed, layers, names: imageNames });
}

function blobName(descriptor: Descriptor): string {
  return `blobs/${descriptor.digest.replace(":", "/")}`;
}

function blobFile(spool: Spool, descriptor: Descriptor, object: string): SpooledFile {
  const file = spool.find(blobName(descriptor));
  if (!file) throw new Problem("invalid", `${object} is broken: blob ${descriptor.digest} is missing`);
  if (file.size !== descriptor.size || file.digest !== descriptor.digest) {
    throw new Problem(
      "invalid",
      `${object} is broken: blob ${descriptor.digest} has ${file.size} bytes of ${file.digest}`,
    );
  }
  return file;
}

/** containerd writes the whole name; others a name or only a tag into `ref.name`. A mere tag names nothing. */
function names(annotations: Readonly<Record<string, string>>): readonly string[] {
  const name = annotations["io.containerd.image.name"] ?? annotations["org.opencontainers.image.ref.name"];
  if (name === undefined || name === "") return [];
  const isTagOnly = !/[/:@]/.test(name) && (name === "latest" || /^v?\d/.test(name));
  return isTagOnly ? [] : [formatReference(parseReference(name))];
}
