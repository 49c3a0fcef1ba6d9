/**
 * What becomes of a node by what was heard of it, and of the pods on it. A lost node's ReplicaSet pods are replaced at once
 * but kept: should the node return, the oldest ready copy stays. Pods of a node gone for long leave the API.
 */
import type { Plan } from "#proto/kit/plan.ts";
import type { Node } from "../model/kinds.ts";
import type { Step } from "../model/step.ts";
import { nodeLost, nodeReturned, stampedTaints } from "./plan-node.ts";
import { evictTainted, keepLost, welcomeBack } from "./plan-pods.ts";
import { type NodeLifecycleView, Outcome } from "./plan-view.ts";

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
