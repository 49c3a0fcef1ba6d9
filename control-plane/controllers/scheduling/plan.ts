/** Turns the scheduler's answer into writes: a node for each placed pod, a sentence for each that must wait. */
import type { Plan } from "#proto/kit/plan.ts";
import { setCondition } from "#proto/resources/conditions.ts";
import type { Placement, Unplaced } from "../../scheduler/schedule.ts";
import type { Pod, PodCondition } from "../model/kinds.ts";
import { podCondition } from "../model/pod-state.ts";
import type { Step } from "../model/step.ts";

export interface SchedulingView {
  readonly placements: readonly Placement[];
  readonly unplaced: readonly Unplaced[];
  /** Pods, of this pass or earlier ones, that no node would take. */
  readonly waitingCount: number;
  /** The pod as the cache has it; undefined when it is gone. */
  readonly podOf: (uid: string) => Pod | undefined;
}

/** Waiting pods are tried again after this even when no event seemed to help. */
const retryAfterMs = 300_000;

export function plan(view: SchedulingView, nowMs: number): Plan<Step> {
  const steps: Step[] = [];
  const reasons: string[] = [];
  for (const { pod: facts, nodeName } of view.placements) {
    const pod = view.podOf(facts.uid);
    if (pod) steps.push(...bind(pod, nodeName, nowMs));
  }
  for (const { pod: facts, sentence } of view.unplaced) {
    const pod = view.podOf(facts.uid);
    reasons.push(`${facts.shape.namespace}/${facts.name}: ${sentence}`);
    if (pod) steps.push(...explain(pod, sentence, nowMs));
  }
  return { steps, reasons, ...(view.waitingCount > 0 ? { recheckAtMs: nowMs + retryAfterMs } : {}) };
}

function bind(pod: Pod, nodeName: string, nowMs: number): readonly Step[] {
  const name = `${pod.metadata.namespace ?? ""}/${pod.metadata.name}`;
  const bound: Pod = {
    ...withScheduled(pod, { type: "PodScheduled", status: "True" }, nowMs),
    spec: { ...pod.spec, nodeName },
  };
  return [
    { kind: "update", resource: "pods", object: bound },
    {
      kind: "event",
      regarding: pod,
      type: "Normal",
      reason: "Scheduled",
      message: `Successfully assigned ${name} to ${nodeName}`,
    },
  ];
}

function explain(pod: Pod, sentence: string, nowMs: number): readonly Step[] {
  const before = podCondition(pod, "PodScheduled");
  if (before?.status === "False" && before.message === sentence) return [];
  const condition = { type: "PodScheduled", status: "False", reason: "Unschedulable", message: sentence } as const;
  return [
    { kind: "update", resource: "pods", object: withScheduled(pod, condition, nowMs) },
    { kind: "event", regarding: pod, type: "Warning", reason: "FailedScheduling", message: sentence },
  ];
}

function withScheduled(pod: Pod, condition: PodCondition, nowMs: number): Pod {
  const conditions = setCondition(pod.status?.conditions, condition, nowMs);
  return { ...pod, status: { phase: "Pending", ...pod.status, conditions } };
}
