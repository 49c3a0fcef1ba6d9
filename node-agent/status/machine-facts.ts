/** What this machine is and has, from /proc, /etc and the kernel. Read once, at start. */
import { readdir, readFile } from "node:fs/promises";
import { arch, availableParallelism, networkInterfaces, release, totalmem } from "node:os";

export interface MachineFacts {
  readonly bootId: string;
  readonly machineId: string;
  readonly systemUuid: string;
  readonly kernelVersion: string;
  readonly osImage: string;
  readonly architecture: string;
  readonly milliCpu: number;
  readonly memoryBytes: number;
  readonly addresses: readonly string[];
  /** How many there are, by size in bytes; none where the system administrator has set none aside. */
  readonly hugePages: ReadonlyMap<number, number>;
}

export async function readMachineFacts(): Promise<MachineFacts> {
  const [bootId, machineId, systemUuid, osRelease, hugePages] = await Promise.all([
    readText("/proc/sys/kernel/random/boot_id"),
    readText("/etc/machine-id"),
    readText("/sys/class/dmi/id/product_uuid"),
    readText("/etc/os-release"),
    readHugePages(),
  ]);
  return {
    bootId,
    machineId,
    systemUuid,
    kernelVersion: release(),
    osImage: /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(osRelease)?.[1] ?? "Linux",
    architecture: goArchitecture(arch()),
    milliCpu: availableParallelism() * 1000,
    memoryBytes: totalmem(),
    addresses: ownAddresses(),
    hugePages,
  };
}

async function readHugePages(): Promise<ReadonlyMap<number, number>> {
  const directory = "/sys/kernel/mm/hugepages";
  const pages = new Map<number, number>();
  for (const name of await readdir(directory).catch(() => [])) {
    const kib = Number(/^hugepages-(\d+)kB$/.exec(name)?.[1]);
    const count = Number(await readText(`${directory}/${name}/nr_hugepages`));
    if (kib > 0 && count > 0) pages.set(kib * 1024, count);
  }
  return pages;
}

/** Seconds since boot, counting suspension: the zero of the agent's boot clock. */
export async function readUptimeMs(): Promise<number> {
  const seconds = Number((await readText("/proc/uptime")).split(" ")[0]);
  return Number.isFinite(seconds) ? seconds * 1000 : 0;
}

/** First the addresses others can reach; never a loopback, nor one of our own bridges. */
function ownAddresses(): readonly string[] {
  const addresses: string[] = [];
  for (const [name, entries] of Object.entries(networkInterfaces())) {
    if (/^(lo|orch|docker|veth|br-)/.test(name)) continue;
    for (const { address, internal, family } of entries ?? []) {
      if (!internal && family === "IPv4") addresses.push(address);
    }
  }
  return addresses;
}

/** Kubernetes spells architectures as Go does. */
function goArchitecture(name: string): string {
  return name === "x64" ? "amd64" : name === "ia32" ? "386" : name;
}

async function readText(path: string): Promise<string> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch {
    return "";
  }
}
