/** How much each pod takes of what runs out, beside what it asked for. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Container } from "#proto/resources/pod.ts";
import { allContainers } from "#proto/resources/pod-containers.ts";
import { podPeak } from "#proto/resources/pod-peak.ts";
import { toBytes } from "#proto/resources/quantity.ts";
import { parseContainerId } from "../runtime/container-id.ts";
import { readMemory } from "../usage/cgroup-counters.ts";
import { type PodStorage, storageBytes } from "./local-limits.ts";
import type { ContainerLoad, PodLoad } from "./rank.ts";
import { resourceOf, type Signal } from "./signals.ts";
import type { MeasuredPod, StorageMeter } from "./storage-meter.ts";

export interface PodLoadsOptions {
  /** Of the hierarchies that count them; undefined where none does. */
  readonly memoryDirectory: (cgroup: string) => string | undefined;
  readonly pidsDirectory: (cgroup: string) => string | undefined;
  readonly podCgroup: (uid: string) => string;
  readonly meter: Pick<StorageMeter, "measure">;
  readonly logger: Logger;
}

const nothing: PodStorage = { containers: new Map(), volumes: new Map() };

export class PodLoads {
  readonly #options: PodLoadsOptions;

  constructor(options: PodLoadsOptions) {
    this.#options = options;
  }

  /** Only what the signal is about is looked at. */
  async read(pods: readonly MeasuredPod[], signal: Signal, stopping: AbortSignal): Promise<readonly PodLoad[]> {
    const loads: PodLoad[] = [];
    for (const pod of pods) loads.push(await this.#load(pod, signal, stopping));
    return loads;
  }

  async #load(measured: MeasuredPod, signal: Signal, stopping: AbortSignal): Promise<PodLoad> {
    const resource = resourceOf(signal);
    const { uid, pod } = measured;
    const storage =
      resource === "ephemeral-storage" || resource === "inodes"
        ? await this.#storage(measured, resource === "inodes" ? "files" : "bytes", stopping)
        : nothing;
    const cgroup = this.#options.podCgroup(uid);
    const memory = resource === "memory" ? await this.#memory(cgroup) : 0;
    const containers = await this.#containers(measured, storage, resource === "memory" ? cgroup : undefined);
    const { namespace = "default", name } = pod.metadata;
    return {
      ...{ uid, namespace, name, containers },
      priority: pod.spec.priority ?? 0,
      usage: {
        memoryBytes: memory,
        storageBytes: resource === "ephemeral-storage" ? storageBytes(storage) : 0,
        files: resource === "inodes" ? storageBytes(storage) : 0,
        processes: resource === "pids" ? await this.#processes(cgroup) : 0,
      },
      requests: {
        memoryBytes: toBytes(pod.spec.resources?.requests?.memory) || podPeak(pod.spec, (one) => asked(one, "memory")),
        storageBytes: podPeak(pod.spec, (one) => asked(one, "ephemeral-storage")),
      },
    };
  }

  async #storage(measured: MeasuredPod, unit: "bytes" | "files", stopping: AbortSignal): Promise<PodStorage> {
    try {
      return await this.#options.meter.measure(measured, unit, stopping);
    } catch (thrown) {
      stopping.throwIfAborted();
      this.#options.logger.warn(
        { pod: measured.uid, error: Problem.from(thrown).message },
        "a pod's disk use is unknown",
      );
      return nothing;
    }
  }

  async #containers(
    { pod, rootfses }: MeasuredPod,
    storage: PodStorage,
    cgroup: string | undefined,
  ): Promise<readonly ContainerLoad[]> {
    const loads: ContainerLoad[] = [];
    for (const container of allContainers(pod)) {
      const { name } = container;
      const ids = rootfses.filter((id) => parseContainerId(id)?.name === name);
      const memory = cgroup === undefined ? [] : await Promise.all(ids.map((id) => this.#memory(join(cgroup, id))));
      loads.push({
        name,
        usage: { memoryBytes: Math.max(0, ...memory), storageBytes: storage.containers.get(name) ?? 0 },
        requests: { memoryBytes: asked(container, "memory"), storageBytes: asked(container, "ephemeral-storage") },
      });
    }
    return loads;
  }

  async #memory(cgroup: string): Promise<number> {
    const directory = this.#options.memoryDirectory(cgroup);
    return (directory === undefined ? undefined : await readMemory(directory)) ?? 0;
  }

  async #processes(cgroup: string): Promise<number> {
    const directory = this.#options.pidsDirectory(cgroup);
    if (directory === undefined) return 0;
    return Number(await readFile(join(directory, "pids.current"), "utf8").catch(() => "0"));
  }
}

/** Where no request is said the limit is it. */
function asked({ resources }: Container, name: "memory" | "ephemeral-storage"): number {
  return toBytes(resources?.requests?.[name] ?? resources?.limits?.[name]);
}
