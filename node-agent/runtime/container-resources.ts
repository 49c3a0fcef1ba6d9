/** Kubernetes' requests and limits as cgroup and process limits. Pure; the conversions are the kubelet's. */
import type { ResourceRequirements } from "#proto/resources/pod.ts";
import type { OciDeviceRule, OciResources, OciRlimit } from "./oci-types.ts";

const quotaPeriodUs = 100_000;
const minQuotaUs = 1_000; // the kernel's smallest
const minShares = 2;
const maxShares = 262_144;

export interface ResourceAmounts {
  readonly cpuRequestMilli: number | undefined;
  readonly cpuLimitMilli: number | undefined;
  readonly memoryRequestBytes: number | undefined;
  readonly memoryLimitBytes: number | undefined;
}

export type QosClass = "Guaranteed" | "Burstable" | "BestEffort";

export interface LimitFacts {
  readonly privileged: boolean;
  readonly pidsLimit: number;
  readonly swapAccounting: boolean;
}

export function cgroupLimits(amounts: ResourceAmounts, facts: LimitFacts): OciResources {
  const { cpuLimitMilli, memoryLimitBytes } = amounts;
  const requestMilli = amounts.cpuRequestMilli ?? cpuLimitMilli ?? 0;
  const shares = Math.min(maxShares, Math.max(minShares, Math.floor((requestMilli * 1024) / 1000)));
  const quota =
    cpuLimitMilli === undefined || cpuLimitMilli <= 0
      ? {}
      : { quota: Math.max(minQuotaUs, Math.floor((cpuLimitMilli * quotaPeriodUs) / 1000)), period: quotaPeriodUs };
  // Swap is memory plus swap: equal to the limit means none, as Kubernetes has it.
  const memory =
    memoryLimitBytes === undefined || memoryLimitBytes <= 0
      ? {}
      : { memory: { limit: memoryLimitBytes, ...(facts.swapAccounting ? { swap: memoryLimitBytes } : {}) } };
  return {
    devices: facts.privileged ? [{ allow: true, access: "rwm" }] : deviceRules,
    cpu: { shares, ...quota },
    ...memory,
    pids: { limit: facts.pidsLimit },
  };
}

/** Deny everything first: the list that follows allows (GHSA-g54h-m393-cpwq). Runtimes add /dev/pts and ptmx themselves. */
const deviceRules: readonly OciDeviceRule[] = [
  { allow: false, access: "rwm" },
  ...[
    [1, 3], // null
    [1, 5], // zero
    [1, 7], // full
    [1, 8], // random
    [1, 9], // urandom
    [5, 0], // tty
    [5, 1], // console
  ].map(([major = 0, minor = 0]): OciDeviceRule => ({ allow: true, type: "c", major, minor, access: "rwm" })),
];

/** Who the kernel kills first when memory runs out. */
export function oomScoreAdjustment(qosClass: QosClass, memoryRequestBytes: number, nodeMemoryBytes: number): number {
  if (qosClass === "Guaranteed") return -997;
  if (qosClass === "BestEffort") return 1000;
  const share = nodeMemoryBytes > 0 ? Math.floor((1000 * memoryRequestBytes) / nodeMemoryBytes) : 0;
  return Math.min(999, Math.max(3, 1000 - share));
}

/** The class of a pod that has only this container. */
export function qosClassOf(resources: ResourceRequirements | undefined, amounts: ResourceAmounts): QosClass {
  const asked = { ...resources?.limits, ...resources?.requests };
  if (!("cpu" in asked) && !("memory" in asked)) return "BestEffort";
  const { cpuLimitMilli, cpuRequestMilli = cpuLimitMilli, memoryLimitBytes } = amounts;
  const memoryRequest = amounts.memoryRequestBytes ?? memoryLimitBytes;
  const limited = cpuLimitMilli !== undefined && memoryLimitBytes !== undefined;
  return limited && cpuRequestMilli === cpuLimitMilli && memoryRequest === memoryLimitBytes
    ? "Guaranteed"
    : "Burstable";
}

const softOpenFiles = 1024;
const hardOpenFiles = 524_288;

/** A huge soft limit makes old programs walk a billion descriptors; raising the hard one needs CAP_SYS_RESOURCE. */
export function processLimits(ownHardOpenFiles: number, canRaise: boolean): readonly OciRlimit[] {
  const hard = canRaise ? hardOpenFiles : Math.min(hardOpenFiles, ownHardOpenFiles);
  return [{ type: "RLIMIT_NOFILE", soft: Math.min(softOpenFiles, hard), hard }];
}
