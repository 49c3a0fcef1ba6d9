/** What the pod asks for must be free: allocatable of the node less what its pods reserve. */

import { formatBytes, formatCpu } from "../amount-text.ts";
import type { NodeState } from "../node-state.ts";
import type { Resources } from "../resources.ts";
import { type Filter, fits, type Refusal } from "../rule.ts";

interface Amount {
  readonly name: string;
  readonly of: (resources: Resources) => number;
  readonly format: (amount: number) => string;
}

const amounts: readonly Amount[] = [
  { name: "cpu", of: (resources) => resources.milliCpu, format: formatCpu },
  { name: "memory", of: (resources) => resources.memoryBytes, format: formatBytes },
  { name: "ephemeral-storage", of: (resources) => resources.ephemeralStorageBytes, format: formatBytes },
];

export const resources: Filter = {
  name: "resources",
  helpedBy: ["node-added", "node-allocatable", "pod-removed"],
  prepare(shape) {
    const asked = shape.requests;
    return {
      scope: "node",
      refusals(node) {
        const refusals: Refusal[] = [];
        if (node.used.pods + 1 > node.facts.allocatable.pods) refusals.push(tooManyPods);
        for (const amount of amounts) {
          const wanted = amount.of(asked);
          if (wanted === 0) continue;
          const free = amount.of(node.facts.allocatable) - amount.of(node.used);
          if (wanted > free) refusals.push(insufficient(amount.name, wanted, free, amount.format));
        }
        for (const name in asked.other) addOther(name, asked, node, refusals);
        return refusals.length === 0 ? fits : refusals;
      },
    };
  },
};

function addOther(name: string, asked: Resources, node: NodeState, refusals: Refusal[]): void {
  const wanted = asked.other?.[name] ?? 0;
  const free = (node.facts.allocatable.other?.[name] ?? 0) - (node.used.other?.[name] ?? 0);
  if (wanted > free) refusals.push(insufficient(name, wanted, free, String));
}

const tooManyPods: Refusal = {
  filter: "resources",
  code: "pods",
  one: "node is full of pods",
  many: "nodes are full of pods",
};

function insufficient(name: string, asked: number, free: number, format: (amount: number) => string): Refusal {
  const text = `insufficient ${name}`;
  return { filter: "resources", code: text, one: text, many: text, shortage: { asked, free, format } };
}
