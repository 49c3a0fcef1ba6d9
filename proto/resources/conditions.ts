/** Conditions of a status: found by type; lastTransitionTime moves only when `status` does. */
import { toTime } from "../kit/clock.ts";

export interface ConditionLike {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly lastTransitionTime?: string | undefined;
}

export function getCondition<C extends { readonly type: string }>(
  conditions: readonly C[] | undefined,
  type: string,
): C | undefined {
  return conditions?.find((condition) => condition.type === type);
}

export const isConditionTrue = (conditions: readonly ConditionLike[] | undefined, type: string): boolean =>
  getCondition(conditions, type)?.status === "True";

/**
 * A new list with `condition` in place of the one of its type, or at the end. The same list when nothing but time would
 * change, so that callers can compare by identity.
 */
export function setCondition<C extends ConditionLike>(conditions: C[] | undefined, condition: C, nowMs: number): C[] {
  const current = conditions ?? [];
  const index = current.findIndex((candidate) => candidate.type === condition.type);
  const previous = current[index];
  if (previous !== undefined && sameCondition(previous, condition)) return current;
  const unmoved = previous !== undefined && previous.status === condition.status;
  const lastTransitionTime = (unmoved ? previous.lastTransitionTime : undefined) ?? toTime(nowMs);
  const next = { ...condition, lastTransitionTime };
  return previous === undefined ? [...current, next] : current.with(index, next);
}

function sameCondition(a: ConditionLike, b: ConditionLike): boolean {
  return a.status === b.status && (a.reason ?? "") === (b.reason ?? "") && (a.message ?? "") === (b.message ?? "");
}

export function removeCondition<C extends { readonly type: string }>(conditions: C[], type: string): C[] {
  return conditions.some((condition) => condition.type === type)
    ? conditions.filter((condition) => condition.type !== type)
    : conditions;
}
