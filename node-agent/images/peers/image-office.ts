/** The port to the control plane's knowledge of images. */

export interface PinRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  /** As the container spells it. */
  readonly image: string;
  /** The same with registry and tag written out. */
  readonly name: string;
  /** Digest that this node has under the name. */
  readonly present?: string | undefined;
  /** Digest that the registry named. */
  readonly resolved?: string | undefined;
  /** It was to be resolved here, and could not be. */
  readonly failed?: boolean;
}

export interface LocateRequest {
  readonly image: string;
  readonly digest: string;
  /** Index and manifest that lead from image to blob. */
  readonly documents: readonly Uint8Array[];
  readonly avoid: readonly string[];
}

export interface PeerOffer {
  readonly node: string;
  readonly address: string;
  readonly ticket: string;
}

export interface ImageOffice {
  /** `away`: there is no session now. `absent`: this control plane does not know about images; the node decides alone. */
  readonly state: "open" | "away" | "absent";
  /** The digest to run; undefined: ask the registry, and then again with `resolved` or `failed`. */
  pin(request: PinRequest, signal: AbortSignal): Promise<string | undefined>;
  /** Who has the blob, or is about to; none: fetch it from the registry, others will come for it. */
  locate(request: LocateRequest, signal: AbortSignal): Promise<readonly PeerOffer[]>;
  /** Which of these images workloads run or may be rolled back to; undefined when nobody can be asked now. */
  needed(names: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string> | undefined>;
}

export const absentOffice: ImageOffice = {
  state: "absent",
  pin: async () => undefined,
  locate: async () => [],
  needed: async () => undefined,
};
