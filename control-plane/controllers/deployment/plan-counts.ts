/** Counts over the status of a Deployment's ReplicaSets, and what they say about the rollout. */
import type { Deployment, DeploymentStatus } from "../model/kinds.ts";
import type { Rollout } from "./plan-rollout.ts";
import { total, wanted } from "./plan-view.ts";

export function counts(rollout: Rollout): DeploymentStatus {
  const { all, current, deployment } = rollout;
  const replicas = total(all, (one) => one.status?.replicas ?? 0);
  const availableReplicas = total(all, (one) => one.status?.availableReplicas ?? 0);
  return {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas,
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: total(all, (one) => one.status?.readyReplicas ?? 0),
    availableReplicas,
    unavailableReplicas: Math.max(0, replicas - availableReplicas),
    terminatingReplicas: total(all, (one) => one.status?.terminatingReplicas ?? 0),
    ...(rollout.collisionCount === undefined ? {} : { collisionCount: rollout.collisionCount }),
  };
}

export function isComplete(rollout: Rollout): boolean {
  return isCompleteStatus(rollout.deployment, counts(rollout));
}

export function isCompleteStatus(deployment: Deployment, status: DeploymentStatus): boolean {
  const replicas = wanted(deployment);
  return status.updatedReplicas === replicas && status.replicas === replicas && status.availableReplicas === replicas;
}
