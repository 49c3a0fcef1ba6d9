/** Owner references: who an object is deleted with, and which one controller manages it. */
import type { KubeObject, OwnerReference } from "./object.ts";

/** Reference to the controller of a new object. `owner` must be stored already: it needs its uid. */
export function controllerReference(owner: KubeObject): OwnerReference {
  const { name, uid } = owner.metadata;
  if (uid === undefined) throw new TypeError(`${owner.kind} ${name} has no uid yet`);
  return { apiVersion: owner.apiVersion, kind: owner.kind, name, uid, controller: true, blockOwnerDeletion: true };
}

type Owned = Pick<KubeObject, "metadata">;

export const controllerOf = (object: Owned): OwnerReference | undefined =>
  object.metadata.ownerReferences?.find((reference) => reference.controller === true);

export const isControlledBy = (object: Owned, owner: Owned): boolean =>
  owner.metadata.uid !== undefined && controllerOf(object)?.uid === owner.metadata.uid;

export const isOwnedBy = (object: Owned, uid: string): boolean =>
  object.metadata.ownerReferences?.some((reference) => reference.uid === uid) ?? false;
