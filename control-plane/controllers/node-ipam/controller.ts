/**
 * One key for all nodes: a range whose write got no answer is settled before the next is given, so that none is given twice.
 */
import { Problem } from "#proto/kit/problem.ts";
import type { Controller } from "../engine/controller.ts";
import { parseCidr } from "../model/cidr.ts";
import type { Node } from "../model/kinds.ts";
import type { ControllerWorld } from "../world.ts";
import { lacksRange, plan } from "./plan.ts";

const everything = "all";

export function nodeIpamController(world: ControllerWorld): Controller {
  const { cache, settings } = world;
  const clusterCidr = parseCidr(settings.clusterCidr);
  if (!clusterCidr) {
    throw new Problem("invalid", `the cluster CIDR ${settings.clusterCidr} is not an IPv4 range`, {
      hint: "Write it as 10.128.0.0/12.",
    });
  }
  const given = new Map<string, string>();
  return {
    name: "node-ipam",
    source: "node-ipam-controller",
    concurrency: 1,
    wakes: {
      // A node that goes leaves a range to those that lack one.
      nodes({ type, object, name }) {
        if (type === "deleted") given.delete(name);
        return type === "deleted" || lacksRange(object as Node) ? [everything] : [];
      },
    },
    decide: () =>
      plan({
        nodes: cache.list("nodes", "") as readonly Node[],
        given,
        clusterCidr,
        nodePrefix: settings.nodeCidrMaskSize,
      }),
    settled(_key, outcomes) {
      for (const { step, ok } of outcomes) {
        const { metadata, spec } = step.object as Node;
        if (ok === false) given.delete(metadata.name);
        else given.set(metadata.name, spec?.podCIDR ?? "");
      }
    },
  };
}
