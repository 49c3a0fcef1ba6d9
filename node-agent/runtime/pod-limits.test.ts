import assert from "node:assert/strict";
import { test } from "node:test";
import type { Container, PodSpec, ResourceRequirements } from "#proto/resources/pod.ts";
import { cgroupFiles, cpuWeight } from "./cgroup-limits.ts";
import { defaultRuntimeLimits, type NodeLimits } from "./container-resources.ts";
import { podCgroupLimits } from "./pod-limits.ts";

const [mib, gib] = [2 ** 20, 2 ** 30];
const node: NodeLimits = {
  ...defaultRuntimeLimits,
  cgroupVersion: 1,
  swapAccounting: true,
  swapBytes: 8 * gib,
  memoryBytes: 16 * gib,
};

const one = (resources: ResourceRequirements | undefined, more: Partial<Container> = {}): Container => ({
  name: "c",
  image: "i",
  resources,
  ...more,
});
const limitsOf = (spec: Partial<PodSpec>, on: NodeLimits = node) => podCgroupLimits({ containers: [], ...spec }, on);
const half = { requests: { cpu: "500m", memory: "64Mi" }, limits: { cpu: "1", memory: "128Mi" } };

test("a pod has what its containers have together", () => {
  assert.deepEqual(limitsOf({ containers: [one(half), one(half)] }), {
    cpuShares: 1024,
    cpuQuotaUs: 200_000,
    memoryBytes: 256 * mib,
    swapBytes: 0,
    pids: 4096,
  });
});

test("one container without a limit makes the pod unlimited; an init container counts where it needs more", () => {
  assert.deepEqual(limitsOf({ containers: [one(half), one({ requests: { memory: "1Mi" } })] }), {
    cpuShares: 512,
    pids: 4096,
  });
  const init = one({ limits: { cpu: "4", memory: "1Gi" } });
  const { cpuShares, cpuQuotaUs, memoryBytes } = limitsOf({ containers: [one(half)], initContainers: [init] });
  assert.deepEqual([cpuShares, cpuQuotaUs, memoryBytes], [4096, 400_000, gib]);
  assert.equal(limitsOf({ containers: [one(half)], initContainers: [one(undefined)] }).memoryBytes, undefined);
});

test("what the pod says for all of them wins", () => {
  const resources = { requests: { cpu: "2" }, limits: { cpu: "3", memory: "1Gi" } };
  const { cpuShares, cpuQuotaUs, memoryBytes } = limitsOf({ containers: [one(half), one(undefined)], resources });
  assert.deepEqual([cpuShares, cpuQuotaUs, memoryBytes], [2048, 300_000, gib]);
  assert.equal(limitsOf({ containers: [one(undefined)], resources: { limits: { cpu: "3" } } }).cpuShares, 3072);
  assert.equal(limitsOf({ containers: [one(half)], resources: { limits: { cpu: "3" } } }).cpuShares, 512);
});

test("burstable pods share swap by what they ask for, when the node says so", () => {
  const spec = { containers: [one({ requests: { memory: "1Gi" }, limits: { memory: "2Gi" } })] };
  assert.equal(limitsOf(spec).swapBytes, 0);
  assert.equal(limitsOf(spec, { ...node, swapBehavior: "LimitedSwap" }).swapBytes, gib / 2);
  assert.equal(limitsOf(spec, { ...node, swapAccounting: false }).swapBytes, undefined);
});

test("huge pages are added up, or the pod's", () => {
  const pages = { limits: { "hugepages-2Mi": "4Mi", "hugepages-1Gi": "1Gi", cpu: "1" } };
  assert.deepEqual(
    [...(limitsOf({ containers: [one(pages), one(pages)] }).hugePageBytes ?? [])],
    [
      [2 * mib, 8 * mib],
      [gib, 2 * gib],
    ],
  );
  const own = limitsOf({ containers: [one(undefined)], resources: { limits: { "hugepages-2Mi": "6Mi" } } });
  assert.deepEqual([...(own.hugePageBytes ?? [])], [[2 * mib, 6 * mib]]);
});

test("limits are files of version 1 or 2", () => {
  const limits = {
    ...{ cpuShares: 1024, cpuQuotaUs: 50_000, memoryBytes: 64 * mib, swapBytes: mib, pids: 10 },
    hugePageBytes: new Map([[2 * mib, 4 * mib]]),
  };
  const text = (
    version: 1 | 2,
    of: typeof limits | { memoryBytes: "none"; cpuQuotaUs: "none"; swapBytes: 0 } = limits,
  ) => cgroupFiles(of, version).map(({ controller, name, value }) => `${controller}/${name}=${value}`);
  assert.deepEqual(text(1), [
    "cpu/cpu.shares=1024",
    "cpu/cpu.cfs_period_us=100000",
    "cpu/cpu.cfs_quota_us=50000",
    "memory/memory.limit_in_bytes=67108864",
    "memory/memory.memsw.limit_in_bytes=68157440",
    "pids/pids.max=10",
    "hugetlb/hugetlb.2MB.limit_in_bytes=4194304",
  ]);
  assert.deepEqual(text(2), [
    "cpu/cpu.weight=39",
    "cpu/cpu.max=50000 100000",
    "memory/memory.max=67108864",
    "memory/memory.swap.max=1048576",
    "pids/pids.max=10",
    "hugetlb/hugetlb.2MB.max=4194304",
  ]);
  const none = { memoryBytes: "none", cpuQuotaUs: "none", swapBytes: 0 } as const;
  assert.deepEqual(text(1, none).slice(1), [
    "cpu/cpu.cfs_quota_us=-1",
    "memory/memory.limit_in_bytes=-1",
    "memory/memory.memsw.limit_in_bytes=-1",
  ]);
  assert.deepEqual(text(2, none), ["cpu/cpu.max=max 100000", "memory/memory.max=max", "memory/memory.swap.max=0"]);
  assert.deepEqual([2, 262_144].map(cpuWeight), [1, 10_000]);
});
