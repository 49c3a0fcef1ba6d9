/** What is wrong with this node, as Node conditions. `Ready` is the control plane's to judge, from the session. */
import type { NodeCondition } from "#proto/resources/node.ts";
import { knownHoles, type ProgramVersion } from "./known-holes.ts";
import { PressureGauge } from "./pressure-gauge.ts";
import type { DiskSpace, Pressures } from "./pressures.ts";

/** Below these the node takes no new pods. */
export interface PressureLimits {
  readonly minFreeMemoryBytes: number;
  readonly minFreeDisk: DiskLimit;
  readonly minFreeImagesDisk: DiskLimit;
  /** Of all files and of all process ids. */
  readonly minFreeFilesShare: number;
  readonly minFreePidsShare: number;
  /** How long a pressure stays told after it is over. */
  readonly holdMs: number;
}

/** The smaller of both counts: a tenth of a large disk is plenty. */
export interface DiskLimit {
  readonly bytes: number;
  readonly share: number;
}

export const defaultPressureLimits: PressureLimits = {
  minFreeMemoryBytes: 100 * 2 ** 20,
  minFreeDisk: { bytes: 2 ** 30, share: 0.1 },
  minFreeImagesDisk: { bytes: 2 ** 30, share: 0.1 },
  minFreeFilesShare: 0.05,
  minFreePidsShare: 0.1,
  holdMs: 60_000,
};

export interface Troubles {
  /** Why pods get no address here. */
  readonly network?: string | undefined;
  /** Which foreign rules drop pods' packets. */
  readonly firewall?: string | undefined;
}

export class NodeConditions {
  readonly #limits: PressureLimits;
  readonly #programs: readonly ProgramVersion[];
  readonly #memory: PressureGauge;
  readonly #disk: readonly PressureGauge[];
  readonly #pids: PressureGauge;

  constructor(limits: PressureLimits, programs: readonly ProgramVersion[]) {
    this.#limits = limits;
    this.#programs = programs;
    this.#memory = new PressureGauge(limits);
    this.#disk = Array.from({ length: 4 }, () => new PressureGauge(limits));
    this.#pids = new PressureGauge(limits);
  }

  judge(pressures: Pressures, troubles: Troubles, nowMs: number): readonly NodeCondition[] {
    return [
      this.#memoryPressure(pressures, nowMs),
      this.#diskPressure(pressures, nowMs),
      this.#pidPressure(pressures, nowMs),
      ...runtimeHoles(this.#programs),
      ...networkTroubles(troubles),
    ];
  }

  #memoryPressure({ memoryAvailableBytes }: Pressures, nowMs: number): NodeCondition {
    const least = this.#limits.minFreeMemoryBytes;
    const text = `the node has ${mebibytes(memoryAvailableBytes)} of memory left; it keeps ${mebibytes(least)} free`;
    return this.#memory.judge(memoryAvailableBytes, least, nowMs)
      ? condition("MemoryPressure", true, "NodeHasInsufficientMemory", text)
      : condition("MemoryPressure", false, "NodeHasSufficientMemory", "the node has sufficient memory available");
  }

  #diskPressure({ disk, imagesDisk }: Pressures, nowMs: number): NodeCondition {
    const { minFreeDisk, minFreeImagesDisk, minFreeFilesShare } = this.#limits;
    const of = (space: DiskSpace, limit: DiskLimit, name: string) => [
      { name, free: space.availableBytes, least: Math.min(limit.bytes, space.totalBytes * limit.share), isBytes: true },
      // Some file systems (btrfs) count no files.
      { name, free: space.availableFiles, least: space.totalFiles * minFreeFilesShare, isBytes: false },
    ];
    const low = [
      ...of(disk, minFreeDisk, "the disk under the node's data directory"),
      ...of(imagesDisk, minFreeImagesDisk, "the disk under the node's images"),
    ].filter(({ free, least }, index) => this.#disk[index]?.judge(free, least, nowMs));
    const [first] = low;
    if (!first) return condition("DiskPressure", false, "NodeHasNoDiskPressure", "the node has no disk pressure");
    const { name, free, least, isBytes } = first;
    const text = isBytes
      ? `${name} has ${mebibytes(free)} left; the node keeps ${mebibytes(least)} free`
      : `${name} has room for ${free} more files; the node keeps ${Math.ceil(least)} free`;
    return condition("DiskPressure", true, "NodeHasDiskPressure", text);
  }

  #pidPressure({ processes, maxProcesses }: Pressures, nowMs: number): NodeCondition {
    const free = maxProcesses - processes;
    return this.#pids.judge(free, maxProcesses * this.#limits.minFreePidsShare, nowMs)
      ? condition(
          "PIDPressure",
          true,
          "NodeHasInsufficientPID",
          `the machine has ${free} of ${maxProcesses} process ids left`,
        )
      : condition("PIDPressure", false, "NodeHasSufficientPID", "the node has sufficient process ids available");
  }
}

function runtimeHoles(programs: readonly ProgramVersion[]): readonly NodeCondition[] {
  const found = knownHoles(programs);
  return found.length === 0
    ? []
    : [condition("RuntimeVulnerable", true, "KnownVulnerabilities", `${found.join(". ")}; install a newer one`)];
}

function networkTroubles({ network, firewall }: Troubles): readonly NodeCondition[] {
  return [
    ...(network === undefined ? [] : [condition("NetworkUnavailable", true, "NoPodNetwork", network)]),
    ...(firewall === undefined ? [] : [condition("ForeignFirewall", true, "PodTrafficDropped", firewall)]),
  ];
}

/** In steps, so that a level that moves a little is not a new message each time. */
function mebibytes(bytes: number): string {
  const mib = bytes / 2 ** 20;
  const step = mib >= 1000 ? 100 : 10;
  return mib < 10 ? `${Math.floor(mib)} MiB` : `about ${Math.floor(mib / step) * step} MiB`;
}

function condition(type: string, isTrue: boolean, reason: string, message: string): NodeCondition {
  return { type, status: isTrue ? "True" : "False", reason, message };
}
