/**
 * What an agent's word about a pod becomes. Pure. The agent owns the status, but for conditions that others own; instants
 * of transitions are this control plane's, so that no decision compares two machines' clocks; a pod that is over stays over.
 */
import { setCondition } from "#proto/resources/conditions.ts";
import { isPausedCondition } from "#proto/resources/container-wishes.ts";
import type { PodCondition, PodStatus } from "#proto/resources/pod/status.ts";

const othersConditions: ReadonlySet<string> = new Set(["PodScheduled", "DisruptionTarget"]);
/** The one reason for a disruption that is the agent's to tell. */
const agentsDisruption = "TerminationByKubelet";
const isOver = (phase: string | undefined): boolean => phase === "Succeeded" || phase === "Failed";

export function mergePodStatus(current: PodStatus | undefined, reported: PodStatus, nowMs: number): PodStatus {
  const { conditions: _, ...rest } = reported;
  const merged: PodStatus = { ...rest, conditions: mergeConditions(current?.conditions, reported.conditions, nowMs) };
  if (current?.qosClass !== undefined) merged.qosClass = current.qosClass;
  if (current?.nominatedNodeName !== undefined) merged.nominatedNodeName = current.nominatedNodeName;
  if (current && isOver(current.phase) && current.phase !== reported.phase) {
    merged.phase = current.phase;
    merged.reason = current.reason;
    merged.message = current.message;
  }
  return merged;
}

function mergeConditions(
  current: readonly PodCondition[] | undefined,
  reported: readonly PodCondition[] | undefined,
  nowMs: number,
): PodCondition[] {
  const isOver = ({ type }: PodCondition): boolean =>
    isPausedCondition(type) && !reported?.some((condition) => condition.type === type);
  let conditions = (current ?? []).filter((condition) => !isOver(condition));
  for (const condition of reported ?? []) {
    if (othersConditions.has(condition.type) && condition.reason !== agentsDisruption) continue;
    conditions = setCondition(conditions, condition, nowMs);
  }
  return conditions;
}
