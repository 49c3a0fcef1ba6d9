/** What a filter and a score are. One small file each; `rules.ts` lists them in order. */
import type { NodeState } from "./node-state.ts";
import type { PodShape } from "./pod-facts.ts";
import type { Snapshot } from "./snapshot.ts";

/** Things that happen in a cluster and could make a refused pod placeable. */
export type ClusterEvent =
  | "node-added"
  | "node-labels"
  | "node-taints"
  | "node-ready"
  | "node-unschedulable"
  | "node-allocatable"
  | "node-features"
  | "pod-added"
  | "pod-removed"
  | "pod-labels"
  | "namespace-labels";

/**
 * What a placement of one replica changes for the next: nothing (`static`), the chosen node alone (`node`), or others too
 * (`domain`). Decides how cheaply a group can be placed.
 */
export type Scope = "static" | "node" | "domain";

/** Why one node is out. Refusals with the same code are told as one, with the number of nodes. */
export interface Refusal {
  readonly filter: string;
  readonly code: string;
  /** After the number: `1 node is not ready`, `2 nodes are not ready`. */
  readonly one: string;
  readonly many: string;
  /** What was asked and what is free here; the most of it over all nodes is told. */
  readonly shortage?: {
    readonly asked: number;
    readonly free: number;
    readonly format: (amount: number) => string;
  };
}

export interface NodeCheck {
  readonly scope: Scope;
  /** Empty: the pod fits. */
  readonly refusals: (node: NodeState) => readonly Refusal[];
}

export interface Filter {
  readonly name: string;
  /** Which events could turn this filter's no into a yes. */
  readonly helpedBy: readonly ClusterEvent[];
  /** Made once per group; undefined when the filter has nothing to say about such pods. */
  readonly prepare: (shape: PodShape, snapshot: Snapshot) => NodeCheck | undefined;
}

export interface NodeScore {
  readonly scope: Scope;
  /** 0 (worst) to 100. */
  readonly score: (node: NodeState) => number;
}

export interface Score {
  readonly name: string;
  readonly weight: number;
  readonly prepare: (shape: PodShape, snapshot: Snapshot) => NodeScore | undefined;
}

export const fits: readonly Refusal[] = [];
