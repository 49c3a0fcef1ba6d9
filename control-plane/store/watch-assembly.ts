/**
 * Puts a watch's answers together: joins fragments, lets the revision advance only by what is complete, and refuses what
 * goes back in time (a lagging member after a reconnect). Pure.
 */
import type { IEvent, IWatchResponse } from "etcd3";
import { Problem } from "#proto/kit/problem.ts";
import type { EtcdKeyRange } from "./etcd-key-range.ts";
import type { WatchBatch, WatchEvent } from "./kv.ts";

export class WatchAssembly {
  readonly #keys: EtcdKeyRange;
  #revision: number;
  #fragments: IEvent[] = [];

  constructor(keys: EtcdKeyRange, afterRevision: number) {
    this.#keys = keys;
    this.#revision = afterRevision;
  }

  /** A batch when the answer completes one. Throws `expired` on compaction, `unavailable` when the stream is of no more use. */
  take(response: IWatchResponse): WatchBatch | undefined {
    // Answers to a progress request carry this id. etcd 3.4 may send them ahead of events: they prove nothing.
    if (response.watch_id === "-1") return undefined;
    if (response.canceled) throw canceled(response);
    if (response.created) return this.#created(Number(response.header.revision));
    if (response.events.length === 0 && this.#fragments.length === 0)
      return this.#progress(Number(response.header.revision));
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

  #event(event: IEvent): WatchEvent {
    const isPut = event.type === "Put" || String(event.type).toUpperCase() === "PUT";
    return {
      type: isPut ? "put" : "delete",
      key: this.#keys.strip(event.kv.key),
      value: isPut ? event.kv.value : new Uint8Array(),
      modRevision: Number(event.kv.mod_revision),
      createRevision: isPut ? Number(event.kv.create_revision) : 0,
      version: isPut ? Number(event.kv.version) : 0,
    };
  }
}

function canceled(response: IWatchResponse): Problem {
  const compacted = Number(response.compact_revision);
  if (compacted > 0) {
    return new Problem("expired", `the watch's revision was compacted; history starts at ${compacted}`);
  }
  return new Problem("unavailable", `etcd canceled the watch: ${response.cancel_reason || "no reason given"}`);
}
