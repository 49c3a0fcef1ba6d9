/**
 * Rolls a Deployment's template out through ReplicaSets, as Kubernetes' deployment controller does. Decides on ReplicaSets
 * only: their own controller makes and removes pods.
 */
import type { Plan } from "#proto/kit/plan.ts";
import { matchesLabelSelector } from "#proto/resources/label-selector.ts";
import type { ReplicaSet } from "../model/kinds.ts";
import { adopted, isTerminating, released } from "../model/ownership.ts";
import type { Step } from "../model/step.ts";
import { isComplete } from "./plan-counts.ts";
import { cleanUpHistory } from "./plan-history.ts";
import { recreate } from "./plan-recreate.ts";
import { rollOver } from "./plan-rolling.ts";
import { Rollout } from "./plan-rollout.ts";
import { isScalingEvent, scaleAll } from "./plan-scale.ts";
import { statusStep } from "./plan-status.ts";
import { syncRevision } from "./plan-template.ts";
import type { DeploymentView } from "./plan-view.ts";

export function plan(view: DeploymentView, nowMs: number): Plan<Step> {
  const ownership = claim(view);
  // What was just adopted or released is decided on with its new revision, by the next plan.
  if (ownership.length > 0) return { steps: ownership, reasons: ["taking over ReplicaSets by selector"] };
  const rollout = new Rollout(view, nowMs);
  if (!isTerminating(view.deployment)) advance(rollout);
  const { step, recheckAtMs } = statusStep(rollout);
  return {
    steps: [...rollout.steps(), ...(step ? [step] : []), ...rollout.events],
    reasons: rollout.reasons,
    ...(recheckAtMs === undefined ? {} : { recheckAtMs }),
  };
}

function advance(rollout: Rollout): void {
  const { deployment } = rollout;
  if (deployment.spec.paused === true) {
    syncRevision(rollout, "existing");
    scaleAll(rollout);
    if (isComplete(rollout)) cleanUpHistory(rollout);
    return;
  }
  if (isScalingEvent(rollout)) {
    syncRevision(rollout, "existing");
    scaleAll(rollout);
    return;
  }
  if (deployment.spec.strategy?.type === "Recreate") recreate(rollout);
  else rollOver(rollout);
  if (isComplete(rollout)) cleanUpHistory(rollout);
}

function claim(view: DeploymentView): readonly Step[] {
  const { deployment } = view;
  if (isTerminating(deployment)) return [];
  const matches = (replicaSet: ReplicaSet): boolean =>
    matchesLabelSelector(deployment.spec.selector, replicaSet.metadata.labels);
  const update = (object: ReplicaSet): Step => ({ kind: "update", resource: "replicasets.apps", object });
  return [
    ...view.orphans.filter(matches).map((replicaSet) => update(adopted(replicaSet, deployment))),
    ...view.replicaSets
      .filter((replicaSet) => !matches(replicaSet) && !isTerminating(replicaSet))
      .map((replicaSet) => update(released(replicaSet, deployment))),
  ];
}
