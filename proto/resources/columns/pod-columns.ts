/** The pod table: READY and STATUS tell in a word what ails the pod. */
import { formatAge } from "../duration.ts";
import { shortPinnedName } from "../image-pins.ts";
import type { ContainerStatus, Pod } from "../pod.ts";
import { ageColumn, type Column, nameColumn, normal, orNone, wide } from "./column.ts";

const statuses = (pod: Pod): readonly ContainerStatus[] => pod.status?.containerStatuses ?? [];
const initStatuses = (pod: Pod): readonly ContainerStatus[] => pod.status?.initContainerStatuses ?? [];

const isSidecar = (pod: Pod, name: string): boolean =>
  pod.spec.initContainers?.some((container) => container.name === name && container.restartPolicy === "Always") ??
  false;

export function podStatusText(pod: Pod): string {
  const status = pod.status;
  if (status?.phase === "Failed" && status.reason === "Evicted") return "Evicted"; // not how its containers ended for it
  let text = status?.reason || status?.phase || "Unknown";
  const initText = initializing(pod);
  if (initText !== undefined) text = initText;
  else for (const container of statuses(pod).toReversed()) text = containerText(container) ?? text;
  const running = statuses(pod).some((container) => container.state?.running !== undefined && container.ready);
  if (text === "Completed" && running) text = isReady(pod) ? "Running" : "NotReady";
  if (pod.metadata.deletionTimestamp === undefined) return text;
  if (status?.reason === "NodeLost") return "Unknown";
  return status?.phase === "Succeeded" || status?.phase === "Failed" ? text : "Terminating";
}

/** `Init:` and what ails the first init container that is not done; undefined when all are, or the pod was initialized. */
function initializing(pod: Pod): string | undefined {
  if (pod.status?.conditions?.some(({ type, status }) => type === "Initialized" && status === "True")) return undefined;
  const all = initStatuses(pod);
  for (const [i, container] of all.entries()) {
    const { state, started, name } = container;
    if (state?.terminated?.exitCode === 0 || (isSidecar(pod, name) && started === true)) continue;
    const text = containerText(container);
    return text === undefined || text === "PodInitializing" || text === "ContainerCreating"
      ? `Init:${i}/${pod.spec.initContainers?.length ?? all.length}`
      : `Init:${text}`;
  }
  return undefined;
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
  const counted = initializing(pod) === undefined ? sidecars(pod) : initStatuses(pod);
  for (const container of [...counted, ...statuses(pod)]) {
    count += container.restartCount;
    const endedAt = container.lastState?.terminated?.finishedAt;
    if (endedAt !== undefined && (lastAt === undefined || endedAt > lastAt)) lastAt = endedAt;
  }
  return count > 0 && lastAt !== undefined ? `${count} (${formatAge(lastAt, nowMs)} ago)` : String(count);
}

/** Of the content that a container was started with. */
export function runningDigest(pod: Pod, container: string): string | undefined {
  const known = [...statuses(pod), ...initStatuses(pod)].find(({ name }) => name === container);
  return /@(sha256:[0-9a-f]{64})$/.exec(known?.imageID ?? "")?.[1];
}

const sidecars = (pod: Pod): readonly ContainerStatus[] => initStatuses(pod).filter(({ name }) => isSidecar(pod, name));

/** Of what is to go on running: containers and sidecars. */
function ready(pod: Pod): string {
  const total =
    pod.spec.containers.length + (pod.spec.initContainers ?? []).filter(({ name }) => isSidecar(pod, name)).length;
  const up = [...sidecars(pod), ...statuses(pod)].filter((one) => one.ready && one.state?.running !== undefined);
  return `${up.length}/${total}`;
}

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
