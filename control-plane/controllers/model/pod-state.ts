/** What controllers read from a pod's status. */
import { getCondition } from "#proto/resources/conditions.ts";
import { replaceRequestedAnnotation } from "#proto/resources/replace-request.ts";
import type { Pod, PodCondition } from "./kinds.ts";

/**
 * Set by node-lifecycle on pods whose node is lost and whose toleration of that has run out. Such a pod is replaced but
 * not deleted: when the node returns in time, the oldest ready copy is kept and the surplus stops.
 */
export const nodeLostAnnotation = "orch/node-lost-at";
/** Replaces the former when the node is back and its agent has reported. */
export const nodeReturnedAnnotation = "orch/node-returned-at";

export function podCondition(pod: Pod, type: string): PodCondition | undefined {
  return getCondition(pod.status?.conditions, type);
}

export const isReady = (pod: Pod): boolean => podCondition(pod, "Ready")?.status === "True";

export const isFinished = (pod: Pod): boolean => pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";

export const isLost = (pod: Pod): boolean => pod.metadata.annotations?.[nodeLostAnnotation] !== undefined;

/** Asked to leave once another copy is available: it serves on until then, and is not counted as a copy. */
export const isToBeReplaced = (pod: Pod): boolean =>
  pod.metadata.annotations?.[replaceRequestedAnnotation] !== undefined;

/** Reason of a Ready condition that says no more than that the node is silent. */
export const nodeLostReason = "NodeLost";

/** Nothing was heard of the pod since its node fell silent. */
export const isUnheard = (pod: Pod): boolean => podCondition(pod, "Ready")?.reason === nodeLostReason;

export const isAssigned = (pod: Pod): boolean => pod.spec.nodeName !== undefined && pod.spec.nodeName !== "";

/** Milliseconds since the epoch, or undefined when absent or unreadable. */
export function instantMs(time: string | undefined): number | undefined {
  if (time === undefined) return undefined;
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? undefined : ms;
}

/**
 * Since when whoever decides has known the pod as ready, by its own clock: a stamp of a clock that is ahead counts from then. Undefined: only
 * the stamp is known.
 */
export type ReadySince = (pod: Pod) => number | undefined;

/** When a ready pod counts as available: 0 at once, undefined while it is not ready. */
export function availableAtMs(pod: Pod, minReadySeconds: number, readySince?: ReadySince): number | undefined {
  const ready = podCondition(pod, "Ready");
  if (ready?.status !== "True") return undefined;
  if (minReadySeconds === 0) return 0;
  const stampedMs = instantMs(ready.lastTransitionTime);
  const sinceMs = Math.min(stampedMs ?? Number.POSITIVE_INFINITY, readySince?.(pod) ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(sinceMs) ? sinceMs + minReadySeconds * 1000 : undefined;
}
