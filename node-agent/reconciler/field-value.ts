/** The downward API's `fieldRef`: a field of the pod, or what the node knows of it, as text. */
import { Problem } from "#proto/kit/problem.ts";
import type { Pod } from "#proto/resources/pod.ts";
import type { Allocatable } from "./resource-value.ts";

export interface PodFacts extends Allocatable {
  readonly nodeName: string;
  readonly podAddresses: readonly string[];
  readonly hostAddresses: readonly string[];
}

/** Problem `invalid` for a path the downward API does not know. */
export function fieldValue(pod: Pod, path: string, facts: PodFacts): string {
  const entry = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (entry?.[2] !== undefined) {
    const map = entry[1] === "labels" ? pod.metadata.labels : pod.metadata.annotations;
    return map?.[entry[2]] ?? "";
  }
  switch (path) {
    case "metadata.name":
      return pod.metadata.name;
    case "metadata.namespace":
      return pod.metadata.namespace ?? "default";
    case "metadata.uid":
      return pod.metadata.uid ?? "";
    case "spec.nodeName":
      return facts.nodeName;
    case "spec.serviceAccountName":
      return pod.spec.serviceAccountName ?? "default";
    case "status.podIP":
      return facts.podAddresses[0] ?? "";
    case "status.podIPs":
      return facts.podAddresses.join(",");
    case "status.hostIP":
      return facts.hostAddresses[0] ?? "";
    case "status.hostIPs":
      return facts.hostAddresses.join(",");
    default:
      throw new Problem("invalid", `unsupported fieldPath: ${path}`);
  }
}
