/** What a ReplicaSet reports about its pods, and when that will change by the passing of time alone. */
import { isSame } from "#proto/kit/is-same.ts";
import { getCondition, removeCondition, setCondition } from "#proto/resources/conditions.ts";
import type { Pod, ReplicaSet, ReplicaSetStatus } from "../model/kinds.ts";
import { isTerminating } from "../model/ownership.ts";
import { availableAtMs, isFinished, isReady, type ReadySince } from "../model/pod-state.ts";

export interface StatusOutcome {
  /** The same object as before when nothing changed. */
  readonly status: ReplicaSetStatus | undefined;
  /** When the next ready pod becomes available. */
  readonly recheckAtMs: number | undefined;
}

export interface CountedPods {
  /** Copies that stay. */
  readonly active: readonly Pod[];
  /** Copies that leave once others are available; they serve until then. */
  readonly replaced: readonly Pod[];
  /** All, in whatever state. */
  readonly claimed: readonly Pod[];
  /** Why copies that are missing cannot be made. */
  readonly failure?: string | undefined;
  readonly readySince?: ReadySince | undefined;
}

const failureType = "ReplicaFailure";

export const failureOf = (replicaSet: ReplicaSet) => getCondition(replicaSet.status?.conditions, failureType);

export function replicaSetStatus(
  replicaSet: ReplicaSet,
  { active, replaced, claimed, failure, readySince }: CountedPods,
  nowMs: number,
): StatusOutcome {
  const minReadySeconds = replicaSet.spec.minReadySeconds ?? 0;
  const templateLabels = Object.entries(replicaSet.spec.template.metadata?.labels ?? {});
  let readyReplicas = 0;
  let availableReplicas = 0;
  let fullyLabeledReplicas = 0;
  let recheckAtMs: number | undefined;
  for (const pod of [...active, ...replaced]) {
    if (templateLabels.every(([key, value]) => pod.metadata.labels?.[key] === value)) fullyLabeledReplicas++;
    if (!isReady(pod)) continue;
    readyReplicas++;
    const atMs = availableAtMs(pod, minReadySeconds, readySince);
    if (atMs === undefined) continue;
    if (atMs <= nowMs) availableReplicas++;
    else recheckAtMs = Math.min(recheckAtMs ?? atMs, atMs);
  }
  // A copy and the one that comes in its place count once.
  const atMost = (count: number): number => Math.min(count, active.length);
  const next: ReplicaSetStatus = {
    replicas: active.length,
    fullyLabeledReplicas: atMost(fullyLabeledReplicas),
    readyReplicas: atMost(readyReplicas),
    availableReplicas: atMost(availableReplicas),
    terminatingReplicas: claimed.filter((pod) => isTerminating(pod) && !isFinished(pod)).length,
    observedGeneration: replicaSet.metadata.generation ?? 0,
    ...conditionsWith(replicaSet, failure, nowMs),
  };
  return { status: isSame(next, replicaSet.status) ? replicaSet.status : next, recheckAtMs };
}

/** As in Kubernetes: there while something is in the way, gone otherwise. A Deployment repeats it. */
function conditionsWith(
  replicaSet: ReplicaSet,
  failure: string | undefined,
  nowMs: number,
): Pick<ReplicaSetStatus, "conditions"> {
  const before = replicaSet.status?.conditions;
  if (failure === undefined) {
    const left = removeCondition(before ?? [], failureType);
    return left.length === 0 ? {} : { conditions: left };
  }
  const condition = { type: failureType, status: "True", reason: "FailedCreate", message: failure } as const;
  return { conditions: setCondition(before, condition, nowMs) };
}
