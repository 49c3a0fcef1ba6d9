/** One object as the cache holds it: stored bytes and the few fields it is found by. The object itself is parsed on demand. */
import type { ResourceKey } from "#control-plane/store/keyspace.ts";
import { formatResourceVersion } from "#control-plane/store/resource-version.ts";

export interface Entry {
  readonly key: ResourceKey;
  /** The stored bytes, one a character: see `packed`. */
  readonly packed: string;
  readonly modRevision: number;
  readonly createRevision: number;
  /** How often it was written since its creation. */
  readonly version: number;
  readonly position: number;
  readonly uid: string;
  /** Index values, in the order of the table's indexes. */
  readonly indexed: readonly (readonly string[])[];
}

/**
 * Bytes as a string of Latin-1, which takes as many bytes on the heap and no more: an array of its own would cost several hundred
 * bytes besides for each object, and a window would keep the whole answer of the store alive.
 */
export function packed(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

export function unpacked(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

export function entryResourceVersion(entry: Entry): string {
  return formatResourceVersion(entry.modRevision, entry.position);
}

/** `pods`, `deployments.apps`. */
export function resourceOf(key: { readonly group: string; readonly plural: string }): string {
  return key.group === "" ? key.plural : `${key.plural}.${key.group}`;
}

type Place = Pick<ResourceKey, "namespace" | "name">;

/** By namespace, then name. */
export function compareEntries(left: Place, right: Place): number {
  if (left.namespace !== right.namespace) return left.namespace < right.namespace ? -1 : 1;
  if (left.name !== right.name) return left.name < right.name ? -1 : 1;
  return 0;
}
