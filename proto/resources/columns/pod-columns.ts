/** The pod table: READY and STATUS tell in a word what ails the pod. */
import { formatAge } from "../duration.ts";
import { shortPinnedName } from "../image-pins.ts";
import type { ContainerStatus, Pod } from "../pod.ts";
import { ageColumn, type Column, nameColumn, normal, orNone, wide } from "./column.ts";

const statuses = (pod: Pod): readonly ContainerStatus[] => pod.status?.containerStatuses ?? [];

export function podStatusText(pod: Pod): string {
  const status = pod.status;
  let text = status?.reason || status?.phase || "Unknown";
  for (const container of statuses(pod).toReversed()) text = containerText(container) ?? text;
  const running = statuses(pod).some((container) => container.state?.running !== undefined && container.ready);
  if (text === "Completed" && running) text = isReady(pod) ? "Running" : "NotReady";
  if (pod.metadata.deletionTimestamp === undefined) return text;
  if (status?.reason === "NodeLost") return "Unknown";
  return status?.phase === "Succeeded" || status?.phase === "Failed" ? text : "Terminating";
}

function containerText({ state }: ContainerStatus): string | undefined {
  if (state?.waiting !== undefined) return state.waiting.reason || undefined;
  const ended = state?.terminated;
  if (ended === undefined) return undefined;
  if (ended.reason !== undefined && ended.reason !== "") return ended.reason;
  return ended.signal !== undefined && ended.signal !== 0 ? `Signal:${ended.signal}` : `ExitCode:${ended.exitCode}`;
}

const isReady = (pod: Pod): boolean =>
  pod.status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") ?? false;

function restarts(pod: Pod, nowMs: number): string {
  let count = 0;
  let lastAt: string | undefined;
  for (const container of statuses(pod)) {
    count += container.restartCount;
    const endedAt = container.lastState?.terminated?.finishedAt;
    if (endedAt !== undefined && (lastAt === undefined || endedAt > lastAt)) lastAt = endedAt;
  }
  return count > 0 && lastAt !== undefined ? `${count} (${formatAge(lastAt, nowMs)} ago)` : String(count);
}

/** Of the content that a container was started with. */
export function runningDigest(pod: Pod, container: string): string | undefined {
  const known = [...statuses(pod), ...(pod.status?.initContainerStatuses ?? [])].find(({ name }) => name === container);
  return /@(sha256:[0-9a-f]{64})$/.exec(known?.imageID ?? "")?.[1];
}

const ready = (pod: Pod): string =>
  `${statuses(pod).filter((container) => container.ready && container.state?.running !== undefined).length}/${pod.spec.containers.length}`;

export const podColumns: readonly Column[] = [
  nameColumn,
  normal<Pod>("READY", ready),
  normal<Pod>("STATUS", podStatusText),
  normal<Pod>("RESTARTS", restarts),
  ageColumn,
  wide<Pod>("IP", (pod) => orNone(pod.status?.podIP)),
  wide<Pod>("NODE", (pod) => orNone(pod.spec.nodeName)),
  wide<Pod>("NOMINATED NODE", (pod) => orNone(pod.status?.nominatedNodeName)),
  wide<Pod>("READINESS GATES", (pod) =>
    pod.spec.readinessGates?.length ? `0/${pod.spec.readinessGates.length}` : "<none>",
  ),
  wide<Pod>("IMAGES", (pod) =>
    pod.spec.containers.map(({ name, image }) => shortPinnedName(image, runningDigest(pod, name))).join(","),
  ),
];
