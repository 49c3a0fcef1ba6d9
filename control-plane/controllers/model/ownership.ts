/** Taking and giving up objects by `ownerReferences`. */
import type { KubeObject } from "#proto/resources/object.ts";
import { controllerReference } from "#proto/resources/owner.ts";
import { withMetadata } from "./object-change.ts";

export { controllerOf, controllerReference, isControlledBy } from "#proto/resources/owner.ts";

export function adopted<T extends KubeObject>(object: T, owner: KubeObject): T {
  const others = (object.metadata.ownerReferences ?? []).filter((one) => one.uid !== owner.metadata.uid);
  return withMetadata(object, { ownerReferences: [...others, controllerReference(owner)] });
}

export function released<T extends KubeObject>(object: T, owner: KubeObject): T {
  const left = (object.metadata.ownerReferences ?? []).filter((one) => one.uid !== owner.metadata.uid);
  return withMetadata(object, { ownerReferences: left.length > 0 ? left : undefined });
}

export const isTerminating = (object: KubeObject): boolean => object.metadata.deletionTimestamp !== undefined;
