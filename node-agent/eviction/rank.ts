/** PURE. Which pod goes first when a node runs out of something, as the kubelet ranks: above its request, then priority, then by how far. */
import type { Relief } from "./plan.ts";
import { resourceOf } from "./signals.ts";

export interface Amounts {
  readonly memoryBytes: number;
  readonly storageBytes: number;
  readonly files: number;
  readonly processes: number;
}

export interface ContainerLoad {
  readonly name: string;
  readonly usage: Pick<Amounts, "memoryBytes" | "storageBytes">;
  readonly requests: Pick<Amounts, "memoryBytes" | "storageBytes">;
}

export interface PodLoad {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly priority: number;
  readonly usage: Amounts;
  readonly requests: Pick<Amounts, "memoryBytes" | "storageBytes">;
  readonly containers: readonly ContainerLoad[];
}

/** Kubernetes' system-cluster-critical and above: the node needs them more than what they take. */
const criticalPriority = 2_000_000_000;

/** A pod that would free less than this part of what is missing goes for nothing. */
const leastPart = 0.01;

/** Who goes, the first first. */
export function rankPods(
  { signal, wanted, level }: Pick<Relief, "signal" | "wanted" | "level">,
  pods: readonly PodLoad[],
): readonly PodLoad[] {
  const resource = resourceOf(signal);
  const least = Math.max(1, (wanted - level.available) * leastPart);
  return pods
    .filter((pod) => pod.priority < criticalPriority && amounts[resource](pod).used >= least)
    .map((pod) => ({ pod, ...amounts[resource](pod) }))
    .toSorted(
      (a, b) =>
        Number(b.used > b.asked) - Number(a.used > a.asked) ||
        a.pod.priority - b.pod.priority ||
        b.used - b.asked - (a.used - a.asked) ||
        a.pod.uid.localeCompare(b.pod.uid),
    )
    .map(({ pod }) => pod);
}

const amounts: Readonly<
  Record<ReturnType<typeof resourceOf>, (pod: PodLoad) => { readonly used: number; readonly asked: number }>
> = {
  memory: ({ usage, requests }) => ({ used: usage.memoryBytes, asked: requests.memoryBytes }),
  "ephemeral-storage": ({ usage, requests }) => ({ used: usage.storageBytes, asked: requests.storageBytes }),
  // Nobody can request these.
  inodes: ({ usage }) => ({ used: usage.files, asked: 0 }),
  pids: ({ usage }) => ({ used: usage.processes, asked: 0 }),
};
