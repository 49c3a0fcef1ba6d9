/** Label selectors as values. A selector that cannot be read selects nothing. */
import type { LabelSelector, LabelSelectorRequirement } from "./kinds.ts";

export type Labels = Readonly<Record<string, string>>;

export function selects(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  if (selector === undefined) return false;
  const own = labels ?? {};
  for (const key in selector.matchLabels) if (own[key] !== selector.matchLabels[key]) return false;
  return (selector.matchExpressions ?? []).every((requirement) => satisfies(requirement, own));
}

/** An empty selector selects everything in the API but must not let a controller take the whole namespace. */
export function isEmptySelector(selector: LabelSelector | undefined): boolean {
  if (selector === undefined) return true;
  return Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0;
}

export function satisfies(requirement: LabelSelectorRequirement, labels: Labels): boolean {
  const value = labels[requirement.key];
  switch (requirement.operator) {
    case "In":
      return value !== undefined && (requirement.values ?? []).includes(value);
    case "NotIn":
      return value === undefined || !(requirement.values ?? []).includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return value !== undefined && Number(value) > Number(requirement.values?.[0]);
    case "Lt":
      return value !== undefined && Number(value) < Number(requirement.values?.[0]);
    default:
      return false;
  }
}
