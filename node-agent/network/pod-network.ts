/** The port to pod networking, so that CNI can stand in. */
import type { Duplex } from "node:stream";

export interface NetworkAttachment {
  readonly podUid: string;
  /** With prefix length, as 10.128.1.7/24. */
  readonly addresses: readonly string[];
  readonly gateway: string;
  readonly dns: readonly string[];
}

export interface PodNetwork {
  /** Makes the node's bridge and rules for `podCidr`. Idempotent; called once per agent start when the CIDR is known. */
  setUp(podCidr: string): Promise<void>;
  /** Gives the namespace (a pinned file) an address, routes and a link up. Idempotent per pod: same address again. */
  attach(pod: { readonly uid: string; readonly namespacePath: string }): Promise<NetworkAttachment>;
  /** Frees address and links. Idempotent. Quickest when nothing holds the pod's namespace any more: the kernel takes links along with it. */
  detach(podUid: string): Promise<void>;
  /** What exists on this host, by label: also what a crashed predecessor left. */
  list(): Promise<readonly NetworkAttachment[]>;
  /** A connection to a TCP port inside the pod, also one bound to its loopback only. */
  dial(
    pod: { readonly uid: string; readonly namespacePath: string },
    port: number,
    signal: AbortSignal,
  ): Promise<Duplex>;
}
