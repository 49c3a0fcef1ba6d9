/** Puts together what watches this node's pressures. */
import { join } from "node:path";
import { NodePressure, type NodePressureOptions } from "./eviction/node-pressure.ts";
import { PodLoads } from "./eviction/pod-loads.ts";
import { StorageLimits } from "./eviction/storage-limits.ts";
import { StorageMeter } from "./eviction/storage-meter.ts";
import { podCgroup } from "./runtime/cgroup-names.ts";
import type { Cgroups } from "./runtime/cgroups.ts";

interface NodePlace {
  readonly dataDirectory: string;
  readonly cgroupRoot: string;
}

type PressureParts = Omit<NodePressureOptions, "loads" | "limits"> & { readonly cgroups: Cgroups };

export function nodePressure({ dataDirectory, cgroupRoot }: NodePlace, parts: PressureParts): NodePressure {
  const { cgroups, clock, logger } = parts;
  const below = (name: string): string => join(dataDirectory, name);
  const meter = new StorageMeter({ rootfs: below("rootfs"), logs: below("logs"), volumes: below("volumes") }, clock);
  const loads = new PodLoads({
    memoryDirectory: (cgroup) => cgroups.directory("memory", cgroup),
    pidsDirectory: (cgroup) => cgroups.directory("pids", cgroup),
    podCgroup: (uid) => podCgroup(cgroupRoot, uid),
    meter,
    logger,
  });
  return new NodePressure({ ...parts, loads, limits: new StorageLimits({ meter, clock, logger }) });
}
