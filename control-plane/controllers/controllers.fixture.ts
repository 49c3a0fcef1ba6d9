/** A control plane's lower half in memory (store, cache) with the real controllers on top, for tests. */
import { WatchCache } from "#control-plane/cache/watch-cache.ts";
import { BatchingObjectStore } from "#control-plane/store/batching-object-store.ts";
import { leaderKey } from "#control-plane/store/keyspace.ts";
import type { Fence } from "#control-plane/store/kv.ts";
import { MemoryKv } from "#control-plane/store/memory-kv.ts";
import { createObjectCodec } from "#control-plane/store/object-codec.ts";
import type { ObjectStore } from "#control-plane/store/object-store.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { seededRandom } from "#proto/kit/random.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { born, resourceKeyOf } from "./engine/apply.ts";
import type { RecordedEvent } from "./event-recorder.ts";
import { controllerIndexes } from "./indexes.ts";
import type { NodeLiveness } from "./node-liveness.ts";
import { type ControllerSettings, defaultControllerSettings } from "./settings.ts";
import { type RunningControllers, startControllers } from "./start.ts";

/** Liveness told by hand. */
export class ScriptedLiveness implements NodeLiveness {
  readonly heard = new Map<string, number>();
  readonly #handlers = new Set<(node: string) => void>();
  judges: number | undefined = 0;

  lastHeardAtMs(node: string): number | undefined {
    return this.heard.get(node);
  }

  judgesSinceMs(): number | undefined {
    return this.judges;
  }

  subscribe(handler: (node: string) => void): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  beat(node: string, atMs: number): void {
    this.heard.set(node, atMs);
    for (const handler of this.#handlers) handler(node);
  }
}

export interface TestPlane {
  readonly clock: ManualClock;
  readonly cache: WatchCache;
  readonly store: ObjectStore;
  readonly liveness: ScriptedLiveness;
  readonly events: RecordedEvent[];
  readonly running: RunningControllers;
  create(resource: string, object: KubeObject): Promise<KubeObject>;
  update(resource: string, object: KubeObject): Promise<KubeObject>;
  /** Runs all that can run without time passing. */
  settle(): Promise<void>;
  /** Lets time pass in steps, settling in between. */
  pass(ms: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startTestPlane(settings: Partial<ControllerSettings> = {}): Promise<TestPlane> {
  const clock = new ManualClock();
  const random = seededRandom(1);
  const kv = new MemoryKv({ clock });
  const codec = createObjectCodec();
  const store = new BatchingObjectStore({ kv, codec });
  const cache = new WatchCache({ kv, codec, clock, random, logger: silentLogger, indexes: controllerIndexes });
  const stopping = new AbortController();
  await cache.start(stopping.signal);
  const fence = await lead(kv);
  const liveness = new ScriptedLiveness();
  const events: RecordedEvent[] = [];
  const running = startControllers({
    cache,
    objectStore: store,
    clock,
    random,
    logger: silentLogger,
    liveness,
    events: { record: (event) => void events.push(event) },
    fence,
    signal: stopping.signal,
    settings: { ...defaultControllerSettings, ...settings },
  });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 60; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  const write = async (kind: "create" | "update", resource: string, object: KubeObject): Promise<KubeObject> => {
    const key = resourceKeyOf(resource, object);
    const result =
      kind === "create"
        ? await store.write({ kind, key, object: born(object, { clock, random }) })
        : await store.write({ kind, key, object, guard: object.metadata.resourceVersion ?? "" });
    if (!result.ok) throw new Error(`${kind} ${resource} ${object.metadata.name}: ${result.reason}`);
    return result.object;
  };
  return {
    clock,
    cache,
    store,
    liveness,
    events,
    running,
    settle,
    create: (resource, object) => write("create", resource, object),
    update: (resource, object) => write("update", resource, object),
    async pass(ms) {
      for (let left = ms; left > 0; left -= 100) {
        clock.advance(Math.min(100, left));
        await settle();
      }
    },
    async stop() {
      stopping.abort(new DOMException("stopping", "AbortError"));
      await running.stop();
      await kv.close();
    },
  };
}

async function lead(kv: MemoryKv): Promise<Fence> {
  await kv.transact([{ kind: "put", key: leaderKey, value: new Uint8Array(), guard: 0 }]);
  const { item } = await kv.get(leaderKey);
  if (!item) throw new Error("no leader key");
  return { key: leaderKey, createRevision: item.createRevision };
}
