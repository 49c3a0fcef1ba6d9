/** PURE. Whether a pod keeps more on the node's disk than it may, by its limits of ephemeral-storage and its volumes' sizeLimit. */
import type { Pod } from "#proto/resources/pod.ts";
import { podPeak } from "#proto/resources/pod-peak.ts";
import { toBytes } from "#proto/resources/quantity.ts";
import { readable } from "./messages.ts";

/** What a pod keeps on the disk, in bytes. */
export interface PodStorage {
  /** Writable layer and logs, by container. */
  readonly containers: ReadonlyMap<string, number>;
  /** emptyDirs on disk, by volume. */
  readonly volumes: ReadonlyMap<string, number>;
}

export const storageBytes = ({ containers, volumes }: PodStorage): number =>
  [...containers.values(), ...volumes.values()].reduce((sum, bytes) => sum + bytes, 0);

const resource = "ephemeral-storage";

/** Why the pod has to go; the kubelet's words, with what is used. */
export function exceeded(pod: Pod, used: PodStorage): string | undefined {
  for (const { name, emptyDir } of pod.spec.volumes ?? []) {
    const bytes = used.volumes.get(name) ?? 0;
    if (emptyDir?.sizeLimit !== undefined && bytes > toBytes(emptyDir.sizeLimit))
      return `Usage of EmptyDir volume "${name}" exceeds the limit "${emptyDir.sizeLimit}": it holds ${readable(bytes)}. `;
  }
  const podLimit = limitOfPod(pod);
  const together = storageBytes(used);
  if (podLimit !== undefined && together > podLimit)
    return `Pod ephemeral local storage usage exceeds the total limit of containers ${readable(podLimit)}: it uses ${readable(together)}. `;
  for (const { name, resources } of [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]) {
    const limit = resources?.limits?.[resource];
    const bytes = used.containers.get(name) ?? 0;
    if (limit !== undefined && bytes > toBytes(limit))
      return `Container ${name} exceeded its local ephemeral storage limit "${limit}": it uses ${readable(bytes)}. `;
  }
  return undefined;
}

/** Whether its use has to be looked at while nothing runs out. */
export function hasStorageLimit({ spec }: Pod): boolean {
  const volumes = spec.volumes?.some(({ emptyDir }) => emptyDir?.sizeLimit !== undefined && !emptyDir.medium) === true;
  return volumes || [...spec.containers, ...(spec.initContainers ?? [])].some(isLimited);
}

/** How much more may be written before one of its limits can be passed. */
export function headroom(pod: Pod, used: PodStorage): number {
  const podLimit = limitOfPod(pod);
  const volumes = (pod.spec.volumes ?? []).flatMap(({ name, emptyDir }) =>
    emptyDir?.sizeLimit === undefined || emptyDir.medium
      ? []
      : [toBytes(emptyDir.sizeLimit) - (used.volumes.get(name) ?? 0)],
  );
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].flatMap(({ name, resources }) => {
    const limit = resources?.limits?.[resource];
    return limit === undefined ? [] : [toBytes(limit) - (used.containers.get(name) ?? 0)];
  });
  return Math.min(...volumes, ...containers, podLimit === undefined ? Infinity : podLimit - storageBytes(used));
}

const isLimited = ({ resources }: Pod["spec"]["containers"][number]): boolean =>
  resources?.limits?.[resource] !== undefined;

/** Volumes count too, so the sum binds only where every container has a limit. */
function limitOfPod({ spec }: Pod): number | undefined {
  if (![...spec.containers, ...(spec.initContainers ?? [])].every(isLimited)) return undefined;
  return podPeak(spec, ({ resources }) => toBytes(resources?.limits?.[resource]));
}
