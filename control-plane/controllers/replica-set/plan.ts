/** Keeps as many pods as a ReplicaSet asks for. Decides only; knows nothing of nodes but the marks pods carry. */
import type { Plan } from "#proto/kit/plan.ts";
import { matchesLabelSelector } from "#proto/resources/label-selector.ts";
import type { Pod, ReplicaSet } from "../model/kinds.ts";
import { withStatus } from "../model/object-change.ts";
import { adopted, isTerminating, released } from "../model/ownership.ts";
import { isFinished, isLost, isToBeReplaced, type ReadySince } from "../model/pod-state.ts";
import type { Step } from "../model/step.ts";
import { newPod } from "./plan-pod.ts";
import { dispensable } from "./plan-replaced.ts";
import { failureOf, replicaSetStatus } from "./plan-status.ts";
import { victims } from "./plan-victims.ts";

export interface ReplicaSetView {
  readonly replicaSet: ReplicaSet;
  /** Pods whose controller is this ReplicaSet, in whatever state. */
  readonly pods: readonly Pod[];
  /** Pods of the namespace that nobody controls. Empty unless the ReplicaSet was just read live and still stands. */
  readonly orphans: readonly Pod[];
  /** Why its namespace would not let its pods in, in a sentence; undefined: it would. Asked when there are pods to make. */
  readonly refusal?: () => string | undefined;
  readonly readySince?: ReadySince;
  /** The next fresh name suffix. */
  readonly suffix: () => string;
}

/** One plan makes or removes at most this many pods; its own writes wake it again. */
export const maxPodsPerPlan = 500;

export function plan(view: ReplicaSetView, nowMs: number): Plan<Step> {
  const { replicaSet, readySince } = view;
  const steps: Step[] = [];
  const reasons: string[] = [];
  const claimed = claim(view, steps);
  const standing = claimed.filter((pod) => !isTerminating(pod) && !isFinished(pod) && !isLost(pod));
  const active = standing.filter((pod) => !isToBeReplaced(pod));
  const replaced = standing.filter(isToBeReplaced);
  const isShort = !isTerminating(replicaSet) && active.length < (replicaSet.spec.replicas ?? 1);
  const failure = isShort ? view.refusal?.() : undefined;
  if (!isTerminating(replicaSet)) {
    scale(view, { active, failure }, nowMs, { steps, reasons });
    for (const pod of dispensable(replicaSet, { active, replaced, readySince }, nowMs)) remove(replicaSet, pod, steps);
  }
  const { status, recheckAtMs } = replicaSetStatus(
    replicaSet,
    { ...{ active, replaced, claimed, failure }, readySince },
    nowMs,
  );
  if (status !== replicaSet.status) {
    steps.push({ kind: "update", resource: "replicasets.apps", object: withStatus(replicaSet, status) });
  }
  return { steps, reasons, ...(recheckAtMs === undefined ? {} : { recheckAtMs }) };
}

/** Adopts orphans that match and releases pods that no longer do. Returns the pods that are this ReplicaSet's now. */
function claim(view: ReplicaSetView, steps: Step[]): readonly Pod[] {
  const { replicaSet } = view;
  const { selector } = replicaSet.spec;
  const mine: Pod[] = [];
  for (const pod of view.pods) {
    if (matchesLabelSelector(selector, pod.metadata.labels)) mine.push(pod);
    else if (!isTerminating(pod)) steps.push({ kind: "update", resource: "pods", object: released(pod, replicaSet) });
  }
  if (isTerminating(replicaSet)) return mine;
  for (const pod of view.orphans) {
    if (isTerminating(pod) || isFinished(pod) || !matchesLabelSelector(selector, pod.metadata.labels)) continue;
    steps.push({ kind: "update", resource: "pods", object: adopted(pod, replicaSet) });
    mine.push(pod);
  }
  return mine;
}

interface Standing {
  readonly active: readonly Pod[];
  /** Why those that are missing cannot be made. */
  readonly failure: string | undefined;
}

interface Found {
  readonly steps: Step[];
  readonly reasons: string[];
}

function scale(view: ReplicaSetView, standing: Standing, nowMs: number, { steps, reasons }: Found): void {
  const { replicaSet } = view;
  const { active, failure } = standing;
  const difference = active.length - (replicaSet.spec.replicas ?? 1);
  if (failure !== undefined) {
    reasons.push(failure);
    const isNew = failureOf(replicaSet)?.message !== failure;
    if (isNew) steps.push(event(replicaSet, "Warning", "FailedCreate", `Cannot create a pod: ${failure}`));
  } else if (difference < 0) {
    const count = Math.min(-difference, maxPodsPerPlan);
    for (let i = 0; i < count; i++) {
      const pod = newPod(replicaSet, view.suffix());
      steps.push({ kind: "create", resource: "pods", object: pod });
      steps.push(podEvent(replicaSet, "SuccessfulCreate", `Created pod: ${pod.metadata.name}`));
    }
    reasons.push(`${active.length} of ${replicaSet.spec.replicas ?? 1} pods exist; creating ${count}`);
  } else if (difference > 0) {
    // An adoption of this plan changes the pod's revision: it can be removed by the next plan.
    const changed = new Set(steps.map((step) => (step.kind === "update" ? step.object.metadata.uid : undefined)));
    const chosen = victims(active, Math.min(difference, maxPodsPerPlan), nowMs).filter(
      (pod) => !changed.has(pod.metadata.uid),
    );
    for (const pod of chosen) remove(replicaSet, pod, steps);
    reasons.push(`${active.length} pods exist, ${replicaSet.spec.replicas ?? 1} are wanted; deleting ${chosen.length}`);
  }
}

function remove(replicaSet: ReplicaSet, pod: Pod, steps: Step[]): void {
  steps.push({ kind: "delete", resource: "pods", object: pod });
  steps.push(podEvent(replicaSet, "SuccessfulDelete", `Deleted pod: ${pod.metadata.name}`));
}

function podEvent(regarding: ReplicaSet, reason: string, message: string): Step {
  return event(regarding, "Normal", reason, message);
}

function event(regarding: ReplicaSet, type: "Normal" | "Warning", reason: string, message: string): Step {
  return { kind: "event", regarding, type, reason, message };
}
