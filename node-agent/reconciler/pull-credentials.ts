/** Registry credentials for one image from a pod's imagePullSecrets, in Kubernetes' order: the most specific entry first. */
import type { Pod } from "#proto/resources/pod.ts";
import { repositoryOf } from "#proto/resources/registry-match.ts";
import type { RegistryCredentials } from "../images/image-store.ts";
import { secretCredentials } from "../images/registry/docker-config.ts";
import type { PodObjects } from "../volumes/volume-store.ts";

/** Secrets that are missing or cannot be read give none: the registry's answer then tells what is wrong. */
export function pullCredentials(pod: Pod, reference: string, objects: PodObjects): readonly RegistryCredentials[] {
  const repository = repositoryOf(reference);
  return (pod.spec.imagePullSecrets ?? []).flatMap(({ name }) => {
    return secretCredentials(objects.secret(name ?? "")?.data, repository);
  });
}
