/** What a pod's /etc/hosts and /etc/resolv.conf say: dnsPolicy and dnsConfig as in Kubernetes. */
import type { Pod } from "#proto/resources/pod.ts";
import type { NetworkAttachment } from "../network/pod-network.ts";
import type { SandboxNames } from "../runtime/container-runtime.ts";
import { fullName, hostname } from "./sandbox-spec.ts";

export function sandboxNames(pod: Pod, attachment: NetworkAttachment | undefined, clusterDomain: string): SandboxNames {
  const { dnsConfig, hostAliases } = pod.spec;
  const full = fullName(pod, clusterDomain);
  const cluster = usesClusterDns(pod) ? (attachment?.dns ?? []) : [];
  const searches = cluster.length > 0 ? clusterSearches(pod, clusterDomain) : [];
  const options = (dnsConfig?.options ?? []).map(({ name, value }) => (value ? `${name}:${value}` : (name ?? "")));
  const allSearches = [...searches, ...(dnsConfig?.searches ?? [])];
  const allOptions = [...(cluster.length > 0 ? ["ndots:5"] : []), ...options];
  return {
    hostnames: full === undefined ? [hostname(pod)] : [full, hostname(pod)],
    addresses: (attachment?.addresses ?? []).map((address) => address.split("/", 1)[0] ?? address),
    nameservers: [...cluster, ...(dnsConfig?.nameservers ?? [])],
    ...(hostAliases && { hostAliases: hostAliases.map(({ ip, hostnames = [] }) => ({ ip, hostnames })) }),
    ...(allSearches.length > 0 && { searches: allSearches }),
    ...(allOptions.length > 0 && { options: allOptions }),
  };
}

function usesClusterDns({ spec }: Pod): boolean {
  const policy = spec.dnsPolicy ?? "ClusterFirst";
  return policy === "ClusterFirst" ? spec.hostNetwork !== true : policy === "ClusterFirstWithHostNet";
}

function clusterSearches(pod: Pod, domain: string): readonly string[] {
  const namespace = pod.metadata.namespace ?? "default";
  return [`${namespace}.svc.${domain}`, `svc.${domain}`, domain];
}
