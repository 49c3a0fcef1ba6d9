/** Faults that `memory-kv.ts` injects: what a network and etcd can do to a client. Chosen by the test or the simulation. */

export type KvOperation = "get" | "list" | "transact" | "grantLease" | "keepLeaseAlive" | "revokeLease" | "compact";

export type RequestFault =
  /** The request never arrives. The caller sees `unavailable` after `afterMs`. */
  | { readonly kind: "lost-request"; readonly afterMs?: number }
  /** The request takes effect, its answer is lost. The caller sees `unavailable` after `afterMs`. */
  | { readonly kind: "lost-answer"; readonly afterMs?: number }
  | { readonly kind: "delay"; readonly beforeMs: number; readonly afterMs?: number };

export type WatchFault =
  /** Deliver later; what happens meanwhile joins the delivery. Also what a broken connection looks like to the reader. */
  | { readonly kind: "delay"; readonly delayMs: number }
  /** Deliver the same batch twice. */
  | { readonly kind: "duplicate" }
  /** Skip the batch: etcd 3.4's lost events. Only a re-list heals it. */
  | { readonly kind: "lose" };

/** Asked once per request and per watch delivery; undefined = no fault. Must be deterministic for replay. */
export interface KvFaults {
  readonly request?: (operation: KvOperation, key: string) => RequestFault | undefined;
  readonly watch?: (prefix: string, events: number) => WatchFault | undefined;
}
