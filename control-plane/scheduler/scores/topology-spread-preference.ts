/** topologySpreadConstraints with ScheduleAnyway: emptier domains are better. */
import type { NodeState } from "../node-state.ts";
import type { Score } from "../rule.ts";
import { domain } from "../snapshot.ts";
import { spreadTerm } from "../terms/pod-term.ts";

export const topologySpreadPreference: Score = {
  name: "topology-spread-preference",
  weight: 4,
  prepare(shape, snapshot) {
    const soft = shape.spread.filter((constraint) => constraint.whenUnsatisfiable === "ScheduleAnyway");
    if (soft.length === 0) return undefined;
    const spreads = soft.map((constraint) => ({
      topologyKey: constraint.topologyKey,
      maxSkew: Math.max(1, constraint.maxSkew),
      tally: snapshot.tally(spreadTerm(constraint, shape), "staying"),
    }));
    return {
      scope: spreads.every((spread) => spread.topologyKey === "kubernetes.io/hostname") ? "node" : "domain",
      score(node: NodeState) {
        let sum = 0;
        for (const { topologyKey, maxSkew, tally } of spreads) {
          const place = domain(node, topologyKey);
          if (place !== undefined) sum += (100 * 4 * maxSkew) / (4 * maxSkew + tally.count(place));
        }
        return sum / spreads.length;
      },
    };
  },
};
