/**
 * What this node and its containers use, when somebody asks: two looks at the cgroups' counters, half a second apart, or one when the
 * last was lately. Nothing runs while nobody looks.
 */
import { join } from "node:path";
import { type Clock, sleep } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Amounts, NodeUsage, PodUsage } from "#proto/resources/usage.ts";
import { parseContainerId } from "../runtime/container-id.ts";
import { type Counters, hasMemoryLimit, readCounters, readMachine, subdirectories } from "./cgroup-counters.ts";

export interface UsageSamplerOptions {
  /** Roots of the hierarchies that count: the same one on version 2. */
  readonly cpuRoot: string;
  readonly memoryRoot: string;
  /** Of this node, below the roots. */
  readonly cgroupRoot: string;
  readonly clock: Clock;
}

interface Look {
  readonly atMs: number;
  readonly node: Counters;
  /** By container id. */
  readonly containers: ReadonlyMap<string, Counters>;
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
    const containers = new Map<string, Counters>();
    for (const pod of await subdirectories(join(cpuRoot, pods))) {
      for (const id of await subdirectories(join(cpuRoot, pods, pod))) {
        const counters = parseContainerId(id) ? await readCounters(at(join(pods, pod, id))) : undefined;
        if (counters) containers.set(id, counters);
      }
    }
    return { atMs, node, containers };
  }
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
  const pods = new Map<string, PodUsage["containers"][number][]>();
  for (const [id, counters] of now.containers) {
    const identity = parseContainerId(id);
    if (!identity) continue;
    const containers = pods.get(identity.podUid) ?? [];
    containers.push({ name: identity.name, ...amounts(before.containers.get(id), counters) });
    pods.set(identity.podUid, containers);
  }
  return {
    windowMs: Math.round(windowMs),
    node: amounts(before.node, now.node),
    pods: [...pods].map(([uid, containers]) => ({ uid, containers })),
  };
}
