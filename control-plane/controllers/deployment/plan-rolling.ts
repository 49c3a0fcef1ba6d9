/**
 * RollingUpdate: the new ReplicaSet grows as far as maxSurge allows, the old ones shrink as far as maxUnavailable allows;
 * old pods that do not serve go first. Bounds are kept against what may exist now, not only what was asked for.
 */
import type { ReplicaSet } from "../model/kinds.ts";
import { isTerminating } from "../model/ownership.ts";
import { isReady } from "../model/pod-state.ts";
import type { Rollout } from "./plan-rollout.ts";
import { newSize, syncRevision } from "./plan-template.ts";
import { availableOf, rollingBounds, sizeOf, total, wanted } from "./plan-view.ts";

export function rollOver(rollout: Rollout): void {
  syncRevision(rollout, "create");
  const { current } = rollout;
  if (!current) return;
  const isNew = current.metadata.uid === undefined;
  if (!isNew) growCurrent(rollout, current);
  shrinkOld(rollout);
}

function growCurrent(rollout: Rollout, current: ReplicaSet): void {
  const replicas = wanted(rollout.deployment);
  const size = sizeOf(current);
  if (size > replicas) rollout.scale(current, replicas);
  else if (size < replicas) {
    const next = newSize(rollout, size);
    if (next !== size) rollout.scale(current, next);
  }
}

function shrinkOld(rollout: Rollout): void {
  const { deployment, current, all } = rollout;
  if (!current || rollout.old.every((one) => sizeOf(one) === 0)) return;
  const minAvailable = wanted(deployment) - rollingBounds(deployment).maxUnavailable;
  const currentUnavailable = sizeOf(current) - availableOf(current);
  const removable = total(all, sizeOf) - minAvailable - currentUnavailable;
  if (removable <= 0) return;
  shrinkUnavailable(rollout, removable);
  shrinkAvailable(rollout, minAvailable);
}

/**
 * Pods that do not serve cost nothing to remove. The pods themselves are asked too: a status may still call a pod
 * unavailable that has just become ready.
 */
function shrinkUnavailable(rollout: Rollout, most: number): void {
  let left = most;
  for (const replicaSet of rollout.old) {
    const serving = rollout.view.podsOf(replicaSet).filter((pod) => isReady(pod) && !isTerminating(pod)).length;
    const unavailable = sizeOf(replicaSet) - Math.max(serving, availableOf(replicaSet));
    const count = Math.min(left, unavailable);
    if (count <= 0) continue;
    rollout.scale(replicaSet, sizeOf(replicaSet) - count);
    left -= count;
  }
}

function shrinkAvailable(rollout: Rollout, minAvailable: number): void {
  let left = total(rollout.all, availableOf) - minAvailable;
  for (const replicaSet of rollout.old) {
    const count = Math.min(left, sizeOf(replicaSet));
    if (count <= 0) continue;
    rollout.scale(replicaSet, sizeOf(replicaSet) - count);
    left -= count;
  }
}
