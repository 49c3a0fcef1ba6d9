/** Spreads the replicas of one owner over nodes when the pod does not say how to spread. */
import type { NodeState } from "../node-state.ts";
import type { Score } from "../rule.ts";

/** With this many replicas on a node its score is half: differences still tell at hundreds of replicas. */
const halfAt = 16;

export const replicaSpread: Score = {
  name: "replica-spread",
  weight: 4,
  prepare(shape, snapshot) {
    const { owner } = shape;
    if (owner === undefined || shape.spread.length > 0) return undefined;
    return {
      scope: "node",
      score: (node: NodeState) => (100 * halfAt) / (halfAt + (snapshot.replicasOf(owner).get(node.facts.name) ?? 0)),
    };
  },
};
