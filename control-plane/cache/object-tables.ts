/** The objects of the cache: one table per resource, all uids, and the parsed objects. Reads only, but for `put` and `remove`. */

import { parseResourceKey, type ResourceKey, resourceKey } from "#control-plane/store/keyspace.ts";
import type { KeyValue } from "#control-plane/store/kv.ts";
import type { ObjectCodec } from "#control-plane/store/object-codec.ts";
import { positionOf } from "#control-plane/store/resource-version.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { CacheIndex } from "./cache.ts";
import { type Entry, packed, resourceOf } from "./entry.ts";
import { ParsedObjects } from "./parsed-objects.ts";
import { ResourceTable } from "./resource-table.ts";

export type StoredItem = Omit<KeyValue, "key">;

/**
 * The same key, of strings that are there anyway: parts of a text that was split keep the whole text alive, and most objects
 * share their namespace with a neighbour.
 */
function lastingKey(key: ResourceKey, { metadata }: KubeObject, beside: ResourceKey | undefined): ResourceKey {
  const { group, plural } = beside ?? key;
  const namespace = beside?.namespace === key.namespace ? beside.namespace : key.namespace;
  return { group, plural, namespace, name: metadata.name === key.name ? metadata.name : key.name };
}

export class ObjectTables {
  readonly parsed: ParsedObjects;
  readonly #codec: ObjectCodec;
  readonly #indexes: readonly CacheIndex[];
  readonly #tables = new Map<string, ResourceTable>();
  readonly #byUid = new Map<string, Entry>();

  constructor(codec: ObjectCodec, indexes: readonly CacheIndex[], maxParsedBytes: number) {
    this.#codec = codec;
    this.#indexes = indexes;
    this.parsed = new ParsedObjects(codec, maxParsedBytes);
  }

  get(key: ResourceKey): Entry | undefined {
    return this.#tables.get(resourceOf(key))?.get(key);
  }

  at(storeKey: string): Entry | undefined {
    const key = parseResourceKey(storeKey);
    return key && this.get(key);
  }

  find(resource: string, namespace: string, name: string): Entry | undefined {
    return this.#tables.get(resource)?.get({ namespace, name });
  }

  list(resource: string, namespace?: string): readonly Entry[] {
    return this.#tables.get(resource)?.list(namespace) ?? [];
  }

  byIndex(resource: string, index: string, value: string): readonly Entry[] {
    return [...(this.#tables.get(resource)?.find(index, value) ?? [])];
  }

  byUid(uid: string): Entry | undefined {
    return this.#byUid.get(uid);
  }

  count(resource: string): number {
    return this.#tables.get(resource)?.size ?? 0;
  }

  *all(): Iterable<Entry> {
    for (const table of [...this.#tables.values()]) yield* table.list();
  }

  *keys(): Iterable<string> {
    for (const entry of this.all()) yield resourceKey(entry.key);
  }

  /** Takes one stored value in: `news` that will be read at once, or part of a `list`. Throws what the codec throws. */
  put(
    key: ResourceKey,
    item: StoredItem,
    from: "news" | "list",
  ): { readonly entry: Entry; readonly previous: Entry | undefined } {
    const object = this.#codec.decode(key, item.value, item.modRevision);
    const table = this.#table(resourceOf(key));
    const place = table.place(key);
    const { previous } = place;
    const entry: Entry = {
      key: lastingKey(key, object, place.beside?.key),
      packed: packed(item.value),
      modRevision: item.modRevision,
      createRevision: item.createRevision,
      version: item.version,
      position: positionOf(object.metadata.resourceVersion ?? ""),
      uid: object.metadata.uid ?? "",
      indexed: table.indexed(object),
    };
    table.put(entry, place);
    if (previous && previous.uid !== entry.uid) this.#byUid.delete(previous.uid);
    if (entry.uid !== "") this.#byUid.set(entry.uid, entry);
    if (from === "news") this.parsed.keep(entry, object);
    else this.parsed.offer(entry, object);
    return { entry, previous };
  }

  remove(key: ResourceKey): Entry | undefined {
    const entry = this.#tables.get(resourceOf(key))?.remove(key);
    if (entry && this.#byUid.get(entry.uid) === entry) this.#byUid.delete(entry.uid);
    return entry;
  }

  read(entry: Entry): KubeObject {
    return this.parsed.get(entry);
  }

  #table(resource: string): ResourceTable {
    let table = this.#tables.get(resource);
    if (!table) {
      table = new ResourceTable(this.#indexes.filter((index) => index.resource === resource));
      this.#tables.set(resource, table);
    }
    return table;
  }
}
