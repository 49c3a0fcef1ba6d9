/** The cgroup of a whole pod, as the kubelet fills it: what its containers have together, or what the pod says for all of them. Pure. */
import type { PodSpec, ResourceRequirements } from "#proto/resources/pod.ts";
import { podLimit, podPeak } from "#proto/resources/pod-peak.ts";
import { qosClass } from "#proto/resources/qos-class.ts";
import { toBytes, toMilliCpu } from "#proto/resources/quantity.ts";
import type { CgroupLimits } from "./cgroup-limits.ts";
import { cpuQuota, cpuShares, hugePageBytesOf, type NodeLimits, swapShare } from "./container-resources.ts";

export function podCgroupLimits(spec: PodSpec, node: NodeLimits): CgroupLimits {
  const cpuLimitMilli = podLimit(spec, "cpu", toMilliCpu);
  const memoryBytes = podLimit(spec, "memory", toBytes);
  const requestMilli = requestOf(spec, "cpu", toMilliCpu);
  return {
    cpuShares: cpuShares(requestMilli),
    ...(cpuLimitMilli !== undefined && { cpuQuotaUs: cpuQuota(cpuLimitMilli) }),
    ...(memoryBytes !== undefined && { memoryBytes }),
    ...(node.swapAccounting && memoryBytes !== undefined && { swapBytes: podSwapBytes(spec, node) }),
    pids: node.pidsLimit,
    ...hugePages(spec),
  };
}

/** Where neither is said the request is the limit, as everywhere in Kubernetes. */
function requestOf(spec: PodSpec, name: string, convert: (text: string) => number): number {
  const amount = (resources: ResourceRequirements | undefined): number | undefined => {
    const asked = resources?.requests?.[name] ?? resources?.limits?.[name];
    return asked === undefined ? undefined : convert(asked);
  };
  const together = podPeak(spec, ({ resources }) => amount(resources) ?? 0);
  const own = spec.resources?.requests?.[name];
  if (own !== undefined) return convert(own);
  return together > 0 ? together : (amount(spec.resources) ?? 0);
}

function podSwapBytes(spec: PodSpec, node: NodeLimits): number {
  const own = qosClass(spec);
  return podPeak(spec, ({ resources }) => swapShare(own, resources, node));
}

function hugePages(spec: PodSpec): Pick<CgroupLimits, "hugePageBytes"> {
  const sizes = new Map<number, number>();
  for (const size of hugePageBytesOf(spec.resources).keys()) sizes.set(size, 0);
  for (const { resources } of [...spec.containers, ...(spec.initContainers ?? [])])
    for (const size of hugePageBytesOf(resources).keys()) sizes.set(size, 0);
  if (sizes.size === 0) return {};
  const own = hugePageBytesOf(spec.resources);
  return {
    hugePageBytes: new Map(
      [...sizes.keys()].map((size) => [
        size,
        own.get(size) ?? podPeak(spec, ({ resources }) => hugePageBytesOf(resources).get(size) ?? 0),
      ]),
    ),
  };
}
