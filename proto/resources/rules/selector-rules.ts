/** Rules for label selectors in specs. */
import { matchesLabelSelector } from "../label-selector.ts";
import type { LabelSelector } from "../meta.ts";
import { labelValue, qualifiedName } from "../name-rules.ts";
import type { Path } from "../schema/field-path.ts";
import type { Findings } from "../schema/findings.ts";
import { validateLabels } from "./meta-rules.ts";

export function validateLabelSelector(selector: LabelSelector | undefined, path: Path, findings: Findings): void {
  if (selector === undefined) return;
  validateLabels(selector.matchLabels, [...path, "matchLabels"], findings);
  for (const [i, { key, operator, values = [] }] of (selector.matchExpressions ?? []).entries()) {
    const at = [...path, "matchExpressions", i];
    findings.check([...at, "key"], qualifiedName(key));
    const wantsValues = operator === "In" || operator === "NotIn";
    if (wantsValues && values.length === 0)
      findings.required([...at, "values"], `is required with operator ${operator}`);
    if (!wantsValues && values.length > 0)
      findings.forbidden([...at, "values"], `must be empty with operator ${operator}`);
    for (const [j, value] of values.entries()) findings.check([...at, "values", j], labelValue(value));
  }
}

/** The selector of a workload: not empty, and met by the labels of its own template. */
export function validateOwnSelector(
  selector: LabelSelector,
  labels: Readonly<Record<string, string>> | undefined,
  findings: Findings,
): void {
  const path: Path = ["spec", "selector"];
  validateLabelSelector(selector, path, findings);
  const size = Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length;
  if (size === 0) findings.invalid(path, "must not be empty: it would select every pod of the namespace");
  else if (!matchesLabelSelector(selector, labels))
    findings.invalid(
      ["spec", "template", "metadata", "labels"],
      "must match `spec.selector`, or the pods would not be found again",
    );
}
