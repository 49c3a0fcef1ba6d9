/** One person's hands: reads and guarded writes over a connection of their own, on which answers get lost, too. */
import { BatchingObjectStore } from "#control-plane/store/batching-object-store.ts";
import { type ResourceKey, resourceKey } from "#control-plane/store/keyspace.ts";
import { MemoryKv } from "#control-plane/store/memory-kv.ts";
import type { ObjectWrite } from "#control-plane/store/object-store.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { SimWorld } from "./sim-world.ts";

const maxTries = 20;

export class Person {
  readonly #world: SimWorld;
  readonly #store: BatchingObjectStore;

  constructor(world: SimWorld) {
    this.#world = world;
    const faults = world.chaos.storeFaults(
      () => false,
      () => world.clock.monotonicMs(),
    );
    const kv = new MemoryKv({ clock: world.clock, etcd: world.etcd, faults });
    this.#store = new BatchingObjectStore({ kv, codec: world.codec });
  }

  async create(key: ResourceKey, object: KubeObject): Promise<void> {
    for (let tries = 0; tries < maxTries && !(await this.write({ kind: "create", key, object })); tries++);
  }

  /** Reads and decides until its write is done, or `decide` wants none, or the object is gone. */
  async change(key: ResourceKey, decide: (current: KubeObject) => ObjectWrite | undefined): Promise<void> {
    for (let tries = 0; tries < maxTries; tries++) {
      const current = await this.#store.get(key).catch(() => "unknown" as const);
      if (current === "unknown") continue;
      const write = current && decide(current);
      if (!write || (await this.write(write))) return;
    }
  }

  /** True once it is done. What was acknowledged must be in the store from then on (I7); a lost answer may mean either. */
  async write(write: ObjectWrite): Promise<boolean> {
    try {
      const result = await this.#store.write(write);
      const isOwn = !result.ok && write.kind === "create" && result.current?.metadata.uid === write.object.metadata.uid;
      if (result.ok) this.#world.acknowledged(resourceKey(write.key), result.object.metadata.resourceVersion ?? "");
      return result.ok || isOwn;
    } catch (thrown) {
      if (Problem.from(thrown).retry === "never") throw thrown;
      this.#world.chaos.sometimes("a person does not know whether it was done");
      return false;
    }
  }
}

/** To be written over the version it was made from. */
export function update(resource: ResourceKey, current: KubeObject, object: KubeObject): ObjectWrite {
  return { kind: "update", key: resource, object, guard: current.metadata.resourceVersion ?? "" };
}
