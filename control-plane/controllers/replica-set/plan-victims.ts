/**
 * Which pods go first when there are too many. Kubernetes' order (controller_utils.go, ActivePodsWithRanks), with one
 * addition: while copies are back from a partition, age decides among ready pods, so that the oldest ready copy stays.
 */
import type { Pod } from "../model/kinds.ts";
import { controllerOf } from "../model/ownership.ts";
import { instantMs, isAssigned, isReady, nodeReturnedAnnotation, podCondition } from "../model/pod-state.ts";

/** How long after a node's return its copies are judged by age. */
const healingMs = 60_000;
const deletionCostAnnotation = "controller.kubernetes.io/pod-deletion-cost";

interface Candidate {
  readonly pod: Pod;
  readonly assigned: number;
  readonly phase: number;
  readonly ready: number;
  readonly cost: number;
  /** Active siblings on the same node: where replicas crowd, the surplus goes first. */
  readonly crowd: number;
  readonly readyAtMs: number;
  readonly restarts: number;
  readonly createdAtMs: number;
}

/** The `count` pods to delete. The order of the input does not matter. */
export function victims(active: readonly Pod[], count: number, nowMs: number): readonly Pod[] {
  const crowds = new Map<string, number>();
  for (const pod of active) {
    const node = pod.spec.nodeName ?? "";
    crowds.set(node, (crowds.get(node) ?? 0) + 1);
  }
  const healing = active.some((pod) => isBack(pod, nowMs));
  const candidates = active.map((pod) => candidate(pod, crowds.get(pod.spec.nodeName ?? "") ?? 0));
  candidates.sort((a, b) => compare(a, b, healing));
  return candidates.slice(0, count).map((one) => one.pod);
}

/** Its node has just returned. */
function isBack(pod: Pod, nowMs: number): boolean {
  const atMs = instantMs(pod.metadata.annotations?.[nodeReturnedAnnotation]);
  return atMs !== undefined && nowMs < atMs + healingMs;
}

const phaseRank: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

function candidate(pod: Pod, crowd: number): Candidate {
  const cost = Number(pod.metadata.annotations?.[deletionCostAnnotation] ?? 0);
  return {
    pod,
    assigned: isAssigned(pod) ? 1 : 0,
    phase: phaseRank[pod.status?.phase ?? "Pending"] ?? 0,
    ready: isReady(pod) ? 1 : 0,
    cost: Number.isInteger(cost) ? cost : 0,
    crowd: isAssigned(pod) ? crowd : 0,
    readyAtMs: instantMs(podCondition(pod, "Ready")?.lastTransitionTime) ?? 0,
    restarts: Math.max(0, ...(pod.status?.containerStatuses ?? []).map((status) => status.restartCount ?? 0)),
    createdAtMs: instantMs(pod.metadata.creationTimestamp) ?? 0,
  };
}

/** Negative: `a` is deleted before `b`. */
function compare(a: Candidate, b: Candidate, healing: boolean): number {
  return (
    a.assigned - b.assigned ||
    a.phase - b.phase ||
    a.ready - b.ready ||
    a.cost - b.cost ||
    (healing ? b.createdAtMs - a.createdAtMs : 0) ||
    b.crowd - a.crowd ||
    (a.ready === 1 && b.ready === 1 ? b.readyAtMs - a.readyAtMs : 0) ||
    b.restarts - a.restarts ||
    b.createdAtMs - a.createdAtMs ||
    byUid(a.pod, b.pod)
  );
}

function byUid(a: Pod, b: Pod): number {
  const left = a.metadata.uid ?? controllerOf(a)?.uid ?? "";
  const right = b.metadata.uid ?? controllerOf(b)?.uid ?? "";
  return left < right ? -1 : left > right ? 1 : 0;
}
