/** Why a pod was evicted, in the kubelet's words with the numbers. Pure. */
import { fromBytes } from "#proto/resources/quantity.ts";
import type { Relief } from "./plan.ts";
import type { ContainerLoad, PodLoad } from "./rank.ts";
import { resourceOf } from "./signals.ts";

export function pressureMessage({ signal, threshold, level }: Relief, pod: PodLoad): string {
  const resource = resourceOf(signal);
  const isBytes = resource === "memory" || resource === "ephemeral-storage";
  const spelled = (amount: number): string => (isBytes ? readable(amount) : String(Math.ceil(amount)));
  const node = `The node was low on resource: ${resource}. Threshold quantity: ${spelled(threshold)}, available: ${spelled(level.available)}. `;
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

/** To three places or so: bytes in whole Ki, Mi or Gi. */
export function readable(bytes: number): string {
  for (const [unit, size] of units) if (bytes >= 10 * size) return `${Math.floor(bytes / size)}${unit}`;
  return String(Math.floor(bytes));
}

const units = [
  ["Gi", 2 ** 30],
  ["Mi", 2 ** 20],
  ["Ki", 2 ** 10],
] as const;
