/** Keeps as many old, empty ReplicaSets as `rollout undo` may go back to. */
import { isTerminating } from "../model/ownership.ts";
import type { Rollout } from "./plan-rollout.ts";
import { revisionOf, sizeOf } from "./plan-view.ts";

const defaultLimit = 10;

export function cleanUpHistory(rollout: Rollout): void {
  const limit = rollout.deployment.spec.revisionHistoryLimit ?? defaultLimit;
  const kept = rollout.old.filter((one) => !isTerminating(one)).sort((a, b) => revisionOf(a) - revisionOf(b));
  for (const replicaSet of kept.slice(0, Math.max(0, kept.length - limit))) {
    const isSettled = (replicaSet.metadata.generation ?? 0) <= (replicaSet.status?.observedGeneration ?? 0);
    const isEmpty = sizeOf(replicaSet) === 0 && (replicaSet.status?.replicas ?? 0) === 0;
    if (isSettled && isEmpty) rollout.delete(replicaSet);
  }
}
