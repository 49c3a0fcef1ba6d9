/** A cordoned node takes only pods that tolerate that. */
import { type Filter, fits, type Refusal } from "../rule.ts";
import { isTolerated } from "../tolerance.ts";

const refusal: readonly Refusal[] = [
  { filter: "unschedulable", code: "cordoned", one: "node is cordoned", many: "nodes are cordoned" },
];

const taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };

export const unschedulable: Filter = {
  name: "unschedulable",
  helpedBy: ["node-added", "node-unschedulable"],
  prepare(shape) {
    if (isTolerated(shape.tolerations, taint)) return undefined;
    return { scope: "static", refusals: (node) => (node.facts.isUnschedulable ? refusal : fits) };
  },
};
