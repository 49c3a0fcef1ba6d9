/** Rules many lists share: names that must be well formed and unique, and choices of which exactly one is made. */
import type { NameRule } from "../name-rules.ts";
import type { Path } from "../schema/field-path.ts";
import type { Findings } from "../schema/findings.ts";

/** Reports each value that was there before. */
export function checkUnique(values: readonly string[], pathOf: (index: number) => Path, findings: Findings): void {
  const seen = new Set<string>();
  for (const [i, value] of values.entries()) {
    if (seen.has(value)) findings.duplicate(pathOf(i), value);
    seen.add(value);
  }
}

export function checkName(name: string | undefined, rule: NameRule, path: Path, findings: Findings): void {
  if (name === undefined || name === "") findings.required(path);
  else findings.check(path, rule(name));
}

/** The one field of `fields` that is set; anything else is a cause. `what` names the choice in the sentence. */
export function checkOneOf(
  value: object,
  fields: readonly string[],
  what: string,
  path: Path,
  findings: Findings,
): string | undefined {
  const set = fields.filter((field) => Reflect.get(value, field) !== undefined);
  if (set.length === 1) return set[0];
  if (set.length === 0) findings.required(path, `needs ${what}: one of ${fields.join(", ")}`);
  else findings.forbidden(path, `can have only one of ${set.join(", ")}`);
  return undefined;
}
