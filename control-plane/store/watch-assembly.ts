/**
 * Puts a watch's answers together: joins fragments, lets the revision advance only by what is complete, and refuses what
 * goes back in time (a lagging member after a reconnect). Pure.
 */
import { Problem } from "#proto/kit/problem.ts";
import type { EtcdKeyRange } from "./etcd-key-range.ts";
import type { EtcdEvent, WatchAnswer } from "./etcd-messages.ts";
import type { WatchBatch, WatchEvent } from "./kv.ts";

export class WatchAssembly {
  readonly #keys: EtcdKeyRange;
  #revision: number;
  #fragments: EtcdEvent[] = [];

  constructor(keys: EtcdKeyRange, afterRevision: number) {
    this.#keys = keys;
    this.#revision = afterRevision;
  }

  /** A batch when the answer completes one. Throws `expired` on compaction, `unavailable` when the stream is of no more use. */
  take(response: WatchAnswer): WatchBatch | undefined {
    // Answers to a progress request carry this id. etcd 3.4 may send them ahead of events: they prove nothing.
    if (response.watchId === -1) return undefined;
    if (response.canceled) throw canceled(response);
    if (response.created) return this.#created(response.revision);
    if (response.events.length === 0 && this.#fragments.length === 0) return this.#progress(response.revision);
    this.#fragments.push(...response.events);
    if (response.fragment) return undefined;
    const events = this.#fragments.map((event) => this.#event(event));
    this.#fragments = [];
    return this.#batch(events);
  }

  /** etcd would wait in silence for a revision of the future: a store restored from a backup, or a member that lags behind. */
  #created(revision: number): WatchBatch {
    if (revision >= this.#revision) return { revision: this.#revision, events: [] };
    throw new Problem("expired", `the store is at revision ${revision}, before the watch's ${this.#revision}`);
  }

  /** Sent by etcd to a watch that is up to date, in order with its events. */
  #progress(revision: number): WatchBatch | undefined {
    if (revision <= this.#revision) return undefined;
    this.#revision = revision;
    return { revision, events: [] };
  }

  #batch(events: readonly WatchEvent[]): WatchBatch {
    let revision = this.#revision;
    for (const [i, event] of events.entries()) {
      const isOld = event.modRevision <= this.#revision;
      if (isOld || event.modRevision < (events[i - 1]?.modRevision ?? 0)) {
        throw new Problem("unavailable", `etcd's watch went back to revision ${event.modRevision} from ${revision}`);
      }
      revision = event.modRevision;
    }
    this.#revision = revision;
    return { revision, events };
  }

  #event({ type, item }: EtcdEvent): WatchEvent {
    const isPut = type === "put";
    return {
      type,
      key: this.#keys.strip(item.key),
      value: isPut ? item.value : nothing,
      modRevision: item.modRevision,
      createRevision: isPut ? item.createRevision : 0,
      version: isPut ? item.version : 0,
    };
  }
}

const nothing = new Uint8Array();

function canceled(response: WatchAnswer): Problem {
  const compacted = response.compactRevision;
  if (compacted > 0) {
    return new Problem("expired", `the watch's revision was compacted; history starts at ${compacted}`);
  }
  return new Problem("unavailable", `etcd canceled the watch: ${response.cancelReason || "no reason given"}`);
}
