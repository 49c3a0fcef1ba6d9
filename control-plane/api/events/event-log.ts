/**
 * Events in the store, outside `registry/`: nobody decides anything on them, so they stay out of the cache and leave by
 * themselves. All events of a time bucket share one lease.
 */
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { eventKey, eventsPrefix } from "../../store/keyspace.ts";
import type { KeyValue, Kv, LeaseId, Write } from "../../store/kv.ts";
import { listPages } from "../../store/list-pages.ts";
import { type ObjectCodec, setPosition } from "../../store/object-codec.ts";
import { endOfRevision, formatResourceVersion } from "../../store/resource-version.ts";

export interface EventLogOptions {
  readonly kv: Kv;
  readonly codec: ObjectCodec;
  readonly clock: Clock;
  readonly retentionMs?: number;
}

export interface EventChange {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: KubeObject;
  readonly resourceVersion: string;
}

const defaultRetentionMs = 3_600_000;
const bucketsPerRetention = 6;

interface Bucket {
  readonly startsAtMs: number;
  readonly lease: Promise<LeaseId>;
}

export class EventLog {
  readonly #options: EventLogOptions;
  readonly #retentionMs: number;
  #bucket: Bucket | undefined;

  constructor(options: EventLogOptions) {
    this.#options = options;
    this.#retentionMs = options.retentionMs ?? defaultRetentionMs;
  }

  async get(namespace: string, name: string, signal?: AbortSignal): Promise<KubeObject | undefined> {
    const { item } = await this.#options.kv.get(eventKey(namespace, name), signal);
    return item && this.#decode(item);
  }

  /** All of a namespace, or of all when it is "". */
  async list(
    namespace: string,
    signal?: AbortSignal,
  ): Promise<{ readonly objects: readonly KubeObject[]; readonly resourceVersion: string }> {
    const objects: KubeObject[] = [];
    let revision = 0;
    for await (const page of listPages(this.#options.kv, { prefix: prefixOf(namespace) }, signal)) {
      revision = page.revision;
      for (const item of page.items) objects.push(this.#decode(item));
    }
    return { objects, resourceVersion: endOfRevision(revision) };
  }

  /** Every change after the revision, until the signal aborts. An event whose time is over is DELETED, with its name alone. */
  async *watch(
    namespace: string,
    afterRevision: number,
    signal: AbortSignal,
  ): AsyncGenerator<EventChange, void, undefined> {
    for await (const batch of this.#options.kv.watch(prefixOf(namespace), afterRevision, signal)) {
      for (const [position, event] of batch.events.entries()) {
        if (event.type === "put") {
          const object = this.#decode(event);
          const type = event.createRevision === event.modRevision ? "ADDED" : "MODIFIED";
          yield { type, object, resourceVersion: object.metadata.resourceVersion ?? "" };
        } else {
          const resourceVersion = formatResourceVersion(event.modRevision, position % 128);
          yield { type: "DELETED", object: trace(event.key, resourceVersion), resourceVersion };
        }
      }
    }
  }

  /** Overwrites what has the same name; at most 100 at once. */
  async put(objects: readonly KubeObject[], signal?: AbortSignal): Promise<void> {
    await this.#transact(objects, undefined, signal);
  }

  /** Undefined when the name is taken. */
  async create(object: KubeObject, signal?: AbortSignal): Promise<KubeObject | undefined> {
    const result = await this.#transact([object], 0, signal);
    if (!result.outcomes[0]?.ok) return undefined;
    const resourceVersion = formatResourceVersion(result.revision, 0);
    return { ...object, metadata: { ...object.metadata, resourceVersion } };
  }

  async remove(namespace: string, name: string, signal?: AbortSignal): Promise<void> {
    await this.#options.kv.transact([{ kind: "delete", key: eventKey(namespace, name) }], undefined, signal);
  }

  async #transact(objects: readonly KubeObject[], guard: 0 | undefined, signal?: AbortSignal) {
    const writes = async (): Promise<Write[]> => {
      const lease = await this.#lease();
      return objects.map((object, position) => this.#write(object, position, guard, lease));
    };
    try {
      return await this.#options.kv.transact(await writes(), undefined, signal);
    } catch (thrown) {
      // The lease is gone, as after a restored store: a new one, once.
      if (!Problem.is(thrown, "not-found")) throw thrown;
      this.#bucket = undefined;
      return await this.#options.kv.transact(await writes(), undefined, signal);
    }
  }

  #write(object: KubeObject, position: number, guard: 0 | undefined, lease: LeaseId): Write {
    const { namespace = "", name } = object.metadata;
    const value = this.#options.codec.encode({ group: "", plural: "events", namespace, name }, object);
    setPosition(value, position);
    return { kind: "put", key: eventKey(namespace, name), value, guard, lease };
  }

  #lease(): Promise<LeaseId> {
    const nowMs = this.#options.clock.monotonicMs();
    const bucketMs = this.#retentionMs / bucketsPerRetention;
    if (!this.#bucket || nowMs - this.#bucket.startsAtMs >= bucketMs) {
      const lease = this.#options.kv.grantLease(this.#retentionMs + bucketMs);
      const bucket = { startsAtMs: nowMs, lease };
      this.#bucket = bucket;
      lease.catch(() => {
        if (this.#bucket === bucket) this.#bucket = undefined;
      });
    }
    return this.#bucket.lease;
  }

  #decode(item: Pick<KeyValue, "key" | "value" | "modRevision">): KubeObject {
    const [, namespace = "", name = ""] = item.key.split("/");
    return this.#options.codec.decode({ group: "", plural: "events", namespace, name }, item.value, item.modRevision);
  }
}

/** What is left of an event whose time is over: who it was. */
function trace(key: string, resourceVersion: string): KubeObject {
  const [, namespace = "", name = ""] = key.split("/");
  return { apiVersion: "v1", kind: "Event", metadata: { name, namespace, resourceVersion } };
}

function prefixOf(namespace: string): string {
  return namespace === "" ? eventsPrefix : `${eventsPrefix}${namespace}/`;
}
