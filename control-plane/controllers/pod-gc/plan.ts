/** Removes pods nobody else will: those of deleted nodes, terminating ones that no node ever had, and old finished ones. */
import type { Plan } from "#proto/kit/plan.ts";
import type { Pod } from "../model/kinds.ts";
import { isTerminating } from "../model/ownership.ts";
import { instantMs, isAssigned, isFinished } from "../model/pod-state.ts";
import type { Step } from "../model/step.ts";

export interface PodGcView {
  readonly pods: readonly Pod[];
  readonly hasNode: (name: string) => boolean;
  /** Finished pods kept for people to look at. */
  readonly threshold: number;
}

const maxPerPlan = 500;

export function plan(view: PodGcView): Plan<Step> {
  const steps: Step[] = [];
  const finished: Pod[] = [];
  for (const pod of view.pods) {
    if (isAssigned(pod) && !view.hasNode(pod.spec.nodeName ?? "")) steps.push(removal(pod, true));
    else if (!isAssigned(pod) && isTerminating(pod)) steps.push(removal(pod, true));
    else if (isFinished(pod) && !isTerminating(pod)) finished.push(pod);
  }
  const surplus = finished.length - view.threshold;
  if (surplus > 0) for (const pod of finished.sort(byAge).slice(0, surplus)) steps.push(removal(pod, false));
  return { steps: steps.slice(0, maxPerPlan), reasons: [] };
}

const removal = (object: Pod, now: boolean): Step => ({ kind: "delete", resource: "pods", object, now });

function byAge(a: Pod, b: Pod): number {
  const left = instantMs(a.metadata.creationTimestamp) ?? 0;
  const right = instantMs(b.metadata.creationTimestamp) ?? 0;
  return left - right || (a.metadata.name < b.metadata.name ? -1 : 1);
}
