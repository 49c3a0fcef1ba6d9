/** A pod: where and how it is, why it is not further, and its containers. Pure. */
import { podStatusText } from "#proto/resources/columns/pod-columns.ts";
import { formatAge } from "#proto/resources/duration.ts";
import type { Container, ContainerStatus, Pod } from "#proto/resources/pod.ts";
import { unreadyTexts, whyPending } from "../../waiting/unready.ts";
import { containerLines, volumeText } from "./container-story.ts";
import { type Line, optional } from "./story.ts";

export function podLines(pod: Pod, nowMs: number): readonly Line[] {
  const { spec, status } = pod;
  const text = podStatusText(pod);
  const phase = status?.phase ?? "Pending";
  return [
    ["Node", spec.nodeName ? `${spec.nodeName}${status?.hostIP ? ` (${status.hostIP})` : ""}` : "none yet"],
    ["Status", text === phase ? phase : `${text} (${phase})`],
    ...optional("Reason", [status?.reason, status?.message].filter(Boolean).join(": ")),
    ["Address", status?.podIP ?? "none yet"],
    ...optional("Started", status?.startTime && `${formatAge(status.startTime, nowMs)} ago`),
    ["Restart policy", spec.restartPolicy ?? "Always"],
    ...optional("QoS", status?.qosClass),
    ...optional("Why pending", whyPending(pod, nowMs)),
    ...containers(pod, nowMs),
    ...templateLines(spec),
  ];
}

/** Of a workload's pods: which are not ready, and why. */
export function unreadyLines(pods: readonly Pod[], nowMs: number): readonly Line[] {
  return unreadyTexts(pods, nowMs).map((text, index) => [index === 0 ? "Not ready" : "", text]);
}

function containers({ spec, status }: Pod, nowMs: number): readonly Line[] {
  const statuses = [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ];
  const unknown = (name: string): ContainerStatus => ({ name, ready: false, restartCount: 0 }) as ContainerStatus;
  const all: readonly (readonly [string, Container])[] = [
    ...(spec.initContainers ?? []).map((container) => ["Init container", container] as const),
    ...spec.containers.map((container) => ["Container", container] as const),
    ...(spec.ephemeralContainers ?? []).map((container) => ["Ephemeral container", container] as const),
  ];
  return all.flatMap(([title, container]) => {
    const known = statuses.find(({ name }) => name === container.name);
    return containerLines(title, container, known ?? unknown(container.name), nowMs);
  });
}

/** What templates and pods have in common, besides containers. */
export function templateLines(spec: Pod["spec"]): readonly Line[] {
  const tolerations = spec.tolerations?.map(({ key, value, effect, tolerationSeconds }) => {
    const what = `${key ?? "everything"}${value ? `=${value}` : ""}${effect ? `:${effect}` : ""}`;
    return tolerationSeconds === undefined ? what : `${what} for ${tolerationSeconds} s`;
  });
  const selector = Object.entries(spec.nodeSelector ?? {}).map(([key, value]) => `${key}=${value}`);
  return [
    ...optional("Volumes", spec.volumes?.map(volumeText).join(", ")),
    ...optional("Only nodes with", selector.join(", ")),
    ...optional("Affinity", spec.affinity && Object.keys(spec.affinity).join(", ")),
    ...optional("Spread over", spec.topologySpreadConstraints?.map(({ topologyKey }) => topologyKey).join(", ")),
    ...optional("Tolerations", tolerations?.join(", ")),
    ...optional(
      "Grace to stop",
      spec.terminationGracePeriodSeconds === undefined ? undefined : `${spec.terminationGracePeriodSeconds} s`,
    ),
    ...optional("Registry logins", spec.imagePullSecrets?.map(({ name }) => name ?? "").join(", ")),
  ];
}
