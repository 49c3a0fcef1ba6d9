/** Who controls what, by `ownerReferences`. */
import type { KubeObject, OwnerReference } from "#proto/resources/object.ts";
import { withMetadata } from "./object-change.ts";

export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true);
}

export function isControlledBy(object: KubeObject, owner: KubeObject): boolean {
  return controllerOf(object)?.uid === owner.metadata.uid;
}

/** The reference by which `owner` controls; deletion of the owner in the foreground waits for such dependents. */
export function controllerReference(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? "",
    controller: true,
    blockOwnerDeletion: true,
  };
}

export function adopted<T extends KubeObject>(object: T, owner: KubeObject): T {
  const others = (object.metadata.ownerReferences ?? []).filter((one) => one.uid !== owner.metadata.uid);
  return withMetadata(object, { ownerReferences: [...others, controllerReference(owner)] });
}

export function released<T extends KubeObject>(object: T, owner: KubeObject): T {
  const left = (object.metadata.ownerReferences ?? []).filter((one) => one.uid !== owner.metadata.uid);
  return withMetadata(object, { ownerReferences: left.length > 0 ? left : undefined });
}

export const isTerminating = (object: KubeObject): boolean => object.metadata.deletionTimestamp !== undefined;
