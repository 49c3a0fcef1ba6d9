/** What a Deployment is decided on, and the readings of it that several parts share. */
import { scaledValue } from "#proto/resources/int-or-string.ts";
import type { Deployment, Pod, ReplicaSet } from "../model/kinds.ts";

export interface DeploymentView {
  readonly deployment: Deployment;
  /** Those it controls. */
  readonly replicaSets: readonly ReplicaSet[];
  /** Those of the namespace that nobody controls. Empty unless the Deployment was just read live and still stands. */
  readonly orphans: readonly ReplicaSet[];
  readonly podsOf: (replicaSet: ReplicaSet) => readonly Pod[];
  /** Whatever holds that name in the namespace. */
  readonly replicaSetNamed: (name: string) => ReplicaSet | undefined;
}

export const annotations = {
  revision: "deployment.kubernetes.io/revision",
  revisionHistory: "deployment.kubernetes.io/revision-history",
  desiredReplicas: "deployment.kubernetes.io/desired-replicas",
  maxReplicas: "deployment.kubernetes.io/max-replicas",
} as const;

export const hashLabel = "pod-template-hash";

export const wanted = (deployment: Deployment): number => deployment.spec.replicas ?? 1;

export const sizeOf = (replicaSet: ReplicaSet): number => replicaSet.spec.replicas ?? 1;

/**
 * Pods a ReplicaSet may have right now: one told to shrink still has them until its status says otherwise. Counting them
 * keeps the surge bound true at every instant, not only in the end.
 */
export const sizeNow = (replicaSet: ReplicaSet): number =>
  Math.max(sizeOf(replicaSet), replicaSet.status?.replicas ?? 0);

/**
 * Its controller acts on what it is told now. Until then it may still be making pods for the size before, which no status
 * shows yet: nothing else may grow meanwhile.
 */
export const hasObserved = (replicaSet: ReplicaSet): boolean =>
  (replicaSet.status?.observedGeneration ?? 0) >= (replicaSet.metadata.generation ?? 0);

/** Available pods that stay: a ReplicaSet told to shrink will not keep more than its new size. */
export const availableOf = (replicaSet: ReplicaSet): number =>
  Math.min(sizeOf(replicaSet), replicaSet.status?.availableReplicas ?? 0);

export const total = (replicaSets: readonly ReplicaSet[], of: (replicaSet: ReplicaSet) => number): number =>
  replicaSets.reduce((sum, replicaSet) => sum + of(replicaSet), 0);

export interface RollingBounds {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

/** Both zero would stand still: then one may be unavailable, as in Kubernetes. */
export function rollingBounds(deployment: Deployment): RollingBounds {
  const { strategy } = deployment.spec;
  if (strategy?.type === "Recreate") return { maxSurge: 0, maxUnavailable: 0 };
  const replicas = wanted(deployment);
  const maxSurge = scaledValue(strategy?.rollingUpdate?.maxSurge ?? "25%", replicas, "up");
  const maxUnavailable = scaledValue(strategy?.rollingUpdate?.maxUnavailable ?? "25%", replicas, "down");
  if (maxSurge === 0 && maxUnavailable === 0) return { maxSurge, maxUnavailable: 1 };
  return { maxSurge, maxUnavailable: Math.min(maxUnavailable, replicas) };
}

export const revisionOf = (object: Deployment | ReplicaSet): number => {
  const revision = Number(object.metadata.annotations?.[annotations.revision] ?? 0);
  return Number.isSafeInteger(revision) ? revision : 0;
};

/** Older first; equal seconds by name, so that the order never depends on the input's. */
export function byAge(a: ReplicaSet, b: ReplicaSet): number {
  const left = a.metadata.creationTimestamp ?? "";
  const right = b.metadata.creationTimestamp ?? "";
  if (left !== right) return left < right ? -1 : 1;
  return a.metadata.name < b.metadata.name ? -1 : a.metadata.name > b.metadata.name ? 1 : 0;
}
