/** What this machine gives to containers, read once at start. */
import { access, readdir, readFile } from "node:fs/promises";
import { arch, release, totalmem } from "node:os";
import { type NodeFeature, nodeFeatures } from "#proto/resources/node-features.ts";
import { type UlimitName, ulimitNames } from "#proto/resources/ulimits.ts";
import { allCapabilities } from "./capabilities.ts";
import { noSecurityModules, type SecurityModules } from "./security-modules.ts";

export interface HostFacts {
  /** As Node spells it: x64, arm64. */
  readonly architecture: string;
  readonly cgroupVersion: 1 | 2;
  readonly swapAccounting: boolean;
  /** The agent's bounding set: nothing beyond it can be handed on. */
  readonly capabilities: ReadonlySet<string>;
  /** Of this agent, by name as `nofile`; Infinity = none. */
  readonly hardLimits: ReadonlyMap<string, number>;
  readonly memoryBytes: number;
  readonly swapBytes: number;
  /** Per-CPU files that Docker masks too. */
  readonly thermalThrottlePaths: readonly string[];
  readonly defaultSysctls: Readonly<Record<string, string>>;
  readonly securityModules: SecurityModules;
  /** Whether pods can have users of their own. */
  readonly ownUsers: boolean;
}

export async function readHostFacts(securityModules: SecurityModules = noSecurityModules): Promise<HostFacts> {
  const [status, limits, memory, cgroupVersion, thermalThrottlePaths] = await Promise.all([
    readFile("/proc/self/status", "utf8"),
    readFile("/proc/self/limits", "utf8"),
    readFile("/proc/meminfo", "utf8"),
    exists("/sys/fs/cgroup/cgroup.controllers").then((unified): 1 | 2 => (unified ? 2 : 1)),
    findThermalThrottlePaths(),
  ]);
  const swapFile = "/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes";
  return {
    architecture: arch(),
    cgroupVersion,
    swapAccounting: cgroupVersion === 2 ? await exists("/proc/swaps") : await exists(swapFile),
    capabilities: parseBoundingSet(status),
    hardLimits: parseHardLimits(limits),
    memoryBytes: totalmem(),
    swapBytes: parseSwap(memory),
    thermalThrottlePaths,
    defaultSysctls: await findDefaultSysctls(),
    securityModules,
    ownUsers: mapsOwners(release()) && (await readCount("/proc/sys/user/max_user_namespaces")) > 0,
  };
}

export function featuresOf({ securityModules, ownUsers }: HostFacts, runtime: string): readonly NodeFeature[] {
  const has: Readonly<Record<NodeFeature, boolean>> = {
    AppArmor: securityModules.appArmorProfiles !== undefined,
    SELinux: securityModules.seLinux,
    UserNamespaces: ownUsers && runtime === "crun",
  };
  return nodeFeatures.filter((feature) => has[feature]);
}

/** Since then tmpfs can show other owners too, the last of the file systems that pods are made of. */
export function mapsOwners(kernelRelease: string): boolean {
  const [major = 0, minor = 0] = kernelRelease.split(".").map((part) => Number.parseInt(part, 10));
  return major > 6 || (major === 6 && minor >= 3);
}

async function readCount(path: string): Promise<number> {
  return Number.parseInt(await readFile(path, "utf8").catch(() => "0"), 10);
}

export function parseBoundingSet(status: string): ReadonlySet<string> {
  const bits = BigInt(`0x${/^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  return new Set(allCapabilities.filter((_, bit) => (bits >> BigInt(bit)) & 1n));
}

/** The kernel's words for what `ulimit` and runtimes name otherwise. */
const limitWords: Readonly<Record<UlimitName, string>> = {
  core: "core file size",
  cpu: "cpu time",
  data: "data size",
  fsize: "file size",
  locks: "file locks",
  memlock: "locked memory",
  msgqueue: "msgqueue size",
  nice: "nice priority",
  nofile: "open files",
  nproc: "processes",
  rss: "resident set",
  rtprio: "realtime priority",
  rttime: "realtime timeout",
  sigpending: "pending signals",
  stack: "stack size",
};

export function parseHardLimits(limits: string): ReadonlyMap<string, number> {
  return new Map(
    ulimitNames.map((name) => {
      const hard = new RegExp(`^Max ${limitWords[name]}\\s+\\S+\\s+(\\S+)`, "m").exec(limits)?.[1];
      return [name, hard === undefined || hard === "unlimited" ? Number.POSITIVE_INFINITY : Number(hard)];
    }),
  );
}

function parseSwap(memory: string): number {
  return Number(/^SwapTotal:\s+(\d+) kB$/m.exec(memory)?.[1] ?? 0) * 1024;
}

async function findThermalThrottlePaths(): Promise<readonly string[]> {
  const directory = "/sys/devices/system/cpu";
  const cpus = (await readdir(directory).catch(() => [])).filter((name) => /^cpu\d+$/.test(name));
  const paths = cpus.map((cpu) => `${directory}/${cpu}/thermal_throttle`);
  const present = await Promise.all(paths.map(exists));
  return paths.filter((_, at) => present[at]);
}

/** Unprivileged ping and low ports, for pods with a network of their own: Docker's and containerd's defaults. */
async function findDefaultSysctls(): Promise<Readonly<Record<string, string>>> {
  const wanted = { "net.ipv4.ping_group_range": "0 2147483647", "net.ipv4.ip_unprivileged_port_start": "0" };
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(wanted)) {
    if (await exists(`/proc/sys/${name.replaceAll(".", "/")}`)) found[name] = value;
  }
  return found;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
