/** PURE. What the decision about a node looks at, and what it collects. */
import type { Node, Pod } from "../model/kinds.ts";
import type { Step } from "../model/step.ts";

/** alive: heard within the grace period. silent: not heard although we would have. unjudged: nobody can tell. */
export type Verdict = "alive" | "silent" | "unjudged";

export interface NodeLifecycleView {
  readonly node: Node;
  readonly verdict: Verdict;
  /** Pods assigned to the node; of a node that is well only those that still carry a mark need be here. */
  readonly pods: readonly Pod[];
  /** False while so many nodes are lost that the fault is more likely ours or the network's: then one node at a time. */
  readonly mayEvict: boolean;
  /** When to ask again for `mayEvict`. */
  readonly evictAgainAtMs: number;
  /** Why its pods wait to be replaced, when that has not been said yet. */
  readonly slowed?: string | undefined;
  readonly defaultTolerationMs: number;
  readonly nodeGoneMs: number;
}

/** Collects the steps of one plan and the earliest instant at which time alone changes something. */
export class Outcome {
  readonly steps: Step[] = [];
  readonly reasons: string[] = [];
  recheckAtMs: number | undefined;

  again(atMs: number): void {
    this.recheckAtMs = Math.min(this.recheckAtMs ?? atMs, atMs);
  }
}
