/** Gives each node its own range of pod addresses, once and for its lifetime. */
import type { Plan } from "#proto/kit/plan.ts";
import { type Cidr, firstFree, formatCidr } from "../model/cidr.ts";
import type { Node } from "../model/kinds.ts";
import { isTerminating } from "../model/ownership.ts";
import type { Step } from "../model/step.ts";

export interface NodeIpamView {
  readonly node: Node;
  /** Ranges of all other nodes. */
  readonly taken: readonly Cidr[];
  readonly clusterCidr: Cidr;
  readonly nodePrefix: number;
}

export function plan(view: NodeIpamView): Plan<Step> {
  const { node } = view;
  if ((node.spec?.podCIDR ?? "") !== "" || isTerminating(node)) return { steps: [], reasons: [] };
  const range = firstFree(view.clusterCidr, view.nodePrefix, view.taken);
  if (!range) {
    const message = `no /${view.nodePrefix} is left in ${formatCidr(view.clusterCidr)} for the pods of node ${node.metadata.name}`;
    const event: Step = { kind: "event", regarding: node, type: "Warning", reason: "CIDRNotAvailable", message };
    return { steps: [event], reasons: [message] };
  }
  const podCIDR = formatCidr(range);
  // Generation stays: the range is an allocation, not a wish of a person.
  const object: Node = { ...node, spec: { ...node.spec, podCIDR, podCIDRs: [podCIDR] } };
  return { steps: [{ kind: "update", resource: "nodes", object }], reasons: [] };
}
