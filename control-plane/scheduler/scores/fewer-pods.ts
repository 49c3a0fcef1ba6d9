/** Among equals the node with fewer pods: what asks for nothing still costs something. */
import type { NodeState } from "../node-state.ts";
import type { Score } from "../rule.ts";

const halfAt = 32;

export const fewerPods: Score = {
  name: "fewer-pods",
  weight: 0.5,
  prepare: () => ({ scope: "node", score: (node: NodeState) => (100 * halfAt) / (halfAt + node.used.pods) }),
};
