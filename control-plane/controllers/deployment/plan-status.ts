/** What a Deployment reports: counts over its ReplicaSets' own status, and its conditions. */

import { toTime } from "#proto/kit/clock.ts";
import { isSame } from "#proto/kit/is-same.ts";
import { getCondition, removeCondition, setCondition } from "#proto/resources/conditions.ts";
import type { DeploymentCondition, DeploymentStatus } from "../model/kinds.ts";
import { withStatus } from "../model/object-change.ts";
import { isTerminating } from "../model/ownership.ts";
import type { Step } from "../model/step.ts";
import { counts } from "./plan-counts.ts";
import { progressCondition } from "./plan-progress.ts";
import type { Rollout } from "./plan-rollout.ts";
import { rollingBounds, wanted } from "./plan-view.ts";

export interface StatusStep {
  readonly step: Step | undefined;
  readonly recheckAtMs: number | undefined;
}

/** One write for annotations and status: they share the object. */
export function statusStep(rollout: Rollout): StatusStep {
  const counted = counts(rollout);
  const { conditions, recheckAtMs } = conditionsOf(rollout, counted);
  const status: DeploymentStatus = { ...counted, conditions };
  const before = rollout.view.deployment;
  const after = isSame(status, before.status) ? rollout.deployment : withStatus(rollout.deployment, status);
  const step: Step | undefined =
    after === before ? undefined : { kind: "update", resource: "deployments.apps", object: after };
  return { step, recheckAtMs };
}

interface Conditions {
  readonly conditions: DeploymentCondition[];
  readonly recheckAtMs: number | undefined;
}

function conditionsOf(rollout: Rollout, status: DeploymentStatus): Conditions {
  const { deployment, nowMs, current } = rollout;
  let conditions = deployment.status?.conditions ?? [];
  const failure = getCondition(current?.status?.conditions, "ReplicaFailure");
  conditions = failure ? setCondition(conditions, failure, nowMs) : removeCondition(conditions, "ReplicaFailure");
  conditions = setCondition(conditions, { ...availability(rollout, status), lastUpdateTime: toTime(nowMs) }, nowMs);
  if (isTerminating(deployment)) return { conditions, recheckAtMs: undefined };
  return progressCondition(rollout, status, conditions);
}

function availability(rollout: Rollout, status: DeploymentStatus): DeploymentCondition {
  const { deployment } = rollout;
  const least = wanted(deployment) - rollingBounds(deployment).maxUnavailable;
  return (status.availableReplicas ?? 0) >= least
    ? {
        type: "Available",
        status: "True",
        reason: "MinimumReplicasAvailable",
        message: "Deployment has minimum availability.",
      }
    : {
        type: "Available",
        status: "False",
        reason: "MinimumReplicasUnavailable",
        message: "Deployment does not have minimum availability.",
      };
}
