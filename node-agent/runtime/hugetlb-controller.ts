/**
 * Recorded host set-up for machines with cgroup v1 whose cgroup2 mount still holds `hugetlb`: crun 1.8 refuses to start there until
 * that controller is mounted as v1 too.
 */
import { mkdir, readFile, rmdir } from "node:fs/promises";
import { listMounts } from "../host/mounts.ts";
import { mount, unmount } from "../host/syscalls.ts";

export const hugetlbDirectory = "/sys/fs/cgroup/hugetlb";

/** Whether crun would refuse to start here. */
export async function isHugetlbControllerMissing(): Promise<boolean> {
  const groups = (await listMounts()).filter((entry) => entry.type === "cgroup");
  if (groups.length === 0 || groups.some((entry) => entry.superOptions.includes("hugetlb"))) return false;
  return kernelHasHugetlb();
}

/** Mounts the controller where that is needed. True when this call did it: then `removeHugetlbController` is the undo. Idempotent. */
export async function ensureHugetlbController(): Promise<boolean> {
  if (!(await isHugetlbControllerMissing())) return false;
  await mkdir(hugetlbDirectory, { recursive: true });
  mount({ source: "cgroup", target: hugetlbDirectory, type: "cgroup", data: "hugetlb" });
  return true;
}

/** Only for what `ensureHugetlbController` made. Idempotent. */
export async function removeHugetlbController(): Promise<void> {
  const mounts = await listMounts();
  if (mounts.some((entry) => entry.mountPoint === hugetlbDirectory)) unmount(hugetlbDirectory, { lazy: true });
  await rmdir(hugetlbDirectory).catch(() => undefined);
}

/** /proc/cgroups: name, hierarchy, number of cgroups, enabled. */
async function kernelHasHugetlb(): Promise<boolean> {
  const text = await readFile("/proc/cgroups", "utf8").catch(() => "");
  return /^hugetlb\s+\d+\s+\d+\s+1$/m.test(text);
}
