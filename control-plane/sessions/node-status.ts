/** What a node may say about itself. Pure. */
import { setCondition } from "#proto/resources/conditions.ts";
import type { NodeStatus } from "#proto/resources/node.ts";

/** Judged by the control plane, never by the node. */
const controlPlaneConditions: ReadonlySet<string> = new Set(["Ready", "NodeClockSkew"]);
const wellKnownLabels: ReadonlySet<string> = new Set([
  "kubernetes.io/hostname",
  "kubernetes.io/arch",
  "kubernetes.io/os",
  "node.kubernetes.io/instance-type",
  "topology.kubernetes.io/region",
  "topology.kubernetes.io/zone",
]);
const labelKey = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** Names under which others schedule by trust: a node must not give them to itself. */
function isReserved(key: string): boolean {
  const domain = key.includes("/") ? key.slice(0, key.indexOf("/")) : "";
  return ["kubernetes.io", "k8s.io", "orch"].some((reserved) => domain === reserved || domain.endsWith(`.${reserved}`));
}

/** Of a node that is new. `kubernetes.io/hostname` is always there: spreading goes by it. */
export function allowedLabels(name: string, said: Readonly<Record<string, string>>): Record<string, string> {
  const valid = Object.entries(said).filter(([key, value]) => labelKey.test(key) && labelValue.test(value));
  const allowed = valid.filter(([key]) => wellKnownLabels.has(key) || !isReserved(key));
  return { ...Object.fromEntries(allowed), "kubernetes.io/hostname": name };
}

/** Of a node that comes back: facts about the machine are renewed, what people set stays. */
export function refreshedLabels(
  name: string,
  current: Readonly<Record<string, string>>,
  said: Readonly<Record<string, string>>,
): Record<string, string> {
  const facts = Object.entries(allowedLabels(name, said)).filter(([key]) => wellKnownLabels.has(key));
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
