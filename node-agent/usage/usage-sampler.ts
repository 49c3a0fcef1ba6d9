/**
 * What this node and its containers use, when somebody asks: two looks at the cgroups' counters, half a second apart, or one when the
 * last was lately. Nothing runs while nobody looks.
 */
import { join } from "node:path";
import { type Clock, sleep } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Amounts, ContainerUsage, Flow, NodeUsage } from "#proto/resources/usage.ts";
import { parseContainerId } from "../runtime/container-id.ts";
import { type Counters, hasMemoryLimit, readCounters, readMachine, subdirectories } from "./cgroup-counters.ts";
import {
  readDiskTraffic,
  readMemoryLimit,
  readNetworkTraffic,
  readNodeNetwork,
  readProcessCount,
  type Traffic,
} from "./traffic.ts";

export interface UsageSamplerOptions {
  /** Roots of the hierarchies that count: the same one on version 2. */
  readonly cpuRoot: string;
  readonly memoryRoot: string;
  readonly diskRoot: string;
  readonly pidsRoot: string;
  /** Of this node, below the roots. */
  readonly cgroupRoot: string;
  readonly clock: Clock;
}

interface Flowing {
  readonly network: Traffic | undefined;
  readonly disk: Traffic | undefined;
}

interface ContainerLook extends Counters, Flowing {
  readonly processes: number | undefined;
  readonly memoryLimitBytes: number | undefined;
}

interface Look {
  readonly atMs: number;
  readonly node: Counters & Flowing;
  /** By container id. */
  readonly containers: ReadonlyMap<string, ContainerLook>;
}

const gapMs = 500;
/** An older look would blur what happens now. */
const staleMs = 15_000;

export class UsageSampler {
  readonly #options: UsageSamplerOptions;
  #last: Look | undefined;
  #running: Promise<NodeUsage> | undefined;

  constructor(options: UsageSamplerOptions) {
    this.#options = options;
  }

  /** Askers of the same moment share one answer. */
  sample(): Promise<NodeUsage> {
    this.#running ??= this.#sample().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #sample(): Promise<NodeUsage> {
    const now = await this.#look();
    const before = this.#last;
    this.#last = now;
    if (before && isUsable(before, now)) return usageOf(before, now);
    await sleep(this.#options.clock, gapMs);
    this.#last = await this.#look();
    return usageOf(now, this.#last);
  }

  async #look(): Promise<Look> {
    const { cpuRoot, memoryRoot, cgroupRoot, clock } = this.#options;
    const at = (path: string) => ({ cpu: join(cpuRoot, path), memory: join(memoryRoot, path) });
    const pods = join(cgroupRoot, "pods");
    const atMs = clock.monotonicMs();
    const node = (await hasMemoryLimit(join(memoryRoot, cgroupRoot)))
      ? await readCounters(at(cgroupRoot))
      : await readMachine(cpuRoot);
    if (!node) throw new Problem("unavailable", "this node's cgroups do not count processor time and memory");
    const containers = new Map<string, ContainerLook>();
    for (const pod of await subdirectories(join(cpuRoot, pods))) {
      for (const id of await subdirectories(join(cpuRoot, pods, pod))) {
        const path = join(pods, pod, id);
        const counters = parseContainerId(id) ? await readCounters(at(path)) : undefined;
        if (counters) containers.set(id, { ...counters, ...(await this.#lookInside(path)) });
      }
    }
    const [network, disk] = await Promise.all([
      readNodeNetwork(),
      readDiskTraffic(join(this.#options.diskRoot, cgroupRoot)),
    ]);
    return { atMs, node: { ...node, network, disk }, containers };
  }

  async #lookInside(path: string): Promise<Omit<ContainerLook, keyof Counters>> {
    const { cpuRoot, memoryRoot, diskRoot, pidsRoot } = this.#options;
    const [network, disk, processes, memoryLimitBytes] = await Promise.all([
      readNetworkTraffic(join(cpuRoot, path)),
      readDiskTraffic(join(diskRoot, path)),
      readProcessCount(join(pidsRoot, path)),
      readMemoryLimit(join(memoryRoot, path)),
    ]);
    return { network, disk, processes, memoryLimitBytes };
  }
}

/** Undefined where nothing is counted. */
function flow(
  name: "network" | "disk",
  before: Flowing | undefined,
  now: Flowing,
  windowMs: number,
): { readonly [Name in typeof name]?: Flow } {
  const later = now[name];
  if (!later) return {};
  const earlier = before?.[name] ?? later;
  const perSecond = (from: number, to: number): number => Math.max(0, Math.round(((to - from) * 1000) / windowMs));
  return {
    [name]: {
      ...later,
      inBytesPerSecond: perSecond(earlier.inBytes, later.inBytes),
      outBytesPerSecond: perSecond(earlier.outBytes, later.outBytes),
    },
  };
}

/** A container that is new since then has no earlier figure. */
function isUsable(before: Look, now: Look): boolean {
  const ageMs = now.atMs - before.atMs;
  return ageMs >= gapMs && ageMs <= staleMs && [...now.containers.keys()].every((id) => before.containers.has(id));
}

function usageOf(before: Look, now: Look): NodeUsage {
  const windowMs = now.atMs - before.atMs;
  const amounts = (earlier: Counters | undefined, later: Counters): Amounts => ({
    milliCpu: Math.max(0, Math.ceil((later.cpuNanos - (earlier ?? later).cpuNanos) / windowMs / 1000)),
    memoryBytes: later.memoryBytes,
  });
  const pods = new Map<string, { network?: Flow; containers: ContainerUsage[] }>();
  for (const [id, counters] of now.containers) {
    const identity = parseContainerId(id);
    if (!identity) continue;
    const { processes, memoryLimitBytes } = counters;
    const earlier = before.containers.get(id);
    const pod = pods.get(identity.podUid) ?? { ...flow("network", earlier, counters, windowMs), containers: [] };
    pod.containers.push({
      name: identity.name,
      ...amounts(earlier, counters),
      ...flow("disk", earlier, counters, windowMs),
      ...(processes !== undefined && { processes }),
      ...(memoryLimitBytes !== undefined && { memoryLimitBytes }),
    });
    pods.set(identity.podUid, pod);
  }
  return {
    windowMs: Math.round(windowMs),
    node: {
      ...amounts(before.node, now.node),
      ...flow("network", before.node, now.node, windowMs),
      ...flow("disk", before.node, now.node, windowMs),
    },
    pods: [...pods].map(([uid, pod]) => ({ uid, ...pod })),
  };
}
