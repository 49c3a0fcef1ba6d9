/** Rules for what the scheduler reads: affinity, tolerations, spreading. */
import { labelValue, qualifiedName } from "../name-rules.ts";
import type {
  Affinity,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
  Toleration,
  TopologySpreadConstraint,
} from "../pod/affinity.ts";
import type { Path } from "../schema/field-path.ts";
import type { Findings } from "../schema/findings.ts";
import { validateLabelSelector } from "./selector-rules.ts";
import { checkName, checkUnique } from "./unique.ts";

const required = "requiredDuringSchedulingIgnoredDuringExecution";
const preferred = "preferredDuringSchedulingIgnoredDuringExecution";

export function validateAffinity(affinity: Affinity | undefined, path: Path, findings: Findings): void {
  const node = affinity?.nodeAffinity;
  if (node?.[required] !== undefined) {
    const at = [...path, "nodeAffinity", required, "nodeSelectorTerms"];
    const terms = node[required].nodeSelectorTerms;
    if (terms.length === 0) findings.required(at, "must have at least one term");
    for (const [i, term] of terms.entries()) validateTerm(term, [...at, i], findings);
  }
  for (const [i, { weight, preference }] of (node?.[preferred] ?? []).entries()) {
    const at = [...path, "nodeAffinity", preferred, i];
    checkWeight(weight, at, findings);
    validateTerm(preference, [...at, "preference"], findings);
  }
  validatePodAffinity(affinity?.podAffinity, [...path, "podAffinity"], findings);
  validatePodAffinity(affinity?.podAntiAffinity, [...path, "podAntiAffinity"], findings);
}

function checkWeight(weight: number, path: Path, findings: Findings): void {
  if (weight < 1 || weight > 100) findings.invalid([...path, "weight"], "must be from 1 to 100");
}

function validateTerm(term: NodeSelectorTerm, path: Path, findings: Findings): void {
  for (const [i, requirement] of (term.matchExpressions ?? []).entries()) {
    const at = [...path, "matchExpressions", i];
    findings.check([...at, "key"], qualifiedName(requirement.key));
    validateValues(requirement, at, findings);
  }
  for (const [i, { key, operator, values = [] }] of (term.matchFields ?? []).entries()) {
    const at = [...path, "matchFields", i];
    if (key !== "metadata.name") findings.add([...at, "key"], "FieldValueNotSupported", "must be `metadata.name`");
    if (operator !== "In" && operator !== "NotIn")
      findings.add([...at, "operator"], "FieldValueNotSupported", "must be `In` or `NotIn`");
    if (values.length !== 1) findings.required([...at, "values"], "must have exactly one value");
  }
}

function validateValues({ operator, values = [] }: NodeSelectorRequirement, path: Path, findings: Findings): void {
  const at = [...path, "values"];
  const lists = operator === "In" || operator === "NotIn";
  const compares = operator === "Gt" || operator === "Lt";
  if (lists && values.length === 0) findings.required(at, `is required with operator ${operator}`);
  if (compares && values.length !== 1) findings.required(at, `must have exactly one value with operator ${operator}`);
  if (!lists && !compares && values.length > 0) findings.forbidden(at, `must be empty with operator ${operator}`);
  if (compares && values[0] !== undefined && !/^-?\d{1,15}$/.test(values[0]))
    findings.invalid([...at, 0], "must be a whole number");
  if (lists) for (const [i, value] of values.entries()) findings.check([...at, i], labelValue(value));
}

function validatePodAffinity(affinity: PodAffinity | undefined, path: Path, findings: Findings): void {
  for (const [i, term] of (affinity?.[required] ?? []).entries())
    validatePodTerm(term, [...path, required, i], findings);
  for (const [i, { weight, podAffinityTerm }] of (affinity?.[preferred] ?? []).entries()) {
    checkWeight(weight, [...path, preferred, i], findings);
    validatePodTerm(podAffinityTerm, [...path, preferred, i, "podAffinityTerm"], findings);
  }
}

function validatePodTerm(term: PodAffinityTerm, path: Path, findings: Findings): void {
  checkName(term.topologyKey, qualifiedName, [...path, "topologyKey"], findings);
  validateLabelSelector(term.labelSelector, [...path, "labelSelector"], findings);
  validateLabelSelector(term.namespaceSelector, [...path, "namespaceSelector"], findings);
  const keys = { matchLabelKeys: term.matchLabelKeys ?? [], mismatchLabelKeys: term.mismatchLabelKeys ?? [] };
  for (const [field, list] of Object.entries(keys)) {
    if (list.length > 0 && term.labelSelector === undefined)
      findings.forbidden([...path, field], "needs a labelSelector");
    for (const [i, key] of list.entries()) findings.check([...path, field, i], qualifiedName(key));
  }
  if (keys.matchLabelKeys.some((key) => keys.mismatchLabelKeys.includes(key)))
    findings.invalid([...path, "mismatchLabelKeys"], "must not repeat a key of matchLabelKeys");
}

export function validateTolerations(tolerations: readonly Toleration[], path: Path, findings: Findings): void {
  for (const [i, toleration] of tolerations.entries()) {
    const at = [...path, i];
    const { key = "", operator = "Equal", value = "", effect, tolerationSeconds } = toleration;
    if (key !== "") findings.check([...at, "key"], qualifiedName(key));
    else if (operator !== "Exists") findings.invalid([...at, "operator"], "must be `Exists` when there is no key");
    if (operator === "Exists" && value !== "") findings.invalid([...at, "value"], "must be empty with operator Exists");
    if (operator === "Equal") findings.check([...at, "value"], labelValue(value));
    if (operator === "Lt" || operator === "Gt")
      findings.forbidden([...at, "operator"], "refused: comparing taints by number is not built yet");
    if (tolerationSeconds !== undefined && effect !== "NoExecute")
      findings.invalid([...at, "effect"], "must be `NoExecute` when tolerationSeconds is set");
  }
}

export function validateSpread(constraints: readonly TopologySpreadConstraint[], path: Path, findings: Findings): void {
  for (const [i, constraint] of constraints.entries()) {
    const at = [...path, i];
    if (constraint.maxSkew < 1) findings.invalid([...at, "maxSkew"], "must be at least 1");
    checkName(constraint.topologyKey, qualifiedName, [...at, "topologyKey"], findings);
    validateLabelSelector(constraint.labelSelector, [...at, "labelSelector"], findings);
    const { minDomains, matchLabelKeys = [] } = constraint;
    if (minDomains !== undefined && minDomains < 1) findings.invalid([...at, "minDomains"], "must be at least 1");
    if (minDomains !== undefined && constraint.whenUnsatisfiable !== "DoNotSchedule")
      findings.invalid([...at, "minDomains"], "can be set only with whenUnsatisfiable DoNotSchedule");
    if (matchLabelKeys.length > 0 && constraint.labelSelector === undefined)
      findings.forbidden([...at, "matchLabelKeys"], "needs a labelSelector");
    for (const [j, key] of matchLabelKeys.entries()) findings.check([...at, "matchLabelKeys", j], qualifiedName(key));
  }
  const pairs = constraints.map(({ topologyKey, whenUnsatisfiable }) => `${topologyKey} ${whenUnsatisfiable}`);
  checkUnique(pairs, (i) => [...path, i], findings);
}
