/** Label selectors: the text form of queries (`app=web,tier in (a,b),!old`) and the object form of specs; both match labels. */
import type { LabelSelector } from "./meta.ts";
import { labelValue, qualifiedName } from "./name-rules.ts";

export interface Requirement {
  readonly key: string;
  readonly operator: "in" | "not-in" | "exists" | "absent" | "more-than" | "less-than";
  readonly values: readonly string[];
}

/** All requirements must hold; none means everything. */
export type Selector = readonly Requirement[];

export type SelectorResult =
  | { readonly ok: true; readonly selector: Selector }
  | { readonly ok: false; readonly message: string };

export type Labels = Readonly<Record<string, string>> | undefined;

export const selectEverything: Selector = [];
/** Matches nothing: no label can be both there and not there. */
export const selectNothing: Selector = [
  { key: "orch/never", operator: "exists", values: [] },
  { key: "orch/never", operator: "absent", values: [] },
];

export function matchesSelector(selector: Selector, labels: Labels): boolean {
  return selector.every((requirement) => holds(requirement, labels));
}

function holds(requirement: Requirement, labels: Labels): boolean {
  const present = labels !== undefined && Object.hasOwn(labels, requirement.key);
  const value = present ? labels[requirement.key] : undefined;
  switch (requirement.operator) {
    case "exists":
      return present;
    case "absent":
      return !present;
    case "in":
      return value !== undefined && requirement.values.includes(value);
    case "not-in":
      return value === undefined || !requirement.values.includes(value);
    case "more-than":
      return value !== undefined && integerOf(value) > integerOf(requirement.values[0]);
    case "less-than":
      return value !== undefined && integerOf(value) < integerOf(requirement.values[0]);
  }
}

const integerOf = (text: string | undefined): number => (/^-?\d{1,15}$/.test(text ?? "") ? Number(text) : Number.NaN);

type Expression = NonNullable<LabelSelector["matchExpressions"]>[number];

const objectOperators = { In: "in", NotIn: "not-in", Exists: "exists", DoesNotExist: "absent" } as const;

/** A spec's selector. Absent selects nothing, empty selects everything, as in Kubernetes. */
export function selectorOf(selector: LabelSelector | undefined): Selector {
  if (selector === undefined) return selectNothing;
  const labels = Object.entries(selector.matchLabels ?? {});
  const expressions = selector.matchExpressions ?? [];
  return [
    ...labels.map(([key, value]): Requirement => ({ key, operator: "in", values: [value] })),
    ...expressions.map(requirementOf),
  ];
}

const requirementOf = ({ key, operator, values }: Expression): Requirement => ({
  key,
  operator: objectOperators[operator],
  values: values ?? [],
});

/** As `matchesSelector` of `selectorOf`, without making one: controllers ask it for every object they look at. */
export function matchesLabelSelector(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (selector === undefined) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  for (const key of Object.keys(matchLabels)) {
    if (labels === undefined || !Object.hasOwn(labels, key) || labels[key] !== matchLabels[key]) return false;
  }
  return matchExpressions.every((expression) => holds(requirementOf(expression), labels));
}

/** The text form, as it would be typed after `-l`. */
export function formatSelector(selector: Selector): string {
  return selector.map(formatRequirement).join(",");
}

function formatRequirement({ key, operator, values }: Requirement): string {
  switch (operator) {
    case "exists":
      return key;
    case "absent":
      return `!${key}`;
    case "more-than":
      return `${key}>${values[0]}`;
    case "less-than":
      return `${key}<${values[0]}`;
    case "in":
      return values.length === 1 ? `${key}=${values[0]}` : `${key} in (${values.join(",")})`;
    case "not-in":
      return values.length === 1 ? `${key}!=${values[0]}` : `${key} notin (${values.join(",")})`;
  }
}

const longestText = 64 * 1024;
const setForm = /^([^\s()=!<>,]+)\s+(in|notin)\s*\(([^()]*)\)$/;
const comparison = /^([^\s()=!<>,]+)\s*(==|=|!=|>|<)\s*([^\s()=!<>,]*)$/;
const presence = /^(!?)\s*([^\s()=!<>,]+)$/;

export function parseSelector(text: string): SelectorResult {
  if (text.length > longestText) return { ok: false, message: `the selector is longer than ${longestText} characters` };
  if (text.trim() === "") return { ok: true, selector: selectEverything };
  const selector: Requirement[] = [];
  for (const part of splitOutsideParentheses(text)) {
    const requirement = parseRequirement(part.trim());
    const message = typeof requirement === "string" ? requirement : problemIn(requirement);
    if (message !== undefined) return { ok: false, message };
    if (typeof requirement !== "string") selector.push(requirement);
  }
  return { ok: true, selector };
}

function splitOutsideParentheses(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === "(") depth++;
    else if (character === ")") depth--;
    else if (character === "," && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function parseRequirement(part: string): Requirement | string {
  const set = setForm.exec(part);
  if (set !== null) {
    const values = (set[3] ?? "").split(",").map((value) => value.trim());
    return { key: set[1] ?? "", operator: set[2] === "in" ? "in" : "not-in", values };
  }
  const compared = comparison.exec(part);
  if (compared !== null) {
    const operator = ({ "!=": "not-in", ">": "more-than", "<": "less-than" } as const)[compared[2] ?? ""] ?? "in";
    return { key: compared[1] ?? "", operator, values: [compared[3] ?? ""] };
  }
  const exists = presence.exec(part);
  if (exists !== null) return { key: exists[2] ?? "", operator: exists[1] === "!" ? "absent" : "exists", values: [] };
  return `\`${part.slice(0, 100)}\` is not a label requirement: write as \`app=web\`, \`app!=web\`, \`app in (a,b)\`, \`app\` or \`!app\``;
}

function problemIn({ key, operator, values }: Requirement): string | undefined {
  const keyProblem = qualifiedName(key);
  if (keyProblem !== undefined) return `label key \`${key.slice(0, 100)}\` ${keyProblem}`;
  for (const value of values) {
    const problem = labelValue(value);
    if (problem !== undefined) return `value \`${value.slice(0, 100)}\` of label \`${key}\` ${problem}`;
  }
  const wantsNumber = operator === "more-than" || operator === "less-than";
  return wantsNumber && Number.isNaN(integerOf(values[0]))
    ? `label \`${key}\` must be compared with a whole number`
    : undefined;
}
