/** preferredDuringScheduling node affinity: the share of preference weight that a node meets. */

import { matchesTerm } from "../filters/node-affinity.ts";
import type { Score } from "../rule.ts";

export const nodePreference: Score = {
  name: "node-preference",
  weight: 2,
  prepare(shape) {
    const preferences = shape.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    const whole = preferences.reduce((sum, one) => sum + one.weight, 0);
    if (whole <= 0) return undefined;
    return {
      scope: "static",
      score(node) {
        let met = 0;
        for (const { weight, preference } of preferences) if (matchesTerm(preference, node.facts)) met += weight;
        return (met / whole) * 100;
      },
    };
  },
};
