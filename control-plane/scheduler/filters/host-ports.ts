/** Two pods cannot hold the same port of a node. A port on all addresses clashes with the same port on any one. */
import type { NodeState } from "../node-state.ts";
import { type Filter, fits, type Refusal } from "../rule.ts";

export const hostPorts: Filter = {
  name: "host-ports",
  helpedBy: ["node-added", "pod-removed"],
  prepare(shape) {
    if (shape.hostPorts.length === 0) return undefined;
    return {
      scope: "node",
      refusals(node: NodeState) {
        const taken = shape.hostPorts.find((port) => isTaken(port, node.hostPorts));
        return taken === undefined ? fits : [refusal(taken)];
      },
    };
  },
};

function isTaken(port: string, used: ReadonlyMap<string, number>): boolean {
  if (used.size === 0) return false;
  if (used.has(port)) return true;
  const parts = port.split("/");
  // `ADDRESS/TCP/80` clashes with `TCP/80`, and `TCP/80` with `TCP/80` on every address.
  if (parts.length === 3) return used.has(parts.slice(1).join("/"));
  for (const other of used.keys()) if (other.endsWith(`/${port}`)) return true;
  return false;
}

function refusal(port: string): Refusal {
  const [protocol = "", number = ""] = port.split("/").slice(-2);
  const rest = `host port ${number}/${protocol} in use`;
  return { filter: "host-ports", code: `port ${port}`, one: `node has ${rest}`, many: `nodes have ${rest}` };
}
