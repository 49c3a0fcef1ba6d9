/** Gives each node its own range of pod addresses, once and for its lifetime. */
import type { Plan } from "#proto/kit/plan.ts";
import { type Cidr, firstFree, formatCidr, parseCidr } from "../model/cidr.ts";
import type { Node } from "../model/kinds.ts";
import { isTerminating } from "../model/ownership.ts";
import type { Step } from "../model/step.ts";

export interface NodeIpamView {
  /** All of them: what one has, no other gets. */
  readonly nodes: readonly Node[];
  /** Ranges given in this leadership, by node: the cache may not show them (yet). */
  readonly given: ReadonlyMap<string, string>;
  readonly clusterCidr: Cidr;
  readonly nodePrefix: number;
}

export function plan(view: NodeIpamView): Plan<Step> {
  const held = [...view.nodes.map((node) => node.spec?.podCIDR ?? ""), ...view.given.values()];
  const taken: Cidr[] = held.flatMap((text) => parseCidr(text) ?? []);
  const steps: Step[] = [];
  const reasons: string[] = [];
  for (const node of view.nodes) {
    if (!lacksRange(node) || view.given.has(node.metadata.name)) continue;
    const range = firstFree(view.clusterCidr, view.nodePrefix, taken);
    if (!range) {
      const whole = formatCidr(view.clusterCidr);
      const message = `no /${view.nodePrefix} is left in ${whole} for the pods of node ${node.metadata.name}`;
      steps.push({ kind: "event", regarding: node, type: "Warning", reason: "CIDRNotAvailable", message });
      reasons.push(message);
      continue;
    }
    taken.push(range);
    const podCIDR = formatCidr(range);
    // Generation stays: the range is an allocation, not a wish of a person.
    const object: Node = { ...node, spec: { ...node.spec, podCIDR, podCIDRs: [podCIDR] } };
    steps.push({ kind: "update", resource: "nodes", object });
  }
  return { steps, reasons };
}

export const lacksRange = (node: Node): boolean => (node.spec?.podCIDR ?? "") === "" && !isTerminating(node);
