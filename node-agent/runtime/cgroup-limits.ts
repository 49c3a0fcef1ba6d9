/** Limits of a cgroup as the files of version 1 or 2 that hold them. Pure: what a pod's own cgroup gets, and a container's when it changes. */

export interface CgroupLimits {
  /** 2 to 262144, as on version 1. */
  readonly cpuShares?: number | undefined;
  /** Per period; `none` takes a limit away. */
  readonly cpuQuotaUs?: number | "none" | undefined;
  readonly memoryBytes?: number | "none" | undefined;
  /** Swap beside the memory. Undefined: the kernel's own way. */
  readonly swapBytes?: number | undefined;
  /** Version 1 only, and for the groups below it too: 0 = nothing of it is swapped out. */
  readonly swappiness?: number | undefined;
  readonly pids?: number | undefined;
  /** By page size in bytes. */
  readonly hugePageBytes?: ReadonlyMap<number, number> | undefined;
}

export interface CgroupFile {
  readonly controller: "cpu" | "memory" | "pids" | "hugetlb";
  readonly name: string;
  readonly value: string;
}

export const quotaPeriodUs = 100_000;

export function cgroupFiles(limits: CgroupLimits, version: 1 | 2): readonly CgroupFile[] {
  return version === 1 ? filesOfVersion1(limits) : filesOfVersion2(limits);
}

function filesOfVersion1(limits: CgroupLimits): readonly CgroupFile[] {
  const { cpuShares, cpuQuotaUs, memoryBytes, swapBytes, swappiness, pids } = limits;
  const bytes = memoryBytes === "none" ? -1 : memoryBytes;
  const withSwap = bytes === undefined || swapBytes === undefined ? undefined : bytes < 0 ? -1 : bytes + swapBytes;
  const quota = cpuQuotaUs === "none" ? -1 : cpuQuotaUs;
  return [
    ...file("cpu", "cpu.shares", cpuShares),
    ...file("cpu", "cpu.cfs_period_us", quota === undefined ? undefined : quotaPeriodUs),
    ...file("cpu", "cpu.cfs_quota_us", quota),
    ...file("memory", "memory.swappiness", swappiness),
    ...file("memory", "memory.limit_in_bytes", bytes),
    ...file("memory", "memory.memsw.limit_in_bytes", withSwap),
    ...file("pids", "pids.max", pids),
    ...hugePages(limits, "limit_in_bytes"),
  ];
}

function filesOfVersion2(limits: CgroupLimits): readonly CgroupFile[] {
  const { cpuShares, cpuQuotaUs, memoryBytes, swapBytes, pids } = limits;
  const quota = cpuQuotaUs === undefined ? undefined : `${cpuQuotaUs === "none" ? "max" : cpuQuotaUs} ${quotaPeriodUs}`;
  return [
    ...file("cpu", "cpu.weight", cpuShares === undefined ? undefined : cpuWeight(cpuShares)),
    ...file("cpu", "cpu.max", quota),
    ...file("memory", "memory.max", memoryBytes === "none" ? "max" : memoryBytes),
    ...file("memory", "memory.swap.max", swapBytes),
    ...file("pids", "pids.max", pids),
    ...hugePages(limits, "max"),
  ];
}

/** 2…262144 to 1…10000, as Kubernetes and Debian's crun map them. */
export function cpuWeight(shares: number): number {
  return Math.floor(1 + ((shares - 2) * 9_999) / 262_142);
}

/** As the kernel and the runtime-spec spell it: 2MB, 1GB, 64KB. */
export function hugePageName(pageBytes: number): string {
  const [gib, mib] = [2 ** 30, 2 ** 20];
  if (pageBytes >= gib) return `${pageBytes / gib}GB`;
  return pageBytes >= mib ? `${pageBytes / mib}MB` : `${pageBytes / 1024}KB`;
}

function hugePages({ hugePageBytes }: CgroupLimits, suffix: string): readonly CgroupFile[] {
  return [...(hugePageBytes ?? [])].flatMap(([size, bytes]) =>
    file("hugetlb", `hugetlb.${hugePageName(size)}.${suffix}`, bytes),
  );
}

function file(
  controller: CgroupFile["controller"],
  name: string,
  value: number | string | undefined,
): readonly CgroupFile[] {
  return value === undefined ? [] : [{ controller, name, value: String(value) }];
}
