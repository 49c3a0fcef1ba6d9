/** The pods of a node that is lost, back, or tainted by hand. */
import { toTime } from "#proto/kit/clock.ts";
import { getCondition, setCondition } from "#proto/resources/conditions.ts";
import { controllerOf } from "#proto/resources/owner.ts";
import { tolerates } from "../../scheduler/tolerance.ts";
import type { Node, Pod, Taint } from "../model/kinds.ts";
import { withAnnotations } from "../model/object-change.ts";
import { isTerminating } from "../model/ownership.ts";
import {
  instantMs,
  isFinished,
  isLost,
  isUnheard,
  nodeLostAnnotation,
  nodeLostReason,
  nodeReturnedAnnotation,
  podCondition,
} from "../model/pod-state.ts";
import { notReadyKey, unreachableKey } from "./plan-node.ts";
import type { NodeLifecycleView, Outcome } from "./plan-view.ts";

/** An agent that is back reports its pods within this; until then nobody knows which copies are ready. */
const reportWithinMs = 5_000;

/** Marks what a silent node holds, by how long each pod tolerates that. */
export function keepLost(view: NodeLifecycleView, node: Node, nowMs: number, outcome: Outcome): void {
  const taint = node.spec?.taints?.find((one) => one.key === unreachableKey && one.effect === "NoExecute");
  const lostAtMs = instantMs(taint?.timeAdded) ?? nowMs;
  let isSlowed = false;
  for (const pod of view.pods) {
    const evictAtMs =
      lostAtMs + toleratedMs(pod, { key: unreachableKey, effect: "NoExecute" }, view.defaultTolerationMs);
    const goneAtMs = Math.max(lostAtMs + view.nodeGoneMs, evictAtMs);
    if (nowMs >= goneAtMs) {
      outcome.steps.push({ kind: "delete", resource: "pods", object: pod, now: true });
      continue;
    }
    if (Number.isFinite(goneAtMs)) outcome.again(goneAtMs);
    if (isTerminating(pod) || isFinished(pod)) continue;
    if (nowMs < evictAtMs) {
      if (Number.isFinite(evictAtMs)) outcome.again(evictAtMs);
      markNotReady(pod, nowMs, outcome);
    } else if (!view.mayEvict && !isLost(pod)) {
      outcome.again(view.evictAgainAtMs);
      markNotReady(pod, nowMs, outcome);
      isSlowed = true;
    } else evict(pod, nowMs, outcome);
  }
  if (!isSlowed || view.slowed === undefined) return;
  const message = `Pods of ${node.metadata.name} are not replaced yet: ${view.slowed}`;
  outcome.steps.push({ kind: "event", regarding: node, type: "Warning", reason: "EvictionSlowed", message });
}

/** A ReplicaSet's pod is marked, which replaces it and leaves it be; others go, and are not made again by us. */
function evict(pod: Pod, nowMs: number, outcome: Outcome): void {
  if (!isReplica(pod)) {
    outcome.steps.push({ kind: "delete", resource: "pods", object: pod });
    return;
  }
  if (isLost(pod)) return;
  const marks = { [nodeLostAnnotation]: toTime(nowMs), [nodeReturnedAnnotation]: undefined };
  outcome.steps.push({ kind: "update", resource: "pods", object: withAnnotations(notReady(pod, nowMs), marks) });
}

function markNotReady(pod: Pod, nowMs: number, outcome: Outcome): void {
  const object = notReady(pod, nowMs);
  if (object !== pod) outcome.steps.push({ kind: "update", resource: "pods", object });
}

function notReady(pod: Pod, nowMs: number): Pod {
  if (podCondition(pod, "Ready")?.status !== "True") return pod;
  const before = pod.status?.conditions ?? [];
  const conditions = setCondition(
    before,
    { type: "Ready", status: "False", reason: nodeLostReason, message: "the pod's node is not heard of" },
    nowMs,
  );
  return { ...pod, status: { ...pod.status, conditions } };
}

/**
 * Copies count again once their agent has said how they are, or has had the time to. An agent that never noticed (its
 * control plane was cut off, not the node) says nothing new: then its last word on the containers stands.
 */
export function welcomeBack(view: NodeLifecycleView, node: Node, nowMs: number, outcome: Outcome): void {
  const readyAtMs = instantMs(getCondition(node.status?.conditions, "Ready")?.lastTransitionTime) ?? nowMs;
  for (const pod of view.pods) {
    const unheard = isUnheard(pod);
    if (!isLost(pod) && !unheard) continue;
    if (unheard && nowMs < readyAtMs + reportWithinMs) {
      outcome.again(readyAtMs + reportWithinMs);
      continue;
    }
    const marks = isLost(pod) ? { [nodeLostAnnotation]: undefined, [nodeReturnedAnnotation]: toTime(nowMs) } : {};
    const object = withAnnotations(unheard ? withLastWord(pod, nowMs) : pod, marks);
    outcome.steps.push({ kind: "update", resource: "pods", object });
  }
}

function withLastWord(pod: Pod, nowMs: number): Pod {
  const containers = pod.status?.containerStatuses ?? [];
  const isReady = containers.length > 0 && containers.every((container) => container.ready);
  const conditions = setCondition(
    pod.status?.conditions,
    isReady ? { type: "Ready", status: "True" } : { type: "Ready", status: "False", reason: "ContainersNotReady" },
    nowMs,
  );
  return { ...pod, status: { ...pod.status, conditions } };
}

/** NoExecute taints set by people or other programs. */
export function evictTainted(view: NodeLifecycleView, node: Node, nowMs: number, outcome: Outcome): void {
  const taints = (node.spec?.taints ?? []).filter((taint) => taint.effect === "NoExecute");
  if (taints.length === 0) return;
  for (const pod of view.pods) {
    if (isTerminating(pod) || isFinished(pod) || isLost(pod)) continue;
    const evictAtMs = Math.min(
      ...taints.map(
        (taint) => (instantMs(taint.timeAdded) ?? nowMs) + toleratedMs(pod, taint, view.defaultTolerationMs),
      ),
    );
    if (nowMs >= evictAtMs) outcome.steps.push({ kind: "delete", resource: "pods", object: pod });
    else if (Number.isFinite(evictAtMs)) outcome.again(evictAtMs);
  }
}

/**
 * How long a pod endures a NoExecute taint: what its tolerations say; when they say nothing of a lost node, ReplicaSet pods
 * do not wait and others wait the default.
 */
export function toleratedMs(pod: Pod, taint: Pick<Taint, "key" | "value" | "effect">, defaultMs: number): number {
  const matching = (pod.spec.tolerations ?? []).filter((toleration) => tolerates(toleration, taint));
  if (matching.length === 0) {
    const isLoss = taint.key === unreachableKey || taint.key === notReadyKey;
    return isLoss && !isReplica(pod) ? defaultMs : 0;
  }
  const seconds = matching.flatMap((toleration) => toleration.tolerationSeconds ?? []);
  return seconds.length === 0 ? Number.POSITIVE_INFINITY : Math.max(0, Math.min(...seconds)) * 1000;
}

const isReplica = (pod: Pod): boolean => controllerOf(pod)?.kind === "ReplicaSet";
