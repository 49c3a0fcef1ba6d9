/** A pod without what the agent does not act on: bookkeeping of writes, and the status it reports itself. */
import { isPausedCondition } from "#proto/resources/container-wishes.ts";
import type { Pod } from "#proto/resources/pod.ts";

const ownConditions = new Set(["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady"]);

export function trimPod(pod: Pod): Pod {
  const { managedFields: _, resourceVersion: __, generation: ___, ...metadata } = pod.metadata;
  const conditions = (pod.status?.conditions ?? []).filter(
    ({ type }) => !ownConditions.has(type) && !isPausedCondition(type),
  );
  const qosClass = pod.status?.qosClass;
  return {
    apiVersion: pod.apiVersion,
    kind: pod.kind,
    metadata,
    spec: pod.spec,
    status: { conditions, ...(qosClass !== undefined && { qosClass }) },
  };
}
