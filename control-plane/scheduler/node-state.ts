/** A node as the scheduler sees it: what it is, and what is already on it. */
import type { Taint } from "#proto/resources/node.ts";
import type { Labels, PodFacts } from "./pod-facts.ts";
import type { MutableResources, Resources } from "./resources.ts";

export interface NodeFacts {
  readonly name: string;
  readonly labels: Labels;
  readonly taints: readonly Taint[];
  readonly isUnschedulable: boolean;
  readonly isReady: boolean;
  readonly allocatable: Resources;
  /** What the machine can do for pods that ask for it. */
  readonly features: readonly string[];
}

export interface NodeState {
  /** Replaced as a whole when the Node object changes. */
  readonly facts: NodeFacts;
  readonly used: Readonly<MutableResources>;
  /** How many pods hold each host port. */
  readonly hostPorts: ReadonlyMap<string, number>;
  readonly pods: ReadonlyMap<string, PodFacts>;
}

/** The value of the node's label `topologyKey`; every node is a host domain of its own even without the label. */
export function domainOf(facts: NodeFacts, topologyKey: string): string | undefined {
  return facts.labels[topologyKey] ?? (topologyKey === "kubernetes.io/hostname" ? facts.name : undefined);
}
