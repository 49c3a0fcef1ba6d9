/** The host's device nodes: privileged containers get all, others those that are mounted into them as devices. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { Problem } from "#proto/kit/problem.ts";
import type { Mount } from "./container-runtime.ts";
import type { OciDevice, OciDeviceRule } from "./oci-types.ts";

/** Made in every container by the runtime itself, or file systems of the container's own. */
const skipped: ReadonlySet<string> = new Set(["pts", "shm", "fd", "mqueue", "console", "ptmx", ".udev", ".lxc"]);
const maxDevices = 1_000;
const maxDepth = 4;

export async function hostDevices(directory = "/dev", depth = 0): Promise<readonly OciDevice[]> {
  const devices: OciDevice[] = [];
  for (const entry of await readdir(directory, { withFileTypes: true }).catch(() => [])) {
    if (devices.length >= maxDevices) break;
    if (depth === 0 && skipped.has(entry.name)) continue;
    const path = join(directory, entry.name);
    if (entry.isDirectory() && depth < maxDepth) devices.push(...(await hostDevices(path, depth + 1)));
    if (!entry.isBlockDevice() && !entry.isCharacterDevice()) continue;
    const stats = await stat(path).catch(() => undefined);
    if (stats) {
      devices.push({
        type: entry.isBlockDevice() ? "b" : "c",
        path,
        ...deviceNumbers(stats.rdev),
        fileMode: stats.mode & 0o777,
        uid: stats.uid,
        gid: stats.gid,
      });
    }
  }
  return devices;
}

/** What lets a container open the devices that are mounted into it. Problem `invalid` for one that is none, or no more. */
export async function mountedDevices(mounts: readonly Mount[]): Promise<readonly OciDeviceRule[]> {
  return Promise.all(mounts.filter(({ isDevice }) => isDevice).map(ruleFor));
}

async function ruleFor({ source, readOnly }: Mount): Promise<OciDeviceRule> {
  const stats = await stat(source).catch(() => undefined);
  const type = stats?.isBlockDevice() ? "b" : "c";
  if (!stats || (type === "c" && !stats.isCharacterDevice()))
    throw new Problem("invalid", `${source} is no device of this node`);
  return { allow: true, type, ...deviceNumbers(stats.rdev), access: readOnly ? "r" : "rw" };
}

/** glibc's encoding (makedev(3)). */
function deviceNumbers(rdev: number): { readonly major: number; readonly minor: number } {
  const low = rdev % 2 ** 32;
  return { major: (low >>> 8) & 0xfff, minor: (low & 0xff) | ((low >>> 12) & 0xfff00) };
}
