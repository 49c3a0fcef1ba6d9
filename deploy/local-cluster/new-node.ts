/** A node that joins a running local cluster: its name, number and share. Pure. */
import { isNodeName } from "#proto/identity/names.ts";
import { Problem } from "#proto/kit/problem.ts";
import { maxNodes, nodeName } from "./names.ts";
import type { LocalCluster, LocalNode } from "./state.ts";

export interface NewNode {
  /** The next free of node-1, node-2 … when absent. */
  readonly name?: string;
  /** As the other nodes have when absent. */
  readonly milliCpu?: number;
  readonly memoryBytes?: number;
  readonly joinArguments?: readonly string[];
}

/** Throws Problem `already-exists`, `invalid` or `unavailable` (no addresses left). */
export function withNode(
  cluster: LocalCluster,
  wanted: NewNode,
): { readonly cluster: LocalCluster; readonly node: LocalNode } {
  const { nodes } = cluster;
  const name = wanted.name ?? freeName(cluster);
  if (!isNodeName(name) || name.includes(".") || name.length > 63) {
    throw new Problem("invalid", `"${name.slice(0, 80)}" cannot name a node`, {
      hint: "use at most 63 lower-case letters, digits and dashes, as in node-4",
    });
  }
  if (nodes.some((node) => node.name === name)) {
    throw new Problem("already-exists", `cluster ${cluster.name} has a node ${name} already`);
  }
  const index = freeIndex(cluster);
  const node: LocalNode = {
    name,
    index,
    milliCpu: wanted.milliCpu ?? Math.min(...nodes.map((one) => one.milliCpu)),
    memoryBytes: wanted.memoryBytes ?? Math.min(...nodes.map((one) => one.memoryBytes)),
    ...(wanted.joinArguments?.length && { joinArguments: wanted.joinArguments }),
  };
  return { cluster: { ...cluster, nodes: [...nodes, node], nextIndex: index + 1 }, node };
}

/** Throws Problem `conflict` for the last one: a cluster is removed by `cluster down --purge`. */
export function withoutNode(cluster: LocalCluster, name: string): LocalCluster {
  const nodes = cluster.nodes.filter((node) => node.name !== name);
  if (nodes.length === 0) {
    throw new Problem("conflict", `${name} is the last node of cluster ${cluster.name}`, {
      hint: `add another one first, or remove the cluster: orchctl cluster down --name ${cluster.name} --purge`,
    });
  }
  return { ...cluster, nodes, nextIndex: cluster.nextIndex ?? cluster.nodes.length };
}

/** A number is not used again before all others were: who still knows the old node's address must not meet another. */
function freeIndex({ name, nodes, nextIndex = nodes.length }: LocalCluster): number {
  const taken = new Set(nodes.map((node) => node.index));
  for (let step = 0; step < maxNodes; step++) {
    const index = (nextIndex + step) % maxNodes;
    if (!taken.has(index)) return index;
  }
  throw new Problem("unavailable", `cluster ${name} has ${nodes.length} nodes; its network has no room for more`);
}

function freeName({ nodes }: LocalCluster): string {
  for (let index = nodes.length; ; index++) {
    const name = nodeName(index);
    if (!nodes.some((node) => node.name === name)) return name;
  }
}
