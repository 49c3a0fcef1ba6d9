/** What is wrong with this node, as Node conditions. `Ready` is the control plane's to judge, from the session. */
import type { NodeCondition } from "#proto/resources/node.ts";
import {
  type EvictionSettings,
  levelsOf,
  type Pressures,
  type ProcessRoom,
  pressureAt,
  type Signal,
  signals,
} from "../eviction/signals.ts";
import { knownHoles, type ProgramVersion } from "./known-holes.ts";
import { PressureGauge } from "./pressure-gauge.ts";

export interface Troubles {
  /** Why pods get no address here. */
  readonly network?: string | undefined;
  /** Which foreign rules drop pods' packets. */
  readonly firewall?: string | undefined;
}

export class NodeConditions {
  readonly #settings: EvictionSettings;
  readonly #programs: readonly ProgramVersion[];
  readonly #gauges: ReadonlyMap<Signal, PressureGauge>;

  constructor(settings: EvictionSettings, programs: readonly ProgramVersion[]) {
    this.#settings = settings;
    this.#programs = programs;
    this.#gauges = new Map(signals.map((signal) => [signal, new PressureGauge(settings)]));
  }

  judge(pressures: Pressures, troubles: Troubles, nowMs: number): readonly NodeCondition[] {
    const levels = levelsOf(pressures);
    const low = signals.filter((signal) => {
      const { available } = levels[signal];
      return this.#gauges.get(signal)?.judge(available, pressureAt(signal, levels[signal], this.#settings), nowMs);
    });
    return [
      ...pressureKinds.map((kind) => this.#condition(kind, low, pressures)),
      ...runtimeHoles(this.#programs),
      ...networkTroubles(troubles),
    ];
  }

  #condition(kind: PressureKind, low: readonly Signal[], pressures: Pressures): NodeCondition {
    const signal = low.find((one) => kind.signals.includes(one));
    if (signal === undefined) return condition(kind.type, false, kind.well, `the node has ${kind.wellText}`);
    const level = levelsOf(pressures)[signal];
    const least = pressureAt(signal, level, this.#settings);
    const text =
      signal === "pid.available"
        ? lowProcesses(pressures.processes, level.available, least)
        : lowText(signal, level.available, least);
    // A held pressure: what is told is the level of now.
    const over = level.available < least ? "" : "; enough again, so this ends soon";
    return condition(kind.type, true, kind.low, `${text}${over}`);
  }
}

interface PressureKind {
  readonly type: string;
  readonly signals: readonly Signal[];
  readonly low: string;
  readonly well: string;
  readonly wellText: string;
}

const pressureKinds: readonly PressureKind[] = [
  {
    type: "MemoryPressure",
    signals: ["memory.available"],
    low: "NodeHasInsufficientMemory",
    well: "NodeHasSufficientMemory",
    wellText: "sufficient memory available",
  },
  {
    type: "DiskPressure",
    signals: ["nodefs.available", "nodefs.inodesFree", "imagefs.available", "imagefs.inodesFree"],
    low: "NodeHasDiskPressure",
    well: "NodeHasNoDiskPressure",
    wellText: "no disk pressure",
  },
  {
    type: "PIDPressure",
    signals: ["pid.available"],
    low: "NodeHasInsufficientPID",
    well: "NodeHasSufficientPID",
    wellText: "sufficient process ids available",
  },
];

function lowProcesses({ limit, of }: ProcessRoom, free: number, least: number): string {
  const who = of === "machine" ? "the machine" : "the node's cgroup (pids.max)";
  return `${who} has ${free} of ${limit} process ids left; ${Math.ceil(least)} are kept free`;
}

function lowText(signal: Signal, free: number, least: number): string {
  if (signal === "memory.available")
    return `the node has ${mebibytes(free)} of memory left; it keeps ${mebibytes(least)} free`;
  const disk = `the disk under the node's ${signal.startsWith("nodefs") ? "data directory" : "images"}`;
  return signal.endsWith(".available")
    ? `${disk} has ${mebibytes(free)} left; the node keeps ${mebibytes(least)} free`
    : `${disk} has room for ${free} more files; the node keeps ${Math.ceil(least)} free`;
}

function runtimeHoles(programs: readonly ProgramVersion[]): readonly NodeCondition[] {
  const found = knownHoles(programs);
  return found.length === 0
    ? []
    : [
        condition(
          "RuntimeVulnerable",
          true,
          "KnownVulnerabilities",
          `${found.join(". ")}; install a newer package and restart orch-node-agent: pods run on`,
        ),
      ];
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
