/** nodeSelector and required node affinity, and the name of the one node a pod is pinned to (`matchFields`). */
import type { PodShape } from "../pod-facts.ts";
import { type Filter, fits, type Refusal } from "../rule.ts";
import { type NodePredicate, nodeTerm } from "../terms/node-term.ts";

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
    const matches = nodePredicate(shape);
    return { scope: "static", refusals: (node) => (matches(node.facts) ? fits : refusal) };
  },
};

function hasNodeRules(shape: PodShape): boolean {
  return (
    Object.keys(shape.nodeSelector ?? {}).length > 0 ||
    shape.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution !== undefined
  );
}

/** Also what spreading uses to know which nodes a pod could run on. */
export function nodePredicate(shape: PodShape): NodePredicate {
  const selector = Object.entries(shape.nodeSelector ?? {});
  const required = shape.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const terms = required?.nodeSelectorTerms.map(nodeTerm);
  return (facts) =>
    selector.every(([key, value]) => facts.labels[key] === value) &&
    (terms === undefined || terms.some((matches) => matches(facts)));
}
