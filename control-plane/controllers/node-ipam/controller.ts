/** Nodes one after the other: each waits until the range of the one before shows in the cache, so none is given twice. */
import { Problem } from "#proto/kit/problem.ts";
import type { Controller } from "../engine/controller.ts";
import { type Cidr, parseCidr } from "../model/cidr.ts";
import type { Node } from "../model/kinds.ts";
import { keyOf, splitKey } from "../model/resource-name.ts";
import type { ControllerWorld } from "../world.ts";
import { plan } from "./plan.ts";

export function nodeIpamController(world: ControllerWorld): Controller {
  const { cache, settings } = world;
  const clusterCidr = parseCidr(settings.clusterCidr);
  if (!clusterCidr) {
    throw new Problem("invalid", `the cluster CIDR ${settings.clusterCidr} is not an IPv4 range`, {
      hint: "Write it as 10.128.0.0/12.",
    });
  }
  const nodes = (): readonly Node[] => cache.list("nodes", "") as readonly Node[];
  const rangesBut = (name: string): readonly Cidr[] =>
    nodes().flatMap((node) => (node.metadata.name === name ? [] : (parseCidr(node.spec?.podCIDR ?? "") ?? [])));

  return {
    name: "node-ipam",
    source: "node-ipam-controller",
    concurrency: 1,
    wakes: {
      nodes(change) {
        if (change.type !== "deleted") return (change.object as Node).spec?.podCIDR ? [] : [keyOf(change.object)];
        // A range became free: whoever still lacks one tries again.
        return nodes()
          .filter((node) => !node.spec?.podCIDR)
          .map(keyOf);
      },
    },
    decide(key) {
      const { name } = splitKey(key);
      const node = cache.get("nodes", "", name) as Node | undefined;
      if (!node) return undefined;
      return plan({ node, taken: rangesBut(name), clusterCidr, nodePrefix: settings.nodeCidrMaskSize });
    },
  };
}
