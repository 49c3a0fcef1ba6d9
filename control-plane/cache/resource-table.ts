/** All entries of one resource in order, with the indexes registered for it. */
import type { ResourceKey } from "#control-plane/store/keyspace.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { CacheIndex } from "./cache.ts";
import { compareEntries, type Entry } from "./entry.ts";

type Position = Pick<ResourceKey, "namespace" | "name">;

export interface Place {
  readonly at: number;
  /** Of the same position. */
  readonly previous: Entry | undefined;
  /** That one, or else a neighbour. */
  readonly beside: Entry | undefined;
}

/** All entries of one value of an index, and that value as the list that those share which have no other. */
interface Bucket {
  readonly values: readonly string[];
  readonly entries: Set<Entry>;
}

const none: readonly string[] = [];

export class ResourceTable {
  readonly indexes: readonly CacheIndex[];
  readonly #entries: Entry[] = [];
  readonly #byIndex: readonly Map<string, Bucket>[];

  constructor(indexes: readonly CacheIndex[]) {
    this.indexes = indexes;
    this.#byIndex = indexes.map(() => new Map());
  }

  get size(): number {
    return this.#entries.length;
  }

  get(position: Position): Entry | undefined {
    return this.place(position).previous;
  }

  /** Where an entry of this position stands, or would. Good until the next change. */
  place(position: Position): Place {
    const at = this.#lowerBound(position);
    const standing = this.#entries[at];
    const previous = standing && compareEntries(standing.key, position) === 0 ? standing : undefined;
    return { at, previous, beside: standing ?? this.#entries[at - 1] };
  }

  /** A copy, so that callers may hold it while the table changes. */
  list(namespace?: string): readonly Entry[] {
    if (namespace === undefined) return this.#entries.slice();
    const from = this.#lowerBound({ namespace, name: "" });
    let to = from;
    while (this.#entries[to]?.key.namespace === namespace) to++;
    return this.#entries.slice(from, to);
  }

  find(index: string, value: string): Iterable<Entry> {
    const at = this.indexes.findIndex((candidate) => candidate.name === index);
    return this.#byIndex[at]?.get(value)?.entries ?? [];
  }

  /** What an object is found by. Lists are shared: most objects have a neighbour on their node, and of their owner. */
  indexed(object: KubeObject): Entry["indexed"] {
    return this.indexes.map((index, at) => {
      const values = index.values(object);
      const [value] = values;
      if (value === undefined) return none;
      return values.length === 1 ? this.#bucket(at, value).values : values;
    });
  }

  hasIndex(index: string): boolean {
    return this.indexes.some((candidate) => candidate.name === index);
  }

  /** At the place of its key. */
  put(entry: Entry, { at, previous }: Place): void {
    if (previous) this.#unindex(previous);
    this.#entries.splice(at, previous ? 1 : 0, entry);
    for (const [i, values] of entry.indexed.entries()) {
      for (const value of values) this.#bucket(i, value).entries.add(entry);
    }
  }

  remove(position: Position): Entry | undefined {
    const { at, previous } = this.place(position);
    if (!previous) return undefined;
    this.#unindex(previous);
    this.#entries.splice(at, 1);
    return previous;
  }

  #bucket(index: number, value: string): Bucket {
    const buckets = this.#byIndex[index];
    let bucket = buckets?.get(value);
    if (!bucket) {
      bucket = { values: [value], entries: new Set() };
      buckets?.set(value, bucket);
    }
    return bucket;
  }

  #unindex(entry: Entry): void {
    for (const [i, values] of entry.indexed.entries()) {
      for (const value of values) {
        const bucket = this.#byIndex[i]?.get(value);
        bucket?.entries.delete(entry);
        if (bucket?.entries.size === 0) this.#byIndex[i]?.delete(value);
      }
    }
  }

  #lowerBound(position: Position): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const key = this.#entries[middle]?.key;
      if (key && compareEntries(key, position) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
