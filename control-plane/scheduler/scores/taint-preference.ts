/** Avoids nodes with PreferNoSchedule taints that the pod does not tolerate. */
import type { Score } from "../rule.ts";
import { isTolerated } from "../tolerance.ts";

export const taintPreference: Score = {
  name: "taint-preference",
  weight: 3,
  prepare: (shape) => ({
    scope: "static",
    score(node) {
      let disliked = 0;
      for (const taint of node.facts.taints) {
        if (taint.effect === "PreferNoSchedule" && !isTolerated(shape.tolerations, taint)) disliked++;
      }
      return 100 / (1 + disliked);
    },
  }),
};
