/** PURE. Why a pod was evicted, in the kubelet's words with the numbers. */
import { fromBytes } from "#proto/resources/quantity.ts";
import type { Relief } from "./plan.ts";
import type { ContainerLoad, PodLoad } from "./rank.ts";
import { resourceOf, type Signal } from "./signals.ts";

export function thresholdMessage({ signal, threshold, level }: Relief): string {
  const [has, least] = [level.available, threshold].map((amount) => spelled(amount, signal));
  return `Attempting to reclaim ${resourceOf(signal)}: ${signal} is ${has}, less than ${least}`;
}

const spelled = (amount: number, signal: Signal): string =>
  resourceOf(signal) === "memory" || resourceOf(signal) === "ephemeral-storage"
    ? readable(amount)
    : String(Math.ceil(amount));

export function pressureMessage({ signal, threshold, level }: Relief, pod: PodLoad): string {
  const resource = resourceOf(signal);
  const node = `The node was low on resource: ${resource}. Threshold quantity: ${spelled(threshold, signal)}, available: ${spelled(level.available, signal)}. `;
  if (resource === "pids") return `${node}The pod had ${pod.usage.processes} processes. `;
  if (resource === "inodes") return `${node}The pod had ${pod.usage.files} files. `;
  const key = resource === "memory" ? "memoryBytes" : "storageBytes";
  const exceeding = pod.containers.filter(({ usage, requests }) => usage[key] > requests[key]);
  return `${node}${exceeding.map((container) => largerThanAsked(container, key, resource)).join("")}`;
}

function largerThanAsked(
  { name, usage, requests }: ContainerLoad,
  key: "memoryBytes" | "storageBytes",
  resource: string,
): string {
  return `Container ${name} was using ${readable(usage[key])}, request is ${fromBytes(requests[key])}, has larger consumption of ${resource}. `;
}

/** In Ki, Mi or Gi, with one place below ten of them. */
export function readable(bytes: number): string {
  for (const [unit, size] of units) {
    if (bytes < size) continue;
    const amount = bytes / size;
    return `${amount < 10 ? Math.floor(amount * 10) / 10 : Math.floor(amount)}${unit}`;
  }
  return String(Math.floor(bytes));
}

const units = [
  ["Gi", 2 ** 30],
  ["Mi", 2 ** 20],
  ["Ki", 2 ** 10],
] as const;
