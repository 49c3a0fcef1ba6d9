/** One key for the cluster; woken only by what could leave a pod behind. */
import type { CacheChange } from "#control-plane/cache/cache.ts";
import type { Controller } from "../engine/controller.ts";
import type { Pod } from "../model/kinds.ts";
import { isTerminating } from "../model/ownership.ts";
import { isAssigned, isFinished } from "../model/pod-state.ts";
import type { ControllerWorld } from "../world.ts";
import { plan } from "./plan.ts";

const everything = "all";

export function podGcController(world: ControllerWorld): Controller {
  const { cache, settings } = world;
  /** uids of finished pods, so that a look at all pods is taken only when there are too many. */
  const finished = new Set<string>();
  const hasNode = (name: string): boolean => cache.get("nodes", "", name) !== undefined;

  const afterPod = (change: CacheChange): readonly string[] => {
    const pod = change.object as Pod;
    const uid = pod.metadata.uid ?? "";
    if (change.type === "deleted") {
      finished.delete(uid);
      return [];
    }
    if (isFinished(pod)) finished.add(uid);
    const isStray = isAssigned(pod) ? !hasNode(pod.spec.nodeName ?? "") : isTerminating(pod);
    return isStray || finished.size > settings.terminatedPodThreshold ? [everything] : [];
  };

  return {
    name: "pod-gc",
    source: "pod-garbage-collector",
    concurrency: 1,
    wakes: { pods: afterPod, nodes: (change) => (change.type === "deleted" ? [everything] : []) },
    decide: () =>
      plan({ pods: cache.list("pods") as readonly Pod[], hasNode, threshold: settings.terminatedPodThreshold }),
  };
}
