/** Which pods of a node leave, how, and what speaks against beginning. Pure. */
import { controllerOf } from "#proto/resources/owner.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { replaceRequestedAnnotation } from "#proto/resources/replace-request.ts";
import type { DrainOptions } from "./run.ts";

/** replace: another copy is made and available first. evict: it goes now, and comes again elsewhere if somebody makes it again. */
export type Way = "replace" | "evict";

export interface DrainPlan {
  readonly move: readonly Pod[];
  /** Reasons not to begin. */
  readonly refusals: readonly string[];
}

export const podName = (pod: Pod): string => `${pod.metadata.namespace}/${pod.metadata.name}`;

export function drainPlan(
  pods: readonly Pod[],
  options: Pick<DrainOptions, "force" | "deleteEmptydirData">,
): DrainPlan {
  const move = pods.filter((pod) => controllerOf(pod)?.kind !== "DaemonSet" && !isOver(pod));
  return { move, refusals: move.flatMap((pod) => refusals(pod, options)) };
}

function refusals(pod: Pod, options: Pick<DrainOptions, "force" | "deleteEmptydirData">): readonly string[] {
  if (pod.metadata.deletionTimestamp) return [];
  const alone =
    controllerOf(pod) === undefined && !options.force
      ? [`${podName(pod)} has no controller that would start it elsewhere (--force deletes it)`]
      : [];
  const keepsData = pod.spec.volumes?.some((volume) => volume.emptyDir !== undefined) && !options.deleteEmptydirData;
  return [...alone, ...(keepsData ? [`${podName(pod)} keeps data in emptyDir (--delete-emptydir-data loses it)`] : [])];
}

/** Its containers have ended by themselves: there is nothing to move. One that is being deleted leaves in a moment. */
const isOver = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined && (status?.phase === "Succeeded" || status?.phase === "Failed");

export const isAskedToBeReplaced = (pod: Pod): boolean =>
  pod.metadata.annotations?.[replaceRequestedAnnotation] !== undefined;

/** What a pod that is still there waits for. `siblings`: all pods of its controller. */
export function standstill(pod: Pod, siblings: readonly Pod[]): string {
  const name = podName(pod);
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers = [] } = pod.metadata;
  if (deletionTimestamp !== undefined) {
    if (finalizers.length > 0) return `${name} is held by its finalizers (${finalizers.join(", ")})`;
    return `${name} is stopping and has ${deletionGracePeriodSeconds ?? 30} s to do so (--grace-period gives it less)`;
  }
  if (!isAskedToBeReplaced(pod)) return `${name} has not been asked to leave yet`;
  const fresh = siblings.filter((one) => one.metadata.deletionTimestamp === undefined && !isAskedToBeReplaced(one));
  const late = fresh.find((one) => !isReady(one));
  if (late === undefined) return `${name} waits for another copy to be made and available`;
  return `${name} waits for ${podName(late)}, which is not ready: ${reasonOf(late)}`;
}

const isReady = (pod: Pod): boolean =>
  pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true;

function reasonOf(pod: Pod): string {
  const unplaced = pod.status?.conditions?.find(({ type, status }) => type === "PodScheduled" && status === "False");
  if (unplaced?.message !== undefined) return unplaced.message;
  const waiting = pod.status?.containerStatuses?.map((one) => one.state?.waiting).find((one) => one !== undefined);
  if (waiting) return [waiting.reason, waiting.message].filter(Boolean).join(": ");
  return pod.spec.nodeName ? `it has just started on ${pod.spec.nodeName}` : "it has no node yet";
}
