/** What the API works with. Everything is a port; wiring fills it in. */
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import type { Random } from "#proto/kit/random.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Cache } from "../cache/cache.ts";
import type { ReportedEvent } from "../store/event-aggregation.ts";
import type { EventStore } from "../store/event-store.ts";
import type { ResourceKey } from "../store/keyspace.ts";
import type { Kv } from "../store/kv.ts";
import type { ObjectStore } from "../store/object-store.ts";
import type { Authorizer, Caller } from "./authorize.ts";
import type { SizeLimits } from "./size-limits.ts";

export interface ApiEnvironment {
  readonly cache: Cache;
  readonly store: ObjectStore;
  /** For pages of a list at one revision, and to learn the current revision. */
  readonly kv: Pick<Kv, "get" | "list">;
  readonly codec: { decode(key: ResourceKey, value: Uint8Array, modRevision: number): KubeObject };
  readonly events: EventStore;
  /** Never waits, never throws. */
  readonly recorder: { record(event: ReportedEvent): void };
  readonly authorizer: Authorizer;
  readonly sizes: SizeLimits;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export interface Call {
  readonly caller: Caller;
  readonly signal: AbortSignal;
}
