/**
 * What becomes of a node by what was heard of it, and of the pods on it. A lost node's ReplicaSet pods are replaced at once
 * but kept: should the node return, the oldest ready copy stays. Pods of a node gone for long leave the API.
 */
import type { Plan } from "#proto/kit/plan.ts";
import type { Node, Pod } from "../model/kinds.ts";
import type { Step } from "../model/step.ts";
import { nodeLost, nodeReturned, stampedTaints } from "./plan-node.ts";
import { evictTainted, keepLost, welcomeBack } from "./plan-pods.ts";

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

export function plan(view: NodeLifecycleView, nowMs: number): Plan<Step> {
  const outcome = new Outcome();
  const node = judged(view, nowMs, outcome);
  if (node !== view.node) outcome.steps.push({ kind: "update", resource: "nodes", object: node });
  switch (view.verdict) {
    case "alive":
      welcomeBack(view, node, nowMs, outcome);
      evictTainted(view, node, nowMs, outcome);
      break;
    case "silent":
      keepLost(view, node, nowMs, outcome);
      break;
    case "unjudged":
      break;
  }
  const { steps, reasons, recheckAtMs } = outcome;
  return { steps, reasons, ...(recheckAtMs === undefined ? {} : { recheckAtMs }) };
}

function judged(view: NodeLifecycleView, nowMs: number, outcome: Outcome): Node {
  const stamped = stampedTaints(view.node, nowMs);
  switch (view.verdict) {
    case "alive":
      return nodeReturned(stamped, nowMs, outcome.steps);
    case "silent":
      return nodeLost(stamped, nowMs, outcome.steps);
    case "unjudged":
      return stamped;
  }
}
