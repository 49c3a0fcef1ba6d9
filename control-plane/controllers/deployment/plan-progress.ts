/** The Progressing condition: whether a rollout moves, is done, stands paused, or has missed its deadline. */
import { toTime } from "#proto/kit/clock.ts";
import { getCondition, removeCondition } from "#proto/resources/conditions.ts";
import type { DeploymentCondition, DeploymentStatus } from "../model/kinds.ts";
import { instantMs } from "../model/pod-state.ts";
import { isCompleteStatus } from "./plan-counts.ts";
import type { Rollout } from "./plan-rollout.ts";

const defaultDeadlineSeconds = 600;
/** Kubernetes' way to write "no deadline". */
const noDeadlineSeconds = 2_147_483_647;

const reasons = {
  complete: "NewReplicaSetAvailable",
  progressing: "ReplicaSetUpdated",
  timedOut: "ProgressDeadlineExceeded",
  paused: "DeploymentPaused",
  resumed: "DeploymentResumed",
} as const;

export interface Progress {
  readonly conditions: DeploymentCondition[];
  readonly recheckAtMs: number | undefined;
}

export function progressCondition(
  rollout: Rollout,
  status: DeploymentStatus,
  conditions: DeploymentCondition[],
): Progress {
  const { deployment, nowMs } = rollout;
  const deadlineSeconds = deployment.spec.progressDeadlineSeconds ?? defaultDeadlineSeconds;
  if (deadlineSeconds >= noDeadlineSeconds) {
    return { conditions: removeCondition(conditions, "Progressing"), recheckAtMs: undefined };
  }
  const before = getCondition(conditions, "Progressing");
  const next = nextProgress(rollout, status, before, deadlineSeconds * 1000);
  const after = next === undefined || next === before ? conditions : replaced(conditions, next, nowMs);
  const current = getCondition(after, "Progressing");
  return { conditions: after, recheckAtMs: deadlineAtMs(rollout, current, deadlineSeconds * 1000) };
}

/** Unlike elsewhere a fresh lastUpdateTime alone is a change: the deadline counts from it. */
function replaced(conditions: DeploymentCondition[], next: DeploymentCondition, nowMs: number): DeploymentCondition[] {
  const index = conditions.findIndex((one) => one.type === next.type);
  const previous = conditions[index];
  const unmoved = previous?.status === next.status ? previous.lastTransitionTime : undefined;
  const entry = { ...next, lastTransitionTime: unmoved ?? toTime(nowMs) };
  return previous === undefined ? [...conditions, entry] : conditions.with(index, entry);
}

function nextProgress(
  rollout: Rollout,
  status: DeploymentStatus,
  before: DeploymentCondition | undefined,
  deadlineMs: number,
): DeploymentCondition | undefined {
  const { deployment, nowMs } = rollout;
  const make = (value: "True" | "False" | "Unknown", reason: string, message: string): DeploymentCondition =>
    before?.status === value && before.reason === reason && before.message === message
      ? before
      : { type: "Progressing", status: value, reason, message, lastUpdateTime: toTime(nowMs) };
  if (deployment.spec.paused === true) return make("Unknown", reasons.paused, "Deployment is paused");
  if (before?.reason === reasons.paused) return make("Unknown", reasons.resumed, "Deployment is resumed");
  if (rollout.beginning?.reason !== undefined) {
    return make("True", rollout.beginning.reason, rollout.beginning.message ?? "");
  }
  const name = rollout.current?.metadata.name;
  const what = name === undefined ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${name}"`;
  const wasComplete = status.replicas === status.updatedReplicas && before?.reason === reasons.complete;
  if (wasComplete) return before;
  if (isCompleteStatus(deployment, status)) {
    return make("True", reasons.complete, `${what} has successfully progressed.`);
  }
  if (hasProgressed(deployment.status, status)) {
    const message = `${what} is progressing.`;
    return { type: "Progressing", status: "True", reason: reasons.progressing, message, lastUpdateTime: toTime(nowMs) };
  }
  if (isTimedOut(before, nowMs, deadlineMs)) {
    return make("False", reasons.timedOut, `${what} has timed out progressing.`);
  }
  return before;
}

function hasProgressed(before: DeploymentStatus | undefined, after: DeploymentStatus): boolean {
  const old = (status: DeploymentStatus | undefined): number =>
    (status?.replicas ?? 0) - (status?.updatedReplicas ?? 0);
  return (
    (after.updatedReplicas ?? 0) > (before?.updatedReplicas ?? 0) ||
    old(after) < old(before) ||
    (after.readyReplicas ?? 0) > (before?.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before?.availableReplicas ?? 0)
  );
}

function isTimedOut(condition: DeploymentCondition | undefined, nowMs: number, deadlineMs: number): boolean {
  if (!condition || condition.reason === reasons.complete) return false;
  if (condition.reason === reasons.timedOut) return true;
  const sinceMs = instantMs(condition.lastUpdateTime);
  return sinceMs !== undefined && nowMs >= sinceMs + deadlineMs;
}

/** When to look again although nothing happened: that nothing happened may then be the news. */
function deadlineAtMs(
  rollout: Rollout,
  current: DeploymentCondition | undefined,
  deadlineMs: number,
): number | undefined {
  if (!current || rollout.deployment.spec.paused === true) return undefined;
  if (current.reason === reasons.complete || current.reason === reasons.timedOut) return undefined;
  const sinceMs = instantMs(current.lastUpdateTime);
  return sinceMs === undefined ? undefined : Math.max(sinceMs + deadlineMs, rollout.nowMs + 1);
}
