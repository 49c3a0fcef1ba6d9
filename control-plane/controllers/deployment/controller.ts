/** What wakes a Deployment, and how its view is cut from the cache. */
import type { CacheChange } from "#control-plane/cache/cache.ts";
import { matchesLabelSelector, selectorOf } from "#proto/resources/label-selector.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { resourceKeyOf } from "../engine/apply.ts";
import type { Controller } from "../engine/controller.ts";
import type { Deployment, Pod, ReplicaSet } from "../model/kinds.ts";
import { controllerOf, isTerminating } from "../model/ownership.ts";
import { keyOf, splitKey } from "../model/resource-name.ts";
import type { ControllerWorld } from "../world.ts";
import { plan } from "./plan.ts";

const resource = "deployments.apps";

export function deploymentController(world: ControllerWorld): Controller {
  const { cache, objectStore } = world;

  const ownersOf = (object: KubeObject | undefined): readonly string[] => {
    if (!object) return [];
    const owner = controllerOf(object);
    if (owner) return owner.kind === "Deployment" ? [`${object.metadata.namespace ?? ""}/${owner.name}`] : [];
    return cache
      .list(resource, object.metadata.namespace ?? "")
      .filter((one) => matchesLabelSelector((one as Deployment).spec.selector, object.metadata.labels))
      .map(keyOf);
  };

  /** Recreate waits for old pods to be gone; nothing else here looks at pods. */
  const afterPod = (change: CacheChange): readonly string[] => {
    if (change.type !== "deleted") return [];
    const owner = controllerOf(change.object);
    if (owner?.kind !== "ReplicaSet") return [];
    const replicaSet = cache.get("replicasets.apps", change.namespace, owner.name);
    return replicaSet ? ownersOf(replicaSet) : [];
  };

  const adoptable = async (deployment: Deployment, signal: AbortSignal): Promise<readonly ReplicaSet[]> => {
    const { selector } = deployment.spec;
    if (isTerminating(deployment) || selectorOf(selector).length === 0) return [];
    const orphans: readonly KubeObject[] = cache
      .byIndex("replicasets.apps", "orphan", deployment.metadata.namespace ?? "")
      .filter((one) => !isTerminating(one) && matchesLabelSelector(selector, one.metadata.labels));
    if (orphans.length === 0) return [];
    const live = await objectStore.get(resourceKeyOf(resource, deployment), signal);
    if (!live || live.metadata.uid !== deployment.metadata.uid || isTerminating(live)) return [];
    return orphans as readonly ReplicaSet[];
  };

  return {
    name: "deployment",
    source: "deployment-controller",
    wakes: {
      [resource]: (change) => [keyOf(change.object)],
      "replicasets.apps": (change) => [...ownersOf(change.object), ...ownersOf(change.previous)],
      pods: afterPod,
    },
    async decide(key, nowMs, signal) {
      const { namespace, name } = splitKey(key);
      const deployment = cache.get(resource, namespace, name) as Deployment | undefined;
      if (!deployment) return undefined;
      const orphans = await adoptable(deployment, signal);
      const uid = deployment.metadata.uid ?? "";
      return plan(
        {
          deployment,
          replicaSets: cache.byIndex("replicasets.apps", "controller", uid) as readonly ReplicaSet[],
          orphans,
          podsOf: (one) => cache.byIndex("pods", "controller", one.metadata.uid ?? "") as readonly Pod[],
          replicaSetNamed: (taken) => cache.get("replicasets.apps", namespace, taken) as ReplicaSet | undefined,
        },
        nowMs,
      );
    },
  };
}
