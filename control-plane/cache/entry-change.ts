/** What the cache tells of one write. */
import type { KubeObject } from "#proto/resources/object.ts";
import type { CacheChange } from "./cache.ts";
import { type Entry, resourceOf } from "./entry.ts";

/** Where its objects come from. */
export type ReadEntry = (entry: Entry) => KubeObject;

/** A change that parses its objects only when someone looks. */
export class EntryChange implements CacheChange {
  readonly type: CacheChange["type"];
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string;
  readonly #read: ReadEntry;
  readonly #before: Entry | undefined;
  readonly #after: Entry;

  /** For a deletion `after` is the last state and `resourceVersion` the deletion's. */
  constructor(
    read: ReadEntry,
    type: CacheChange["type"],
    states: { readonly before: Entry | undefined; readonly after: Entry; readonly resourceVersion: string },
  ) {
    this.type = type;
    this.resource = resourceOf(states.after.key);
    this.namespace = states.after.key.namespace;
    this.name = states.after.key.name;
    this.resourceVersion = states.resourceVersion;
    this.#read = read;
    this.#before = states.before;
    this.#after = states.after;
  }

  get previous(): KubeObject | undefined {
    return this.#before && this.#read(this.#before);
  }

  get object(): KubeObject {
    const object = this.#read(this.#after);
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
