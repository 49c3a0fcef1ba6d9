/** Condition lists as values: one entry per type, `lastTransitionTime` moves only when the status does. */
import type { Condition } from "./kinds.ts";

export function conditionOf(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

export function withCondition(
  conditions: readonly Condition[] | undefined,
  next: Condition,
  nowTime: string,
): readonly Condition[] {
  const before = conditionOf(conditions, next.type);
  const sameStatus = before !== undefined && before.status === next.status;
  const lastTransitionTime = sameStatus ? (before.lastTransitionTime ?? nowTime) : nowTime;
  const entry: Condition = { ...next, lastTransitionTime };
  if (!before) return [...(conditions ?? []), entry];
  return (conditions ?? []).map((condition) => (condition.type === next.type ? entry : condition));
}

export function withoutCondition(
  conditions: readonly Condition[] | undefined,
  type: string,
): readonly Condition[] | undefined {
  return conditions?.filter((condition) => condition.type !== type);
}
