/** The Node object itself: its Ready condition and the taints that follow from it. */

import { toTime } from "#proto/kit/clock.ts";
import { isSame } from "#proto/kit/is-same.ts";
import { getCondition, setCondition } from "#proto/resources/conditions.ts";
import type { Node, NodeCondition, Taint } from "../model/kinds.ts";
import type { Step } from "../model/step.ts";
import { taintsByCondition } from "./plan-condition-taints.ts";

export const notReadyKey = "node.kubernetes.io/not-ready";
export const unreachableKey = "node.kubernetes.io/unreachable";

export function nodeReturned(node: Node, nowMs: number, steps: Step[]): Node {
  const ready: NodeCondition = {
    type: "Ready",
    status: "True",
    reason: "AgentReady",
    message: "the node's agent holds its session and beats",
  };
  const wasReady = getCondition(node.status?.conditions, "Ready")?.status === "True";
  if (!wasReady) steps.push(nodeEvent(node, "Normal", "NodeReady", `Node ${node.metadata.name} is ready`));
  const others = taintsByCondition(node, nowMs, steps);
  const taints = others.filter((taint) => taint.key !== notReadyKey && taint.key !== unreachableKey);
  return withTaints(withReady(node, ready, nowMs), taints);
}

export function nodeLost(node: Node, nowMs: number, steps: Step[]): Node {
  const ready: NodeCondition = {
    type: "Ready",
    status: "Unknown",
    reason: "NodeStatusUnknown",
    message: "the node's agent is not heard of",
  };
  const known = getCondition(node.status?.conditions, "Ready")?.status === "Unknown";
  if (!known) steps.push(nodeEvent(node, "Warning", "NodeNotReady", `Node ${node.metadata.name} is not heard of`));
  const others = (node.spec?.taints ?? []).filter((taint) => taint.key !== notReadyKey);
  const missing = (["NoSchedule", "NoExecute"] as const).filter(
    (effect) => !others.some((taint) => taint.key === unreachableKey && taint.effect === effect),
  );
  const added = missing.map((effect): Taint => ({ key: unreachableKey, effect, timeAdded: toTime(nowMs) }));
  return withTaints(withReady(node, ready, nowMs), [...others, ...added]);
}

/** Toleration seconds count from a taint's own instant; a taint set by hand has none. */
export function stampedTaints(node: Node, nowMs: number): Node {
  const taints = node.spec?.taints ?? [];
  return withTaints(
    node,
    taints.map((taint) =>
      taint.effect === "NoExecute" && taint.timeAdded === undefined ? { ...taint, timeAdded: toTime(nowMs) } : taint,
    ),
  );
}

function withReady(node: Node, ready: NodeCondition, nowMs: number): Node {
  const before = node.status?.conditions ?? [];
  const conditions = setCondition(before, ready, nowMs);
  return conditions === before ? node : { ...node, status: { ...node.status, conditions } };
}

function withTaints(node: Node, taints: Taint[]): Node {
  return isSame(taints, node.spec?.taints ?? []) ? node : { ...node, spec: { ...node.spec, taints } };
}

function nodeEvent(regarding: Node, type: "Normal" | "Warning", reason: string, message: string): Step {
  return { kind: "event", regarding, type, reason, message };
}
