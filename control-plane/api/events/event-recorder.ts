/**
 * Tells people what happened: equal events are one object with a count, an object that makes noise is muted, and nobody who
 * records ever waits. What cannot be written soon is dropped: an event is news, not state.
 */
import { type Clock, toTime } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { EventLog } from "./event-log.ts";
import { NoiseLimit } from "./noise-limit.ts";

export interface RecordedEvent {
  readonly regarding: KubeObject;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  /** As `default-scheduler`, or with the machine: `orch-node-agent, worker-1`. */
  readonly source: string;
}

export interface StoredEventRecorderOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

interface Entry {
  readonly event: KubeObject;
  count: number;
  lastAtMs: number;
  /** Monotonic; undefined while it was never written. */
  writtenAtMs: number | undefined;
}

const maxKnown = 4_096;
const maxPending = 2_000;
const maxMessageLength = 1_024;
const batchSize = 100;
const gatherMs = 20;
/** A count that goes up is written no more often than this. */
const recountMs = 1_000;
/** Equal events further apart than this are news again. */
const forgetMs = 600_000;

export class StoredEventRecorder {
  readonly #options: StoredEventRecorderOptions;
  readonly #noise: NoiseLimit;
  /** By what makes events equal; oldest first. */
  readonly #known = new Map<string, Entry>();
  readonly #pending = new Set<Entry>();
  #isFlushing = false;
  #isScheduled = false;
  #isFailing = false;

  constructor(options: StoredEventRecorderOptions) {
    this.#options = options;
    this.#noise = new NoiseLimit(options.clock);
  }

  /** Never waits, never throws. */
  record(event: RecordedEvent): void {
    const entry = this.#entryOf(event);
    if (!entry || (this.#pending.size >= maxPending && !this.#pending.has(entry))) return;
    this.#pending.add(entry);
    this.#schedule(gatherMs);
  }

  /** Writes what waits, for an orderly end. */
  async flush(): Promise<void> {
    while (this.#isFlushing) await new Promise<void>((resolve) => this.#options.clock.after(gatherMs, resolve));
    await this.#flush(true);
  }

  /** Undefined when the object makes too much noise. */
  #entryOf(event: RecordedEvent): Entry | undefined {
    const { clock } = this.#options;
    const key = identityOf(event);
    const nowMs = clock.nowMs();
    const known = this.#known.get(key);
    this.#known.delete(key);
    if (known && nowMs - known.lastAtMs < forgetMs) {
      known.count++;
      known.lastAtMs = nowMs;
      this.#known.set(key, known);
      return known;
    }
    if (!this.#noise.admits(`${event.regarding.metadata.uid} ${event.source}`)) return undefined;
    const entry: Entry = { event: this.#newEvent(event, nowMs), count: 1, lastAtMs: nowMs, writtenAtMs: undefined };
    this.#known.set(key, entry);
    const oldest = this.#known.size > maxKnown ? this.#known.keys().next().value : undefined;
    if (oldest !== undefined) this.#known.delete(oldest);
    return entry;
  }

  #newEvent({ regarding, type, reason, message, source }: RecordedEvent, nowMs: number): KubeObject {
    const { name, namespace, uid, resourceVersion } = regarding.metadata;
    const [component = source, host] = source.split(", ");
    const suffix = Buffer.from(this.#options.random.bytes(8)).toString("hex");
    return {
      apiVersion: "v1",
      kind: "Event",
      metadata: {
        name: `${name.slice(0, 200)}.${suffix}`,
        namespace: namespace ?? "default",
        uid: this.#options.random.uuid(),
        creationTimestamp: toTime(nowMs),
      },
      involvedObject: { apiVersion: regarding.apiVersion, kind: regarding.kind, namespace, name, uid, resourceVersion },
      type,
      reason,
      message: message.slice(0, maxMessageLength),
      source: { component, ...(host !== undefined && { host }) },
      firstTimestamp: toTime(nowMs),
      reportingComponent: component,
      reportingInstance: host ?? "",
    };
  }

  #schedule(delayMs: number): void {
    if (this.#isScheduled || this.#isFlushing) return;
    this.#isScheduled = true;
    this.#options.clock.after(delayMs, () => {
      this.#isScheduled = false;
      void this.#flush(false);
    });
  }

  async #flush(all: boolean): Promise<void> {
    this.#isFlushing = true;
    const nowMs = this.#options.clock.monotonicMs();
    const due = [...this.#pending].filter(
      ({ writtenAtMs }) => all || writtenAtMs === undefined || nowMs - writtenAtMs >= recountMs,
    );
    for (let from = 0; from < due.length; from += batchSize) await this.#write(due.slice(from, from + batchSize));
    this.#isFlushing = false;
    if (this.#pending.size > 0) this.#schedule(due.length > 0 ? gatherMs : recountMs);
  }

  async #write(entries: readonly Entry[]): Promise<void> {
    const nowMs = this.#options.clock.monotonicMs();
    for (const entry of entries) {
      this.#pending.delete(entry);
      entry.writtenAtMs = nowMs;
    }
    try {
      await this.#options.log.put(
        entries.map(({ event, count, lastAtMs }) => ({ ...event, count, lastTimestamp: toTime(lastAtMs) })),
      );
      this.#isFailing = false;
    } catch (thrown) {
      if (this.#isFailing) return;
      this.#isFailing = true;
      this.#options.logger.warn(
        { problem: Problem.from(thrown).message },
        "events cannot be written; they are dropped",
      );
    }
  }
}

function identityOf({ regarding, type, reason, message, source }: RecordedEvent): string {
  const { uid, namespace, name } = regarding.metadata;
  return [source, type, reason, regarding.kind, namespace, name, uid, message.slice(0, maxMessageLength)].join("\n");
}
