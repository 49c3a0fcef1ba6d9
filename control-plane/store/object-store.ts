/** The port through which everything in the control plane writes objects. `batching-object-store.ts` implements it over Kv. */
import type { KubeObject } from "#proto/resources/object.ts";
import type { ResourceKey } from "./keyspace.ts";
import type { Condition, Fence } from "./kv.ts";

export type ObjectWrite =
  /** Fails with `exists` when the key is taken. */
  | { readonly kind: "create"; readonly key: ResourceKey; readonly object: KubeObject }
  /** `guard` is the resourceVersion the change was decided on. */
  | { readonly kind: "update"; readonly key: ResourceKey; readonly object: KubeObject; readonly guard: string }
  | { readonly kind: "delete"; readonly key: ResourceKey; readonly guard: string };

/** A conflict is an ordinary answer, not an error: read again and decide again. */
export type ObjectWriteResult =
  | { readonly ok: true; readonly object: KubeObject /* with its new resourceVersion; for delete the last state */ }
  | { readonly ok: false; readonly reason: "exists" | "conflict" | "missing"; readonly current: KubeObject | undefined }
  /** The fence or the condition did not hold: this process no longer leads, or speaks for nobody any more. Nothing was written. */
  | { readonly ok: false; readonly reason: "fenced"; readonly current: undefined };

export interface WriteOptions {
  readonly fence?: Fence;
  readonly onlyWhile?: Condition | undefined;
  readonly signal?: AbortSignal;
}

export interface ObjectStore {
  /** Linearizable read. */
  get(key: ResourceKey, signal?: AbortSignal): Promise<KubeObject | undefined>;
  /**
   * Gathers writes of all callers into transactions of at most 100, each key once per transaction, and answers one by one.
   * Writes that carry a fence never share a transaction with writes of another fence.
   * The object's resourceVersion and stored form are set here; Secrets' data is sealed here and opened on read.
   * Rejects (`unavailable`, `timeout`) when the outcome is unknown.
   */
  write(write: ObjectWrite, options?: WriteOptions): Promise<ObjectWriteResult>;
}
