/** Recreate: all old pods are gone, agents' word included, before the first new one is made. */
import { isFinished } from "../model/pod-state.ts";
import type { Rollout } from "./plan-rollout.ts";
import { syncRevision } from "./plan-template.ts";
import { sizeOf, wanted } from "./plan-view.ts";

export function recreate(rollout: Rollout): void {
  syncRevision(rollout, "existing");
  const shrinking = rollout.old.filter((one) => sizeOf(one) > 0);
  for (const replicaSet of shrinking) rollout.scale(replicaSet, 0);
  const waiting = rollout.old.flatMap((one) => rollout.view.podsOf(one)).filter((pod) => !isFinished(pod)).length;
  if (shrinking.length > 0 || waiting > 0) {
    rollout.reasons.push(`waiting for ${waiting} old pods to be gone`);
    return;
  }
  syncRevision(rollout, "create");
  const { current } = rollout;
  if (current && current.metadata.uid !== undefined && sizeOf(current) !== wanted(rollout.deployment)) {
    rollout.scale(current, wanted(rollout.deployment));
  }
}
