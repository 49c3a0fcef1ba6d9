/** Node selector requirements, which know Gt and Lt besides what label selectors know. */
import { matchesSelector, type Requirement } from "#proto/resources/label-selector.ts";
import type { NodeSelectorTerm } from "#proto/resources/pod.ts";
import type { NodeFacts } from "../node-state.ts";

const operators = {
  In: "in",
  NotIn: "not-in",
  Exists: "exists",
  DoesNotExist: "absent",
  Gt: "more-than",
  Lt: "less-than",
} as const;

type NodeRequirement = NonNullable<NodeSelectorTerm["matchExpressions"]>[number];

const ready = (requirement: NodeRequirement): Requirement => ({
  key: requirement.key,
  operator: operators[requirement.operator],
  values: requirement.values ?? [],
});

export type NodePredicate = (facts: NodeFacts) => boolean;

/** An empty term matches nothing, as in Kubernetes. */
export function nodeTerm(term: NodeSelectorTerm): NodePredicate {
  const labels = (term.matchExpressions ?? []).map(ready);
  const fields = (term.matchFields ?? []).map(ready);
  if (labels.length === 0 && fields.length === 0) return () => false;
  return (facts) => matchesSelector(labels, facts.labels) && matchesSelector(fields, { "metadata.name": facts.name });
}
