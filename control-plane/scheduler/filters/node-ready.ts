/** A node whose agent is not heard of, or which says it cannot run pods, gets no new ones. */
import { type Filter, fits, type Refusal } from "../rule.ts";

const refusal: readonly Refusal[] = [
  { filter: "node-ready", code: "not-ready", one: "node is not ready", many: "nodes are not ready" },
];

export const nodeReady: Filter = {
  name: "node-ready",
  helpedBy: ["node-added", "node-ready"],
  prepare: () => ({ scope: "static", refusals: (node) => (node.facts.isReady ? fits : refusal) }),
};
