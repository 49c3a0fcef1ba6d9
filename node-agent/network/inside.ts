/** What a pod's own end of its link needs, done in the pod's namespace. */
import { writeFileSync } from "node:fs";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { insideNetwork } from "../host/namespaces.ts";
import { podLink } from "./link-names.ts";
import { Links } from "./links.ts";

export interface InsideSettings {
  readonly address: number;
  readonly prefixLength: number;
  readonly gateway: number;
}

const receiveBytes = 16 * 1024;

export function configureInside(namespacePath: string, settings: InsideSettings): void {
  insideNetwork(namespacePath, () => {
    withoutIpv6();
    const links = new Links(receiveBytes);
    try {
      links.setUp("lo");
      const link = links.find(podLink);
      if (!link) throw new Problem("internal", `${podLink} is missing in the pod's namespace`);
      links.addAddress(link, settings.address, settings.prefixLength);
      links.setUp(podLink);
      links.addDefaultRoute(link, settings.gateway);
    } finally {
      links.close();
    }
  });
}

/** No IPv6 yet: without it no neighbour can announce itself as a router (CVE-2020-10749). */
function withoutIpv6(): void {
  try {
    writeFileSync(`/proc/sys/net/ipv6/conf/${podLink}/disable_ipv6`, "1");
  } catch (thrown) {
    if (errnoOf(thrown) !== "ENOENT") throw thrown; // absent on machines without IPv6
  }
}
