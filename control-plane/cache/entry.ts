/** One object as the cache holds it: stored bytes and the few fields it is found by. The object itself is parsed on demand. */
import type { ResourceKey } from "#control-plane/store/keyspace.ts";
import { formatResourceVersion } from "#control-plane/store/resource-version.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { CacheChange } from "./cache.ts";
import type { ParsedObjects } from "./parsed-objects.ts";

export interface Entry {
  readonly key: ResourceKey;
  readonly value: Uint8Array;
  readonly modRevision: number;
  readonly createRevision: number;
  /** How often it was written since its creation. */
  readonly version: number;
  readonly position: number;
  readonly uid: string;
  /** Index values, in the order of the table's indexes. */
  readonly indexed: readonly (readonly string[])[];
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

/** A change that parses its objects only when someone looks. */
export class EntryChange implements CacheChange {
  readonly type: CacheChange["type"];
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string;
  readonly #objects: ParsedObjects;
  readonly #before: Entry | undefined;
  readonly #after: Entry;

  /** For a deletion `after` is the last state and `resourceVersion` the deletion's. */
  constructor(
    objects: ParsedObjects,
    type: CacheChange["type"],
    states: { readonly before: Entry | undefined; readonly after: Entry; readonly resourceVersion: string },
  ) {
    this.type = type;
    this.resource = resourceOf(states.after.key);
    this.namespace = states.after.key.namespace;
    this.name = states.after.key.name;
    this.resourceVersion = states.resourceVersion;
    this.#objects = objects;
    this.#before = states.before;
    this.#after = states.after;
  }

  get previous(): KubeObject | undefined {
    return this.#before && this.#objects.get(this.#before);
  }

  get object(): KubeObject {
    const object = this.#objects.get(this.#after);
    if (this.type !== "deleted") return object;
    return Object.freeze({
      ...object,
      metadata: Object.freeze({ ...object.metadata, resourceVersion: this.resourceVersion }),
    });
  }

  /** Bytes this change keeps alive. */
  get heldBytes(): number {
    return this.#after.value.byteLength + (this.#before?.value.byteLength ?? 0);
  }
}
