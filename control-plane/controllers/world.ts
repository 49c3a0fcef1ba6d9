/** Everything controllers are given: ports, clock, randomness, and the leadership they act under. */
import type { Cache } from "#control-plane/cache/cache.ts";
import type { Fence } from "#control-plane/store/kv.ts";
import type { ObjectStore } from "#control-plane/store/object-store.ts";
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import type { Random } from "#proto/kit/random.ts";
import type { EngineMetrics } from "./engine/controller.ts";
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
  readonly metrics?: EngineMetrics;
}
