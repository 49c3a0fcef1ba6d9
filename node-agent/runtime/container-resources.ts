/** Kubernetes' requests and limits as cgroup and process limits. Pure; the conversions are the kubelet's. */
import type { ResourceRequirements } from "#proto/resources/pod.ts";
import { toBytes } from "#proto/resources/quantity.ts";
import type { Ulimit } from "#proto/resources/ulimits.ts";
import { hugePageName, quotaPeriodUs } from "./cgroup-limits.ts";
import type { OciDeviceRule, OciResources, OciRlimit } from "./oci-types.ts";

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

/** What this node's configuration says for all containers. */
export interface RuntimeLimits {
  readonly swapBehavior: SwapBehavior;
  /** Most processes and threads of one pod. */
  readonly pidsLimit: number;
  /** On version 2: a container that has reached its memory limit dies as one, not process by process. */
  readonly groupOomKill: boolean;
}

export const defaultRuntimeLimits: RuntimeLimits = { swapBehavior: "NoSwap", pidsLimit: 4096, groupOomKill: true };

/** The same, with what the machine has. */
export interface NodeLimits extends RuntimeLimits {
  readonly cgroupVersion: 1 | 2;
  readonly swapAccounting: boolean;
  readonly swapBytes: number;
  readonly memoryBytes: number;
}

/** Kubernetes' words: no swap for pods, or for burstable ones as much of it as they asked for of the node's memory. */
export type SwapBehavior = "NoSwap" | "LimitedSwap";

export interface LimitFacts extends NodeLimits {
  readonly privileged: boolean;
  readonly qosClass: QosClass;
}

export function cgroupLimits(
  amounts: ResourceAmounts,
  facts: LimitFacts,
  resources: ResourceRequirements | undefined,
): OciResources {
  const { cpuLimitMilli, memoryLimitBytes = 0 } = amounts;
  const swapBytes = swapShare(facts.qosClass, resources, facts);
  const quota =
    cpuLimitMilli === undefined || cpuLimitMilli <= 0 ? {} : { quota: cpuQuota(cpuLimitMilli), period: quotaPeriodUs };
  // The runtime's swap is memory plus swap: equal to the limit means none.
  const memory =
    memoryLimitBytes <= 0
      ? {}
      : {
          memory: {
            limit: memoryLimitBytes,
            ...(facts.swapAccounting ? { swap: memoryLimitBytes + swapBytes } : {}),
          },
        };
  const hugePages = [...hugePageBytesOf(resources)].map(([size, limit]) => ({ pageSize: hugePageName(size), limit }));
  return {
    devices: facts.privileged ? [{ allow: true, access: "rwm" }] : deviceRules,
    cpu: { shares: cpuShares(amounts.cpuRequestMilli ?? cpuLimitMilli ?? 0), ...quota },
    ...memory,
    pids: { limit: facts.pidsLimit },
    ...(hugePages.length > 0 ? { hugepageLimits: hugePages } : {}),
    ...unified(facts, memoryLimitBytes, swapBytes),
  };
}

/** Files of version 2 that the runtime-spec has no field for. */
function unified(facts: LimitFacts, memoryLimitBytes: number, swapBytes: number): Pick<OciResources, "unified"> {
  if (facts.cgroupVersion !== 2) return {};
  const files = {
    ...(facts.groupOomKill ? { "memory.oom.group": "1" } : {}),
    ...(memoryLimitBytes <= 0 && facts.swapAccounting ? { "memory.swap.max": String(swapBytes) } : {}),
  };
  return Object.keys(files).length > 0 ? { unified: files } : {};
}

export function cpuShares(requestMilli: number): number {
  return Math.min(maxShares, Math.max(minShares, Math.floor((requestMilli * 1024) / 1000)));
}

export function cpuQuota(limitMilli: number): number {
  return Math.max(minQuotaUs, Math.floor((limitMilli * quotaPeriodUs) / 1000));
}

/** As the kubelet shares swap out: to burstable containers that may use more memory than they asked for, by what they asked for. */
export function swapShare(
  qosClass: QosClass,
  resources: ResourceRequirements | undefined,
  { swapBehavior, swapBytes, memoryBytes, swapAccounting }: NodeLimits,
): number {
  if (swapBehavior === "NoSwap" || qosClass !== "Burstable" || !swapAccounting || memoryBytes <= 0) return 0;
  const limit = toBytes(resources?.limits?.memory);
  const request = resources?.requests?.memory === undefined ? limit : toBytes(resources.requests.memory);
  return request === 0 || request === limit ? 0 : Math.floor((request / memoryBytes) * swapBytes);
}

const hugePagesPrefix = "hugepages-";

/** By page size; for huge pages request and limit are the same. */
export function hugePageBytesOf(resources: ResourceRequirements | undefined): ReadonlyMap<number, number> {
  const asked = { ...resources?.requests, ...resources?.limits };
  return new Map(
    Object.entries(asked).flatMap(([name, amount]): [number, number][] =>
      name.startsWith(hugePagesPrefix) ? [[toBytes(name.slice(hugePagesPrefix.length)), toBytes(amount)]] : [],
    ),
  );
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

export interface ProcessLimits {
  readonly rlimits: readonly OciRlimit[];
  /** What was asked for and cannot be had here, in sentences. */
  readonly notes: readonly string[];
}

/**
 * A huge soft limit of open files makes old programs walk a billion descriptors; raising a hard limit above the agent's own needs
 * CAP_SYS_RESOURCE.
 */
export function processLimits(
  asked: readonly Ulimit[],
  ownHard: ReadonlyMap<string, number>,
  canRaise: boolean,
): ProcessLimits {
  const most = (name: string): number => (canRaise ? Number.POSITIVE_INFINITY : (ownHard.get(name) ?? unlimited));
  const notes: string[] = [];
  const rlimits = new Map<string, OciRlimit>();
  const openFiles = Math.min(hardOpenFiles, most("nofile"));
  rlimits.set("nofile", rlimit("nofile", Math.min(softOpenFiles, openFiles), openFiles));
  for (const { name, soft, hard } of asked) {
    const ceiling = most(name);
    if (hard > ceiling)
      notes.push(`ulimit ${name} of ${worded(hard)} is more than this node can give: it is ${worded(ceiling)}`);
    rlimits.set(name, rlimit(name, Math.min(soft, ceiling), Math.min(hard, ceiling)));
  }
  return { rlimits: [...rlimits.values()], notes };
}

const unlimited = Number.POSITIVE_INFINITY;
const worded = (amount: number): string => (amount === unlimited ? "unlimited" : String(amount));

/** No limit is the largest number for the kernel, which the runtimes read as a 64-bit one. */
function rlimit(name: string, soft: number, hard: number): OciRlimit {
  return { type: `RLIMIT_${name.toUpperCase()}`, soft, hard };
}
