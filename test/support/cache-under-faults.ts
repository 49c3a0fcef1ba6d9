/** Random writes to a store, a cache that follows it through a faulty watch, clients of that cache: does all come out right? */
import assert from "node:assert/strict";
import type { Cache } from "#control-plane/cache/cache.ts";
import { BatchingObjectStore } from "#control-plane/store/batching-object-store.ts";
import type { Kv } from "#control-plane/store/kv.ts";
import { createObjectCodec } from "#control-plane/store/object-codec.ts";
import type { Random } from "#proto/kit/random.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { keyOf, pod } from "./cache-bench.ts";
import type { WatchingClient, Written } from "./watching-client.ts";

const names = Array.from({ length: 8 }, (_, i) => `pod-${i}`);

export class RandomWrites {
  readonly written: Written[] = [];
  readonly #store: BatchingObjectStore;
  readonly #kv: Kv;
  readonly #random: Random;
  readonly #codec = createObjectCodec();

  constructor(kv: Kv, random: Random) {
    this.#kv = kv;
    this.#random = random;
    this.#store = new BatchingObjectStore({ kv, codec: this.#codec });
  }

  /** One to four writes at once, of different objects. */
  async step(): Promise<void> {
    const chosen = names.filter(() => this.#random.next() < 0.3).slice(0, 4);
    const done = await Promise.all(chosen.map((name) => this.#write(name)));
    this.written.push(...done);
    this.written.sort((left, right) => Number(left.resourceVersion) - Number(right.resourceVersion));
  }

  /** Name and resourceVersion of all that stands, by a linearizable list. */
  async standing(): Promise<ReadonlyMap<string, string>> {
    const { items } = await this.#kv.list({ prefix: "registry/core/pods/" });
    const objects = items.map(({ key, value, modRevision }) => {
      const name = key.split("/").at(-1) ?? "";
      return this.#codec.decode(keyOf(name), value, modRevision);
    });
    return new Map(objects.map(({ metadata }) => [metadata.name, metadata.resourceVersion ?? ""]));
  }

  async #write(name: string): Promise<Written> {
    const key = keyOf(name);
    const current = await this.#store.get(key);
    const guard = current?.metadata.resourceVersion ?? "";
    const object: KubeObject = pod(name, `node-${Math.floor(this.#random.next() * 100)}`);
    const type = !current ? "added" : this.#random.next() < 0.4 ? "deleted" : "modified";
    const result = await this.#store.write(
      type === "added"
        ? { kind: "create", key, object }
        : type === "deleted"
          ? { kind: "delete", key, guard }
          : { kind: "update", key, object, guard },
    );
    assert.ok(result.ok, "nobody else writes");
    return { type, name, resourceVersion: result.object.metadata.resourceVersion ?? "" };
  }
}

export interface UnderFaults {
  readonly cache: Cache;
  readonly writes: RandomWrites;
  readonly clients: readonly WatchingClient[];
}

export async function assertConverged({ cache, writes, clients }: UnderFaults): Promise<void> {
  const standing = await writes.standing();
  const cached = cache.list("pods").map(({ metadata }) => [metadata.name, metadata.resourceVersion ?? ""] as const);
  assert.deepEqual(new Map([...cached].sort()), new Map([...standing].sort()), "the cache is the list");
  for (const client of clients) client.assertComplete(standing, writes.written);
}
