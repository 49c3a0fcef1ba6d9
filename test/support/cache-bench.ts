/** A watch cache on the store in memory, with its faults, and short ways to write to it. */
import assert from "node:assert/strict";
import type { CacheBookmark, CacheChange, CacheIndex } from "#control-plane/cache/cache.ts";
import type { WatchCacheOptions } from "#control-plane/cache/watch-cache.ts";
import { WatchCache } from "#control-plane/cache/watch-cache.ts";
import { BatchingObjectStore } from "#control-plane/store/batching-object-store.ts";
import type { ResourceKey } from "#control-plane/store/keyspace.ts";
import type { KvFaults } from "#control-plane/store/kv-faults.ts";
import { MemoryEtcd } from "#control-plane/store/memory-etcd.ts";
import { MemoryKv } from "#control-plane/store/memory-kv.ts";
import { createObjectCodec } from "#control-plane/store/object-codec.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { seededRandom } from "#proto/kit/random.ts";
import type { KubeObject } from "#proto/resources/object.ts";

export const byNode: CacheIndex = {
  resource: "pods",
  name: "node",
  values: (pod) => {
    const { spec } = pod;
    const hasNode = typeof spec === "object" && spec !== null && "nodeName" in spec;
    return hasNode && typeof spec.nodeName === "string" ? [spec.nodeName] : [];
  },
};
export const keyOf = (name: string, namespace = "default"): ResourceKey => ({
  group: "",
  plural: "pods",
  namespace,
  name,
});
export const pod = (name: string, node?: string, namespace = "default"): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace, uid: `uid-${namespace}-${name}` },
  spec: node === undefined ? {} : { nodeName: node },
});
export const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
export const show = (change: CacheChange | CacheBookmark): string =>
  change.type === "bookmark" ? "bookmark" : `${change.type} ${change.name}`;

export type SetUp = Partial<WatchCacheOptions> & { readonly faults?: KvFaults; readonly promptProgress?: boolean };

export function setUp(options: SetUp = {}) {
  const clock = new ManualClock();
  const etcd = new MemoryEtcd(clock);
  const codec = createObjectCodec();
  const { faults = {}, promptProgress = true } = options;
  const kv = new MemoryKv({ clock, etcd, faults, promptProgress });
  const store = new BatchingObjectStore({ kv: new MemoryKv({ clock, etcd }), codec });
  const logged: string[] = [];
  const log = (_: unknown, message: string): void => void logged.push(message);
  const logger: Logger = { ...silentLogger, warn: log, error: log };
  const cache = new WatchCache({ kv, codec, clock, random: seededRandom(1), logger, indexes: [byNode], ...options });
  const stopping = new AbortController();
  const write = async (...writes: Parameters<typeof store.write>[0][]): Promise<KubeObject[]> => {
    const results = await Promise.all(writes.map((each) => store.write(each)));
    return results.map((result) => {
      assert.ok(result.ok, JSON.stringify(result));
      return result.object;
    });
  };
  const create = (...pods: KubeObject[]) =>
    write(
      ...pods.map((object) => ({
        kind: "create" as const,
        key: keyOf(object.metadata.name, object.metadata.namespace),
        object,
      })),
    );
  const update = async (object: KubeObject): Promise<KubeObject[]> => {
    const key = keyOf(object.metadata.name, object.metadata.namespace);
    const guard = (await store.get(key))?.metadata.resourceVersion ?? "0";
    return write({ kind: "update", key, object, guard });
  };
  const remove = async (name: string): Promise<KubeObject[]> => {
    const guard = (await store.get(keyOf(name)))?.metadata.resourceVersion ?? "0";
    return write({ kind: "delete", key: keyOf(name), guard });
  };
  const start = () => cache.start(stopping.signal);
  return { clock, etcd, cache, logged, create, update, remove, write, start, stopping };
}

export const names = (objects: readonly KubeObject[]): string[] =>
  objects.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);

/** Reads `count` items, then stops. */
export async function take(
  changes: AsyncIterable<CacheChange | CacheBookmark>,
  count: number,
): Promise<(CacheChange | CacheBookmark)[]> {
  const taken: (CacheChange | CacheBookmark)[] = [];
  for await (const change of changes) {
    taken.push(change);
    if (taken.length === count) break;
  }
  return taken;
}
