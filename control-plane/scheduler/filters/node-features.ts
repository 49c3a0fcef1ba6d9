/** A pod that needs something of the kernel goes where it is. */
import { type Filter, fits } from "../rule.ts";

export const nodeFeatures: Filter = {
  name: "node-features",
  helpedBy: ["node-added", "node-features"],
  prepare({ features }) {
    if (features.length === 0) return undefined;
    return {
      scope: "static",
      refusals({ facts }) {
        const missing = features.find((feature) => !facts.features.includes(feature));
        if (missing === undefined) return fits;
        const [one, many] = [`node does not have ${missing}`, `nodes do not have ${missing}`];
        return [{ filter: "node-features", code: `feature ${missing}`, one, many }];
      },
    };
  },
};
