/** Prefers nodes with more left: the mean free share of processor and memory after placing (Kubernetes' LeastAllocated). */
import type { NodeState } from "../node-state.ts";
import type { Score } from "../rule.ts";

export const freeResources: Score = {
  name: "free-resources",
  weight: 1,
  prepare: (shape) => ({
    scope: "node",
    score(node: NodeState) {
      const { allocatable } = node.facts;
      const cpu = freeShare(allocatable.milliCpu, node.used.milliCpu + shape.requests.milliCpu);
      const memory = freeShare(allocatable.memoryBytes, node.used.memoryBytes + shape.requests.memoryBytes);
      return (cpu + memory) / 2;
    },
  }),
};

function freeShare(all: number, used: number): number {
  return all <= 0 ? 0 : (Math.max(0, all - used) / all) * 100;
}
