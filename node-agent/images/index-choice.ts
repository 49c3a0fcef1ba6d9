/** Picks this machine's image from an index. */
import type { Descriptor, Index } from "./manifest.ts";
import { formatPlatform, normalPlatform, type Platform, platformRank } from "./platform.ts";

/** Entries that can run here, the best first. Attestations are no images. An entry without platform may fit: its config says. */
export function runnableManifests(index: Index, host: Platform): readonly Descriptor[] {
  return index.manifests
    .filter((descriptor) => !isAttestation(descriptor))
    .flatMap((descriptor) => {
      const rank = descriptor.platform ? platformRank(host, normalPlatform(descriptor.platform)) : Number.MAX_VALUE;
      return rank === undefined ? [] : [{ descriptor, rank }];
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ descriptor }) => descriptor);
}

/** For the sentence that says why none fits. */
export function offeredPlatforms(index: Index): string {
  const platforms = index.manifests.flatMap((descriptor) =>
    descriptor.platform && !isAttestation(descriptor) ? [formatPlatform(normalPlatform(descriptor.platform))] : [],
  );
  return [...new Set(platforms)].join(", ") || "no platform";
}

/** What BuildKit stores beside the images of an index. */
function isAttestation(descriptor: Descriptor): boolean {
  return (
    descriptor.annotations["vnd.docker.reference.type"] === "attestation-manifest" ||
    descriptor.platform?.architecture === "unknown"
  );
}
