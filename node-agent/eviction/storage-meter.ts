/**
 * What a pod keeps on this node's disk: writable layers, logs, emptyDirs. Counted by `du` in a process of its own with a deadline: a
 * hostile tree costs the agent nothing but waiting.
 */
import { join } from "node:path";
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { allContainers } from "#proto/resources/pod-containers.ts";
import { run } from "../host/spawn.ts";
import { parseContainerId } from "../runtime/container-id.ts";
import type { PodStorage } from "./local-limits.ts";

export interface StorageDirectories {
  /** `ID/upper` below it is a container's writable layer. */
  readonly rootfs: string;
  /** `UID/CONTAINER` below it. */
  readonly logs: string;
  /** `UID/VOLUME` below it. */
  readonly volumes: string;
}

export interface MeasuredPod {
  readonly uid: string;
  readonly pod: Pod;
  /** Ids of containers that have a root filesystem here. */
  readonly rootfses: readonly string[];
}

const timeoutMs = 20_000;
const maxOutputBytes = 1024 * 1024;

export class StorageMeter {
  readonly #directories: StorageDirectories;
  readonly #clock: Clock;

  constructor(directories: StorageDirectories, clock: Clock) {
    this.#directories = directories;
    this.#clock = clock;
  }

  /** In bytes as they lie on the disk, or in files. Problem `timeout` for a tree that cannot be counted in time. */
  async measure(measured: MeasuredPod, unit: "bytes" | "files", signal: AbortSignal): Promise<PodStorage> {
    const places = this.#places(measured);
    const args = ["-s", "-x", "-0", unit === "bytes" ? "-B1" : "--inodes", "--", ...places.keys()];
    const options = { clock: this.#clock, timeoutMs, maxOutputBytes, signal };
    // What comes and goes meanwhile makes it end with 1; what it counted counts.
    const { stdout, code } = places.size === 0 ? { stdout: "", code: 0 } : await run("du", args, options);
    if (code > 1) throw new Problem("internal", `du failed with ${code}`);
    const containers = new Map<string, number>();
    const volumes = new Map<string, number>();
    for (const line of stdout.split("\0")) {
      const tab = line.indexOf("\t");
      const place = places.get(line.slice(tab + 1));
      if (!place) continue;
      const into = place.kind === "volume" ? volumes : containers;
      into.set(place.name, (into.get(place.name) ?? 0) + Number(line.slice(0, tab)));
    }
    return { containers, volumes };
  }

  #places({ uid, pod, rootfses }: MeasuredPod): ReadonlyMap<string, Place> {
    const { rootfs, logs, volumes } = this.#directories;
    const places = new Map<string, Place>();
    for (const id of rootfses) {
      const name = parseContainerId(id)?.name;
      if (name !== undefined) places.set(join(rootfs, id, "upper"), { kind: "container", name });
    }
    for (const { name } of allContainers(pod)) places.set(join(logs, uid, name), { kind: "container", name });
    for (const { name, emptyDir } of pod.spec.volumes ?? [])
      if (emptyDir && !emptyDir.medium) places.set(join(volumes, uid, name), { kind: "volume", name });
    return places;
  }
}

interface Place {
  readonly kind: "container" | "volume";
  readonly name: string;
}
