/** What scheduling reads of a pod, taken out once. Replicas of one template share one `PodShape`. */
import { featuresNeeded } from "#proto/resources/node-features.ts";
import type { Affinity, Pod, Toleration, TopologySpreadConstraint } from "#proto/resources/pod.ts";
import { podRequests, type Resources } from "./resources.ts";

export type Labels = Readonly<Record<string, string>>;

/** All that makes two pods interchangeable for placement. */
export interface PodShape {
  /** Pods with the same key are placed as a group. */
  readonly key: string;
  readonly namespace: string;
  readonly labels: Labels;
  /** uid of the controlling owner, whose replicas are spread over nodes. */
  readonly owner: string | undefined;
  readonly requests: Resources;
  /** `PROTOCOL/PORT` with `ADDRESS/` in front when bound to one address. */
  readonly hostPorts: readonly string[];
  readonly nodeSelector: Labels | undefined;
  readonly affinity: Affinity | undefined;
  readonly tolerations: readonly Toleration[];
  readonly spread: readonly TopologySpreadConstraint[];
  readonly priority: number;
  readonly features: readonly string[];
}

export interface PodFacts {
  readonly uid: string;
  readonly name: string;
  readonly shape: PodShape;
  readonly createdAtMs: number;
  /** On its way out: holds its resources, but no longer counts for spreading. */
  readonly isTerminating: boolean;
  /** Its node is lost and it is being replaced: holds resources should the node return, counts for nothing else. */
  readonly isLost: boolean;
}

export function podShape(pod: Pod): PodShape {
  const { spec, metadata } = pod;
  const owner = metadata.ownerReferences?.find((one) => one.controller === true)?.uid;
  const shape = {
    namespace: metadata.namespace ?? "",
    labels: metadata.labels ?? {},
    owner,
    requests: podRequests(spec),
    hostPorts: hostPorts(pod),
    nodeSelector: spec.nodeSelector,
    affinity: spec.affinity,
    tolerations: spec.tolerations ?? [],
    spread: spec.topologySpreadConstraints ?? [],
    priority: spec.priority ?? 0,
    features: featuresNeeded(pod),
  };
  return { ...shape, key: JSON.stringify(shape) };
}

function hostPorts(pod: Pod): readonly string[] {
  const ports: string[] = [];
  for (const container of [...(pod.spec.containers ?? []), ...(pod.spec.initContainers ?? [])]) {
    for (const port of container.ports ?? []) {
      const number = port.hostPort ?? (pod.spec.hostNetwork === true ? port.containerPort : undefined);
      if (number === undefined || number === 0) continue;
      const address =
        port.hostIP === undefined || port.hostIP === "" || port.hostIP === "0.0.0.0" ? "" : `${port.hostIP}/`;
      ports.push(`${address}${port.protocol ?? "TCP"}/${number}`);
    }
  }
  return ports;
}
