/** Preferred pod affinity and anti-affinity, the pod's own and those of pods already there. */
import type { NodeState } from "../node-state.ts";
import type { PodShape } from "../pod-facts.ts";
import type { Score } from "../rule.ts";
import { domain, type Snapshot } from "../snapshot.ts";
import { affinityTerm } from "../terms/pod-term.ts";
import type { Tally } from "../terms/tally.ts";

interface Weighted {
  readonly tally: Tally;
  readonly weight: number;
}

export const podPreference: Score = {
  name: "pod-preference",
  weight: 2,
  prepare(shape, snapshot) {
    const own = ownPreferences(shape, snapshot);
    const held = snapshot.preferences.about(shape);
    if (own.length === 0 && held.length === 0) return undefined;
    const whole = own.reduce((sum, one) => sum + Math.abs(one.weight), 0) + held.length;
    return {
      scope: "domain",
      score(node: NodeState) {
        let sum = 0;
        for (const { tally, weight } of own) {
          const place = domain(node, tally.term.topologyKey);
          if (place !== undefined) sum += saturated(tally.count(place)) * weight;
        }
        for (const { term, byDomain } of held) {
          const place = domain(node, term.topologyKey);
          if (place !== undefined) sum += saturated((byDomain.get(place) ?? 0) / 100);
        }
        return Math.max(0, Math.min(100, 50 + (50 * sum) / whole));
      },
    };
  },
};

/** Grows towards 1 with the count, so that more company still counts but never without bound. */
function saturated(count: number): number {
  return count / (1 + Math.abs(count));
}

function ownPreferences(shape: PodShape, snapshot: Snapshot): readonly Weighted[] {
  const { podAffinity, podAntiAffinity } = shape.affinity ?? {};
  const signed = [
    ...(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((one) => ({ one, sign: 1 })),
    ...(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((one) => ({ one, sign: -1 })),
  ];
  return signed.map(({ one, sign }) => {
    const term = affinityTerm(one.podAffinityTerm, shape, (namespace) => snapshot.namespaceLabels(namespace));
    return { tally: snapshot.tally(term, "all"), weight: sign * one.weight };
  });
}
