/** Amounts a pod asks for and a node has: processor, memory, local storage, pod slots, and named devices. */
import type { PodSpec } from "#proto/resources/pod.ts";
import { toBytes, toMilliCpu } from "#proto/resources/quantity.ts";

export interface Resources {
  readonly milliCpu: number;
  readonly memoryBytes: number;
  readonly ephemeralStorageBytes: number;
  readonly pods: number;
  /** Extended resources and huge pages by name; absent when there are none. */
  readonly other?: Readonly<Record<string, number>> | undefined;
}

export interface MutableResources {
  milliCpu: number;
  memoryBytes: number;
  ephemeralStorageBytes: number;
  pods: number;
  other?: Record<string, number> | undefined;
}

type QuantityMap = Readonly<Record<string, string | undefined>> | undefined;

export const noResources: Resources = { milliCpu: 0, memoryBytes: 0, ephemeralStorageBytes: 0, pods: 0 };

const builtIn = new Set(["cpu", "memory", "ephemeral-storage", "pods"]);

export function resourcesFrom(list: QuantityMap): Resources {
  let other: Record<string, number> | undefined;
  for (const name in list) {
    if (builtIn.has(name)) continue;
    other ??= {};
    other[name] = toBytes(list[name]);
  }
  return {
    milliCpu: toMilliCpu(list?.cpu),
    memoryBytes: toBytes(list?.memory),
    ephemeralStorageBytes: toBytes(list?.["ephemeral-storage"]),
    pods: toBytes(list?.pods),
    ...(other === undefined ? {} : { other }),
  };
}

type ContainerLike = NonNullable<PodSpec["containers"]>[number];

/** What a container reserves: its requests, and its limits where it names no request. */
function containerRequests(container: Pick<ContainerLike, "resources">): Resources {
  const { requests, limits } = container.resources ?? {};
  return resourcesFrom({ ...limits, ...requests });
}

/**
 * Kubernetes' effective request: containers and sidecars together, or the hungriest moment of the init containers when that
 * is more (a sidecar started earlier runs beside each later init container), plus the overhead.
 */
export function podRequests(spec: PodSpec): Resources {
  let running: Resources = { ...noResources, pods: 1 };
  for (const container of spec.containers ?? []) running = plus(running, containerRequests(container));
  let sidecars: Resources = noResources;
  let initPeak: Resources = noResources;
  for (const container of spec.initContainers ?? []) {
    const asked = containerRequests(container);
    if (container.restartPolicy === "Always") {
      sidecars = plus(sidecars, asked);
      initPeak = larger(initPeak, sidecars);
    } else initPeak = larger(initPeak, plus(sidecars, asked));
  }
  const together = larger(plus(running, sidecars), initPeak);
  return plus(withOwn(together, spec.resources), resourcesFrom(spec.overhead));
}

/** What a pod requests as a whole stands for its containers; limits of its own only where no container requests anything. */
function withOwn(together: Resources, own: PodSpec["resources"]): Resources {
  if (!own) return together;
  const requests = resourcesFrom(own.requests);
  const limits = resourcesFrom(own.limits);
  const chosen = (of: (amounts: Resources) => number): number => of(requests) || of(together) || of(limits);
  const names = Object.keys({ ...together.other, ...limits.other, ...requests.other });
  return {
    ...together,
    milliCpu: chosen(({ milliCpu }) => milliCpu),
    memoryBytes: chosen(({ memoryBytes }) => memoryBytes),
    ...(names.length > 0 && {
      other: Object.fromEntries(names.map((name) => [name, chosen(({ other }) => other?.[name] ?? 0)])),
    }),
  };
}

function plus(a: Resources, b: Resources): Resources {
  return combine(a, b, (x, y) => x + y);
}

function larger(a: Resources, b: Resources): Resources {
  return combine(a, b, Math.max);
}

function combine(a: Resources, b: Resources, by: (x: number, y: number) => number): Resources {
  let other: Record<string, number> | undefined;
  for (const name of new Set([...Object.keys(a.other ?? {}), ...Object.keys(b.other ?? {})])) {
    other ??= {};
    other[name] = by(a.other?.[name] ?? 0, b.other?.[name] ?? 0);
  }
  return {
    milliCpu: by(a.milliCpu, b.milliCpu),
    memoryBytes: by(a.memoryBytes, b.memoryBytes),
    ephemeralStorageBytes: by(a.ephemeralStorageBytes, b.ephemeralStorageBytes),
    pods: by(a.pods, b.pods),
    ...(other === undefined ? {} : { other }),
  };
}

/** Adds (`sign` 1) or takes away (`sign` -1) in place: the running total of a node. */
export function accumulate(total: MutableResources, amounts: Resources, sign: 1 | -1): void {
  total.milliCpu += sign * amounts.milliCpu;
  total.memoryBytes += sign * amounts.memoryBytes;
  total.ephemeralStorageBytes += sign * amounts.ephemeralStorageBytes;
  total.pods += sign * amounts.pods;
  for (const name in amounts.other) {
    total.other ??= {};
    total.other[name] = (total.other[name] ?? 0) + sign * (amounts.other[name] ?? 0);
  }
}
