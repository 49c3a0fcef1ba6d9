/** A change of `replicas` in the middle of a rollout is shared among the ReplicaSets in proportion to their sizes. */
import type { ReplicaSet } from "../model/kinds.ts";
import type { Rollout } from "./plan-rollout.ts";
import {
  annotations,
  availableOf,
  byAge,
  hasObserved,
  rollingBounds,
  sizeNow,
  sizeOf,
  total,
  wanted,
} from "./plan-view.ts";

/** The sizes of the ReplicaSets were set for another number of replicas. */
export function isScalingEvent(rollout: Rollout): boolean {
  return rollout.all.some((one) => {
    const desired = one.metadata.annotations?.[annotations.desiredReplicas];
    return sizeOf(one) > 0 && desired !== undefined && Number(desired) !== wanted(rollout.deployment);
  });
}

export function scaleAll(rollout: Rollout): void {
  const only = onlyActive(rollout);
  const replicas = wanted(rollout.deployment);
  if (only) {
    if (replicas > sizeOf(only) && !isSettled(rollout)) return;
    if (sizeOf(only) !== replicas || !isMarked(rollout, only)) rollout.scale(only, replicas);
    return;
  }
  const active = rollout.all.filter((one) => sizeOf(one) > 0);
  if (active.length === 0) return;
  if (rollout.current && isSaturated(rollout, rollout.current)) {
    for (const one of rollout.old) if (sizeOf(one) > 0) rollout.scale(one, 0);
    return;
  }
  if (rollout.deployment.spec.strategy?.type !== "Recreate") share(rollout, active);
}

/** The one with pods, or the newest when none has; undefined when several have. */
function onlyActive(rollout: Rollout): ReplicaSet | undefined {
  const active = rollout.all.filter((one) => sizeOf(one) > 0);
  if (active.length > 1) return undefined;
  return active[0] ?? rollout.current ?? rollout.old.at(-1);
}

function isMarked(rollout: Rollout, replicaSet: ReplicaSet): boolean {
  return Object.entries(rollout.scaleMarks()).every(([key, value]) => replicaSet.metadata.annotations?.[key] === value);
}

function isSaturated(rollout: Rollout, current: ReplicaSet): boolean {
  const replicas = wanted(rollout.deployment);
  const desired = Number(current.metadata.annotations?.[annotations.desiredReplicas]);
  return desired === replicas && sizeOf(current) === replicas && availableOf(current) === replicas;
}

function share(rollout: Rollout, active: readonly ReplicaSet[]): void {
  const { deployment } = rollout;
  const replicas = wanted(deployment);
  const allowed = replicas > 0 ? replicas + rollingBounds(deployment).maxSurge : 0;
  const change = allowed - total(active, sizeOf);
  if (change > 0 && !isSettled(rollout)) return;
  // Growth favours the newest, shrinking the oldest, among the largest.
  const sorted = [...active].sort((a, b) => sizeOf(b) - sizeOf(a) || (change > 0 ? byAge(b, a) : byAge(a, b)));
  const shares = new Map<string, number>();
  let given = 0;
  for (const one of sorted) {
    const part = proportion(rollout, one, change, given);
    shares.set(one.metadata.name, part);
    given += part;
  }
  sorted.forEach((one, index) => {
    const rest = index === 0 ? change - given : 0;
    rollout.scale(one, Math.max(0, sizeOf(one) + (shares.get(one.metadata.name) ?? 0) + rest));
  });
}

/**
 * No old ReplicaSet may still be making pods for a size before, and none has more pods than it is to have. Until then nothing grows: a status
 * wakes the next plan, which sees by the marks that the change is still to be shared.
 */
function isSettled({ all, old, reasons }: Rollout): boolean {
  const isSo = old.every(hasObserved) && all.every((one) => sizeNow(one) === sizeOf(one));
  if (!isSo) reasons.push("ReplicaSets are still shrinking: the change of replicas is shared when they have");
  return isSo;
}

function proportion(rollout: Rollout, replicaSet: ReplicaSet, change: number, given: number): number {
  if (change === 0 || given === change) return 0;
  const fraction = fractionOf(rollout, replicaSet);
  const left = change - given;
  return change > 0 ? Math.max(0, Math.min(fraction, left)) : Math.min(0, Math.max(fraction, left));
}

function fractionOf(rollout: Rollout, replicaSet: ReplicaSet): number {
  const { deployment } = rollout;
  const replicas = wanted(deployment);
  const size = sizeOf(replicaSet);
  if (replicas === 0) return -size;
  const marked = Number(replicaSet.metadata.annotations?.[annotations.maxReplicas] ?? Number.NaN);
  const before = marked > 0 ? marked : (deployment.status?.replicas ?? 0);
  if (before <= 0) return 0;
  return Math.round((size * (replicas + rollingBounds(deployment).maxSurge)) / before) - size;
}
