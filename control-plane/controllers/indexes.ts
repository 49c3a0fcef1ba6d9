/** The cache indexes that controllers read by. Given to the cache before it starts. */
import type { CacheIndex } from "#control-plane/cache/cache.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod } from "./model/kinds.ts";

const controllerUids = (object: KubeObject): readonly string[] => {
  const uid = object.metadata.ownerReferences?.find((owner) => owner.controller === true)?.uid;
  return uid === undefined ? [] : [uid];
};

/** Objects that nobody controls, by namespace: candidates for adoption. */
const orphanNamespaces = (object: KubeObject): readonly string[] =>
  controllerUids(object).length > 0 ? [] : [object.metadata.namespace ?? ""];

export const controllerIndexes: readonly CacheIndex[] = [
  {
    resource: "pods",
    name: "node",
    values: (object) => {
      const node = (object as Pod).spec.nodeName;
      return node === undefined || node === "" ? [] : [node];
    },
  },
  { resource: "pods", name: "controller", values: controllerUids },
  { resource: "pods", name: "orphan", values: orphanNamespaces },
  { resource: "replicasets.apps", name: "controller", values: controllerUids },
  { resource: "replicasets.apps", name: "orphan", values: orphanNamespaces },
];
