/** core/v1 Events: outside `registry/`, so they burden neither the main watch nor the cache, and gone after a while. */
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { BucketLeases } from "./bucket-leases.ts";
import { eventKey, eventsPrefix, type ResourceKey } from "./keyspace.ts";
import { type Guard, type Kv, maxWritesPerTransaction, type WatchEvent, type Write } from "./kv.ts";
import { type ObjectCodec, setPosition } from "./object-codec.ts";
import { endOfRevision, formatResourceVersion, revisionOf } from "./resource-version.ts";

export interface EventStoreOptions {
  readonly kv: Kv;
  readonly codec: ObjectCodec;
  readonly clock: Clock;
  /** How long an Event is kept after it was last written. */
  readonly ttlMs?: number;
}

export interface EventChange {
  readonly type: "added" | "modified" | "deleted";
  /** Of a deletion (mostly: its time was over) only apiVersion, kind, name and namespace are known. */
  readonly object: KubeObject;
}

export interface EventList {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  /** Give it as `after` for the next page. */
  readonly next: string | undefined;
}

const defaultTtlMs = 3_600_000;

export class EventStore {
  readonly #kv: Kv;
  readonly #codec: ObjectCodec;
  readonly #leases: BucketLeases;

  constructor(options: EventStoreOptions) {
    this.#kv = options.kv;
    this.#codec = options.codec;
    this.#leases = new BucketLeases({ ...options, ttlMs: options.ttlMs ?? defaultTtlMs });
  }

  /** Creates or replaces. At most 100 at once, each name once. */
  async put(events: readonly KubeObject[]): Promise<void> {
    for (let from = 0; from < events.length; from += maxWritesPerTransaction) {
      await this.#write(events.slice(from, from + maxWritesPerTransaction), undefined);
    }
  }

  /** Throws `already-exists`. */
  async create(event: KubeObject): Promise<KubeObject> {
    const revision = await this.#write([event], 0);
    if (revision === undefined) throw new Problem("already-exists", `Event ${placeOf(event)} exists already`);
    return { ...event, metadata: { ...event.metadata, resourceVersion: formatResourceVersion(revision, 0) } };
  }

  async get(namespace: string, name: string, signal?: AbortSignal): Promise<KubeObject | undefined> {
    const { item } = await this.#kv.get(eventKey(namespace, name), signal);
    return item && this.#codec.decode(keyOf(namespace, name), item.value, item.modRevision);
  }

  /** False when there was none, or it was not at `resourceVersion`. */
  async remove(namespace: string, name: string, resourceVersion?: string): Promise<boolean> {
    const guard = resourceVersion === undefined ? {} : { guard: revisionOf(resourceVersion) };
    const { outcomes } = await this.#kv.transact([{ kind: "delete", key: eventKey(namespace, name), ...guard }]);
    const [outcome] = outcomes;
    return outcome?.ok === true && outcome.previous !== undefined;
  }

  async list(
    options: {
      readonly namespace?: string;
      readonly limit?: number;
      readonly after?: string;
      readonly revision?: number;
    },
    signal?: AbortSignal,
  ): Promise<EventList> {
    const { namespace, ...paging } = options;
    const prefix = namespace === undefined ? eventsPrefix : eventKey(namespace, "");
    const { items, revision, more } = await this.#kv.list({ prefix, ...paging }, signal);
    return {
      items: items.flatMap((item) => this.#decode(item.key, item.value, item.modRevision) ?? []),
      resourceVersion: endOfRevision(revision),
      next: more ? items.at(-1)?.key : undefined,
    };
  }

  /** Changes strictly after a resourceVersion, until the signal aborts. Throws `expired` when it was compacted. */
  async *watch(resourceVersion: string, signal: AbortSignal, namespace?: string): AsyncIterable<EventChange> {
    const prefix = namespace === undefined ? eventsPrefix : eventKey(namespace, "");
    const after = Number(resourceVersion);
    const revision = revisionOf(resourceVersion);
    // A position within a revision: the revision is read again, and what stood there before the position is left out.
    const afterRevision = resourceVersion === endOfRevision(revision) ? revision : Math.max(0, revision - 1);
    for await (const batch of this.#kv.watch(prefix, afterRevision, signal)) {
      for (const event of batch.events) {
        const change = this.#change(event);
        if (change && Number(change.object.metadata.resourceVersion) > after) yield change;
      }
    }
  }

  /** The revision, or undefined when a guard did not hold. */
  async #write(events: readonly KubeObject[], guard: Guard, isRetry = false): Promise<number | undefined> {
    const lease = await this.#leases.current();
    const writes = events.map((event, position): Write => {
      const { namespace = "default", name } = event.metadata;
      const value = this.#codec.encode(keyOf(namespace, name), event);
      setPosition(value, position);
      return { kind: "put", key: eventKey(namespace, name), value, lease, ...(guard === undefined ? {} : { guard }) };
    });
    try {
      const { revision, outcomes } = await this.#kv.transact(writes);
      return outcomes.every((outcome) => outcome.ok) ? revision : undefined;
    } catch (thrown) {
      if (isRetry || !Problem.is(thrown, "not-found")) throw thrown;
      this.#leases.forget();
      return this.#write(events, guard, true);
    }
  }

  #change(event: WatchEvent): EventChange | undefined {
    if (event.type === "put") {
      const object = this.#decode(event.key, event.value, event.modRevision);
      return object && { type: event.createRevision === event.modRevision ? "added" : "modified", object };
    }
    const key = parseEventKey(event.key);
    if (!key) return undefined;
    const metadata = { name: key.name, namespace: key.namespace, resourceVersion: endOfRevision(event.modRevision) };
    return { type: "deleted", object: { apiVersion: "v1", kind: "Event", metadata } };
  }

  /** Undefined for what was not written by us: an Event that cannot be read is not worth an error. */
  #decode(storeKey: string, value: Uint8Array, modRevision: number): KubeObject | undefined {
    const key = parseEventKey(storeKey);
    try {
      return key && this.#codec.decode(key, value, modRevision);
    } catch {
      return undefined;
    }
  }
}

function keyOf(namespace: string, name: string): ResourceKey {
  return { group: "", plural: "events", namespace, name };
}

function parseEventKey(storeKey: string): ResourceKey | undefined {
  const [namespace, name, ...rest] = storeKey.slice(eventsPrefix.length).split("/");
  return namespace && name && rest.length === 0 ? keyOf(namespace, name) : undefined;
}

function placeOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? "default"}/${metadata.name}`;
}
