/** An object as people read and change it: without what the server alone keeps. Pure. */
import { findEntry } from "#proto/resources/catalog.ts";
import type { KubeObject } from "#proto/resources/object.ts";

/** Identity stays, the server's own bookkeeping and the status go. */
export function editable(object: KubeObject): KubeObject {
  const {
    uid: _uid,
    resourceVersion: _resourceVersion,
    generation: _generation,
    creationTimestamp: _creation,
    deletionTimestamp: _deletion,
    deletionGracePeriodSeconds: _grace,
    managedFields: _managed,
    ...metadata
  } = object.metadata;
  const { apiVersion, kind, metadata: _metadata, status, ...rest } = object;
  const hasOwnStatus = findEntry({ apiVersion, kind })?.subresources.includes("status") ?? false;
  return { apiVersion, kind, metadata, ...rest, ...(!hasOwnStatus && status !== undefined && { status }) };
}
