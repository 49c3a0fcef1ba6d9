/** `deployments.apps` ⇄ plural and group, and the queue key of an object. */
import type { KubeObject } from "#proto/resources/object.ts";

export interface NameParts {
  readonly group: string;
  readonly plural: string;
}

export function resourceParts(resource: string): NameParts {
  const dot = resource.indexOf(".");
  return dot < 0 ? { group: "", plural: resource } : { group: resource.slice(dot + 1), plural: resource.slice(0, dot) };
}

/** `NAMESPACE/NAME`, `/NAME` for cluster-scoped objects. */
export const keyOf = (object: KubeObject): string => `${object.metadata.namespace ?? ""}/${object.metadata.name}`;

export function splitKey(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf("/");
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
