/**
 * What images an archive holds. Understands docker-archive (manifest.json), OCI layouts (index.json, nested indexes too), and the archives
 * of newer Docker that are both: there the layout says the digests and manifest.json the names.
 * `directory` is where it was spooled.
 */
import { Problem } from "#proto/kit/problem.ts";
import type { Platform } from "../platform.ts";
import type { ArchivedImage } from "./archived-image.ts";
import { readDockerManifest } from "./docker-archive.ts";
import { readOciLayout } from "./oci-archive.ts";
import { withOwnManifest } from "./own-manifest.ts";
import { noImageArchive, type Spool } from "./spool.ts";

export async function readArchive(spool: Spool, host: Platform, directory: string): Promise<readonly ArchivedImage[]> {
  const docker = await readDockerManifest(spool, host);
  const oci = await readOciLayout(spool, host);
  if (!docker && !oci) {
    throw noImageArchive("it has neither manifest.json nor index.json");
  }
  const images = new Map<string, ArchivedImage>();
  for (const image of [...(oci ?? []), ...(docker ?? [])]) {
    const known = images.get(image.record.id);
    images.set(image.record.id, known ? { ...known, names: [...new Set([...known.names, ...image.names])] } : image);
  }
  if (images.size === 0) throw new Problem("invalid", "the archive holds no image");
  return Promise.all([...images.values()].map((image) => withOwnManifest(image, directory)));
}
