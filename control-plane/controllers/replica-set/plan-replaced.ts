/** Which of the pods that are to be replaced may go now: those without which enough copies are available. */
import type { Pod, ReplicaSet } from "../model/kinds.ts";
import { availableAtMs, type ReadySince } from "../model/pod-state.ts";

export interface Copies {
  readonly active: readonly Pod[];
  readonly replaced: readonly Pod[];
  readonly readySince?: ReadySince | undefined;
}

/** One that serves nobody goes at once. The instants at which others become available are the status' to wake for. */
export function dispensable(
  replicaSet: ReplicaSet,
  { active, replaced, readySince }: Copies,
  nowMs: number,
): readonly Pod[] {
  const minReadySeconds = replicaSet.spec.minReadySeconds ?? 0;
  const serves = (pod: Pod): boolean =>
    (availableAtMs(pod, minReadySeconds, readySince) ?? Number.POSITIVE_INFINITY) <= nowMs;
  const serving = replaced.filter(serves);
  const spare = active.filter(serves).length + serving.length - (replicaSet.spec.replicas ?? 1);
  return [...replaced.filter((pod) => !serves(pod)), ...serving.slice(0, Math.max(0, spare))];
}
