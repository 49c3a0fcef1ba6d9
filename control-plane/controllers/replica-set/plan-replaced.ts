/** Which of the pods that are to be replaced may go now: those without which enough copies are available. */
import type { Pod, ReplicaSet } from "../model/kinds.ts";
import { availableAtMs, isReady, type ReadySince } from "../model/pod-state.ts";

export interface Copies {
  readonly active: readonly Pod[];
  readonly replaced: readonly Pod[];
  readonly readySince?: ReadySince | undefined;
}

/**
 * One that is not ready serves nobody and goes at once. One that is ready may do so though it does not count as available (yet, or any more by
 * the clock of whoever looks): it stays as long as others are missing. The instants at which others become available are the status' to wake for.
 */
export function dispensable(
  replicaSet: ReplicaSet,
  { active, replaced, readySince }: Copies,
  nowMs: number,
): readonly Pod[] {
  const minReadySeconds = replicaSet.spec.minReadySeconds ?? 0;
  const isAvailable = (pod: Pod): boolean =>
    (availableAtMs(pod, minReadySeconds, readySince) ?? Number.POSITIVE_INFINITY) <= nowMs;
  const available = replaced.filter(isAvailable);
  const spare = active.filter(isAvailable).length + available.length - (replicaSet.spec.replicas ?? 1);
  const others = replaced.filter((pod) => !isAvailable(pod) && (spare >= 0 || !isReady(pod)));
  return [...others, ...available.slice(0, Math.max(0, spare))];
}
