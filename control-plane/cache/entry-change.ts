/** What the cache tells of one write. */
import type { KubeObject } from "#proto/resources/object.ts";
import type { CacheChange } from "./cache.ts";
import { type Entry, resourceOf } from "./entry.ts";
import type { ParsedObjects } from "./parsed-objects.ts";

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
    return this.#after.packed.length + (this.#before?.packed.length ?? 0);
  }
}
