/** nodeSelector and required node affinity, and the name of the one node a pod is pinned to (`matchFields`). */
import type { NodeSelectorTerm } from "#proto/resources/pod.ts";
import type { NodeFacts } from "../node-state.ts";
import type { PodShape } from "../pod-facts.ts";
import { type Filter, fits, type Refusal } from "../rule.ts";
import { matchesRequirement } from "../terms/label-match.ts";

const refusal: readonly Refusal[] = [
  {
    filter: "node-affinity",
    code: "node-affinity",
    one: "node does not match the pod's node selector or affinity",
    many: "nodes do not match the pod's node selector or affinity",
  },
];

export const nodeAffinity: Filter = {
  name: "node-affinity",
  helpedBy: ["node-added", "node-labels"],
  prepare(shape) {
    if (!hasNodeRules(shape)) return undefined;
    return { scope: "static", refusals: (node) => (matchesNode(shape, node.facts) ? fits : refusal) };
  },
};

function hasNodeRules(shape: PodShape): boolean {
  return (
    Object.keys(shape.nodeSelector ?? {}).length > 0 ||
    shape.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution !== undefined
  );
}

/** Also what spreading uses to know which nodes a pod could run on. */
export function matchesNode(shape: PodShape, facts: NodeFacts): boolean {
  for (const key in shape.nodeSelector) if (facts.labels[key] !== shape.nodeSelector[key]) return false;
  const required = shape.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || required.nodeSelectorTerms.some((term) => matchesTerm(term, facts));
}

/** An empty term matches nothing, as in Kubernetes. */
export function matchesTerm(term: NodeSelectorTerm, facts: NodeFacts): boolean {
  const { matchExpressions = [], matchFields = [] } = term;
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  const fields = { "metadata.name": facts.name };
  return (
    matchExpressions.every((requirement) => matchesRequirement(requirement, facts.labels)) &&
    matchFields.every((requirement) => matchesRequirement(requirement, fields))
  );
}
