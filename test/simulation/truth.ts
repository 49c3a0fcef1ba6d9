/** What the store really holds, event by event: the invariants look here, never at a cache. */
import { parseResourceKey, type ResourceKey, registryPrefix } from "#control-plane/store/keyspace.ts";
import type { WatchEvent } from "#control-plane/store/kv.ts";
import type { MemoryEtcd } from "#control-plane/store/memory-etcd.ts";
import type { ObjectCodec } from "#control-plane/store/object-codec.ts";
import type { KubeObject } from "#proto/resources/object.ts";

export interface TrueChange {
  /** PLURAL or PLURAL.GROUP. */
  readonly resource: string;
  readonly key: string;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
  readonly revision: number;
}

/** Where the object of a store's key is kept. */
interface Place {
  readonly key: ResourceKey;
  readonly resource: string;
  readonly objects: Map<string, KubeObject>;
}

const maxRevisions = 10_000;

export class Truth {
  readonly #etcd: MemoryEtcd;
  readonly #codec: ObjectCodec;
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  readonly #places = new Map<string, Place>();
  /** Until one of them changes. */
  readonly #lists = new Map<string, readonly KubeObject[]>();
  readonly #changedAt = new Map<string, number>();
  #revision: number;

  constructor(etcd: MemoryEtcd, codec: ObjectCodec) {
    this.#etcd = etcd;
    this.#codec = codec;
    this.#revision = etcd.revision;
  }

  /** Whether anything was written since the last call of `catchUp`. */
  get isBehind(): boolean {
    return this.#etcd.revision !== this.#revision;
  }

  /** Takes in what was written since the last call: a transaction is applied, then given, one after the other. */
  *catchUp(): Generator<readonly TrueChange[], void, undefined> {
    const { events, revision } = this.#etcd.changesAfter(this.#revision, registryPrefix, maxRevisions);
    this.#revision = revision;
    let transaction: TrueChange[] = [];
    for (const event of events) {
      if (transaction[0] && transaction[0].revision !== event.modRevision) {
        yield transaction;
        transaction = [];
      }
      const change = this.#apply(event);
      if (change) transaction.push(change);
    }
    if (transaction.length > 0) yield transaction;
  }

  #apply(event: WatchEvent): TrueChange | undefined {
    const place = this.#places.get(event.key) ?? this.#placeOf(event.key);
    if (!place) return undefined;
    const { key, resource, objects } = place;
    this.#changedAt.set(event.key, event.modRevision);
    const before = objects.get(event.key);
    const after = event.type === "put" ? this.#codec.decode(key, event.value, event.modRevision) : undefined;
    if (after) objects.set(event.key, after);
    else objects.delete(event.key);
    this.#lists.delete(resource);
    return { resource, key: event.key, before, after, revision: event.modRevision };
  }

  #placeOf(storeKey: string): Place | undefined {
    const key = parseResourceKey(storeKey);
    if (!key) return undefined;
    const resource = key.group === "" ? key.plural : `${key.plural}.${key.group}`;
    const objects = this.#objects.get(resource) ?? new Map<string, KubeObject>();
    this.#objects.set(resource, objects);
    const place = { key, resource, objects };
    this.#places.set(storeKey, place);
    return place;
  }

  /** Revision of the last write of this key, its deletion included; 0 = never. */
  changedAt(key: string): number {
    return this.#changedAt.get(key) ?? 0;
  }

  list<T extends KubeObject = KubeObject>(resource: string): readonly T[] {
    let list = this.#lists.get(resource);
    if (!list) {
      list = [...(this.#objects.get(resource)?.values() ?? [])];
      this.#lists.set(resource, list);
    }
    return list as unknown as readonly T[];
  }
}
