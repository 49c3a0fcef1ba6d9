/** What a pod's images are pinned to, and where that is kept: on its ReplicaSet, so that all pods of a revision share it. Reads only. */
import { digestInName, type ImagePins, imagePins } from "#proto/resources/image-pins.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { controllerOf } from "#proto/resources/owner.ts";
import type { Container, Pod } from "#proto/resources/pod.ts";
import { allContainers } from "#proto/resources/pod-containers.ts";

export type ObjectReader = (resource: string, namespace: string, name: string) => KubeObject | undefined;

export interface PinHolder {
  readonly resource: "replicasets.apps";
  readonly object: KubeObject;
}

/** Undefined for a pod that stands for itself: its node remembers. */
export function pinHolderOf(pod: KubeObject, get: ObjectReader): PinHolder | undefined {
  const owner = controllerOf(pod);
  if (owner?.kind !== "ReplicaSet") return undefined;
  const object = get("replicasets.apps", pod.metadata.namespace ?? "", owner.name);
  return object && object.metadata.uid === owner.uid ? { resource: "replicasets.apps", object } : undefined;
}

/** What its node is told: the pod's own annotation goes before that of its revision. */
export function pinsOf(pod: KubeObject, get: ObjectReader): ImagePins {
  return { ...imagePins(pinHolderOf(pod, get)?.object), ...imagePins(pod) };
}

export function containersOf(pod: KubeObject): readonly Container[] {
  const { spec } = pod as unknown as Partial<Pod>;
  return spec ? allContainers({ spec }) : [];
}

/** Digests of the images that the pod may run, or runs by its node's own word. */
export function digestsOf(pod: KubeObject, get: ObjectReader): readonly string[] {
  const pins = pinsOf(pod, get);
  const { status } = pod as unknown as Partial<Pod>;
  const running = [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ];
  return [
    ...containersOf(pod).flatMap(({ image = "" }) => digestInName(image) ?? pins[image] ?? []),
    ...running.flatMap(({ imageID }) => digestInName(imageID) ?? []),
  ];
}
