/** What a node may say about itself. Pure. */
import { setCondition } from "#proto/resources/conditions.ts";
import type { NodeStatus } from "#proto/resources/node.ts";
import { isWellKnownNodeLabel, ownLabelRefusal } from "#proto/resources/node-labels.ts";

/** Judged by the control plane, never by the node. */
const controlPlaneConditions: ReadonlySet<string> = new Set(["Ready", "NodeClockSkew"]);
/** Of a node that is new. `kubernetes.io/hostname` is always there: spreading goes by it. */
export function allowedLabels(name: string, said: Readonly<Record<string, string>>): Record<string, string> {
  const allowed = Object.entries(said).filter(([key, value]) => ownLabelRefusal(key, value) === undefined);
  return { ...Object.fromEntries(allowed), "kubernetes.io/hostname": name };
}

/** Of a node that comes back: facts about the machine are renewed, what people set stays. */
export function refreshedLabels(
  name: string,
  current: Readonly<Record<string, string>>,
  said: Readonly<Record<string, string>>,
): Record<string, string> {
  const facts = Object.entries(allowedLabels(name, said)).filter(([key]) => isWellKnownNodeLabel(key));
  return { ...current, ...Object.fromEntries(facts) };
}

/** Heartbeat times are dropped: liveness is the session's, and an idle node must cause no writes. */
export function mergeNodeStatus(current: NodeStatus | undefined, said: NodeStatus, nowMs: number): NodeStatus {
  const kept = (current?.conditions ?? []).filter((condition) => {
    return controlPlaneConditions.has(condition.type) || said.conditions?.some(({ type }) => type === condition.type);
  });
  let conditions = kept;
  for (const { lastHeartbeatTime: _, ...condition } of said.conditions ?? []) {
    if (!controlPlaneConditions.has(condition.type)) conditions = setCondition(conditions, condition, nowMs);
  }
  return { ...current, ...said, conditions };
}
