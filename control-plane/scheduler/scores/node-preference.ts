/** preferredDuringScheduling node affinity: the share of preference weight that a node meets. */

import type { Score } from "../rule.ts";
import { nodeTerm } from "../terms/node-term.ts";

export const nodePreference: Score = {
  name: "node-preference",
  weight: 2,
  prepare(shape) {
    const listed = shape.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    const preferences = listed.map(({ weight, preference }) => ({ weight, matches: nodeTerm(preference) }));
    const whole = preferences.reduce((sum, one) => sum + one.weight, 0);
    if (whole <= 0) return undefined;
    return {
      scope: "static",
      score(node) {
        let met = 0;
        for (const { weight, matches } of preferences) if (matches(node.facts)) met += weight;
        return (met / whole) * 100;
      },
    };
  },
};
