/**
 * The port to the in-process cache of everything below `registry/`: fed by one store watch, read by controllers,
 * scheduler, API lists and watches, and agents' sessions. `watch-cache.ts` implements it.
 * Objects handed out are deeply frozen: change a structuredClone.
 */
import type { KubeObject } from "#proto/resources/object.ts";

export interface CacheChange {
  readonly type: "added" | "modified" | "deleted";
  /** PLURAL or PLURAL.GROUP, as `pods`, `deployments.apps`. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  /** Before the change; undefined when added. */
  readonly previous: KubeObject | undefined;
  /** After the change; for a deletion the last state, with the deletion's resourceVersion. */
  readonly object: KubeObject;
  readonly resourceVersion: string;
}

/** Everything up to `resourceVersion` was delivered: a reader may go on from there later. */
export interface CacheBookmark {
  readonly type: "bookmark";
  readonly resourceVersion: string;
}

/** Parts of an object by which it can be found without a scan. Registered once, before start. */
export interface CacheIndex {
  readonly resource: string;
  readonly name: string; // e.g. "node", "owner"
  /** Values under which the object is found; none = not in this index. */
  readonly values: (object: KubeObject) => readonly string[];
}

export interface CacheView {
  get(resource: string, namespace: string, name: string): KubeObject | undefined;
  /** Sorted by namespace, then name. */
  list(resource: string, namespace?: string): readonly KubeObject[];
  /** The same objects as of this call, each parsed when its turn comes: for long walks that pause in between. */
  each(resource: string, namespace?: string): Iterable<KubeObject>;
  /** JSON of the same objects, without parsing them where that can be spared. Not for Secrets: theirs are sealed. */
  eachJson(resource: string, namespace?: string): Iterable<Uint8Array>;
  byIndex(resource: string, index: string, value: string): readonly KubeObject[];
  byUid(uid: string): KubeObject | undefined;
  count(resource: string): number;
  /** resourceVersion up to which this view is complete. */
  readonly resourceVersion: string;
}

export interface Cache extends CacheView {
  /** Lists, then watches until the signal aborts. Resolves when the first list is in. */
  start(signal: AbortSignal): Promise<void>;
  /**
   * Calls `handler` synchronously for each change, in order. With `replay`, first an `added` for all that exists, in the
   * same turn, so that nothing falls between. Returns how to stop.
   */
  subscribe(handler: (change: CacheChange) => void, options?: { readonly replay?: boolean }): () => void;
  /** Resolves when the view includes `resourceVersion`; rejects with `timeout` after `timeoutMs`. */
  waitFor(resourceVersion: string, timeoutMs: number, signal?: AbortSignal): Promise<void>;
  /**
   * Changes of one resource strictly after `resourceVersion`, from a bounded history, then live, until the signal aborts.
   * Throws Problem `expired` when the history no longer reaches back, and `too-large` when the reader falls too far behind.
   * A bookmark comes when nothing happened for a while; its resourceVersion never runs ahead of what was delivered.
   */
  changesAfter(
    resource: string,
    resourceVersion: string,
    signal: AbortSignal,
  ): AsyncIterable<CacheChange | CacheBookmark>;
}
