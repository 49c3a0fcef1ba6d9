/** Taints that follow from what a node says of itself, as in Kubernetes: no new pods while something runs out. */
import { toTime } from "#proto/kit/clock.ts";
import { conditionTaints } from "#proto/resources/node-taints.ts";
import type { Node, Taint } from "../model/kinds.ts";
import type { Step } from "../model/step.ts";

/** The node's taints as they should be; each that comes or goes is an event. */
export function taintsByCondition(node: Node, nowMs: number, steps: Step[]): readonly Taint[] {
  const conditions = node.status?.conditions ?? [];
  let taints: readonly Taint[] = node.spec?.taints ?? [];
  for (const [type, key] of Object.entries(conditionTaints)) {
    const condition = conditions.find((one) => one.type === type);
    const isTrue = condition?.status === "True";
    if (taints.some((taint) => taint.key === key) === isTrue) continue;
    const { name } = node.metadata;
    if (isTrue) {
      const message = `Node ${name} takes no new pods: ${condition.message ?? type}`;
      steps.push({ kind: "event", regarding: node, type: "Warning", reason: condition.reason ?? type, message });
      taints = [...taints, { key, effect: "NoSchedule", timeAdded: toTime(nowMs) }];
    } else {
      const message = `Node ${name} takes new pods again: ${type} is over`;
      steps.push({ kind: "event", regarding: node, type: "Normal", reason: condition?.reason ?? `No${type}`, message });
      taints = taints.filter((taint) => taint.key !== key);
    }
  }
  return taints;
}
