/** What wakes a ReplicaSet, and how its view is cut from the cache. */

import type { CacheChange } from "#control-plane/cache/cache.ts";
import { isSame } from "#proto/kit/is-same.ts";
import { nameSuffix } from "#proto/kit/random.ts";
import { matchesLabelSelector, selectorOf } from "#proto/resources/label-selector.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { namedLevel, sentenceOf, violationsOf } from "#proto/resources/pod-security/check.ts";
import { policyOf } from "#proto/resources/pod-security/level.ts";
import { resourceKeyOf } from "../engine/apply.ts";
import type { Controller } from "../engine/controller.ts";
import type { Pod, ReplicaSet } from "../model/kinds.ts";
import { controllerOf, isTerminating } from "../model/ownership.ts";
import type { ReadySince } from "../model/pod-state.ts";
import { ReadySightings } from "../model/ready-sightings.ts";
import { keyOf, splitKey } from "../model/resource-name.ts";
import type { ControllerWorld } from "../world.ts";
import { plan } from "./plan.ts";

const resource = "replicasets.apps";

export function replicaSetController(world: ControllerWorld): Controller {
  const { cache, random, objectStore, clock } = world;
  const sightings = new ReadySightings(clock);
  const readySince: ReadySince = (pod) => sightings.sinceMs(pod);

  const ownersOf = (object: KubeObject | undefined): readonly string[] => {
    if (!object) return [];
    const owner = controllerOf(object);
    if (owner) return owner.kind === "ReplicaSet" ? [`${object.metadata.namespace ?? ""}/${owner.name}`] : [];
    return cache
      .list(resource, object.metadata.namespace ?? "")
      .filter((one) => matchesLabelSelector((one as ReplicaSet).spec.selector, object.metadata.labels))
      .map(keyOf);
  };
  const podKeys = (change: CacheChange): readonly string[] => {
    if (change.type === "deleted") sightings.forget(change.object.metadata.uid ?? "");
    if (change.type !== "modified") return ownersOf(change.object);
    return [...ownersOf(change.object), ...ownersOf(change.previous)];
  };

  /** Another Pod Security level may let in what was refused. */
  const openedKeys = (change: CacheChange): readonly string[] => {
    if (change.type !== "modified") return [];
    const [before, now] = [change.previous?.metadata.labels, change.object.metadata.labels];
    if (isSame(policyOf(before), policyOf(now))) return [];
    return cache.list(resource, change.object.metadata.name).map(keyOf);
  };

  /** The cache may be behind: adopting for a ReplicaSet that is gone would hand its pods to the garbage collector. */
  const adoptable = async (replicaSet: ReplicaSet, signal: AbortSignal): Promise<readonly Pod[]> => {
    const { selector } = replicaSet.spec;
    if (isTerminating(replicaSet) || selectorOf(selector).length === 0) return [];
    const orphans: readonly KubeObject[] = cache
      .byIndex("pods", "orphan", replicaSet.metadata.namespace ?? "")
      .filter((pod) => !isTerminating(pod) && matchesLabelSelector(selector, pod.metadata.labels));
    if (orphans.length === 0) return [];
    const live = await objectStore.get(resourceKeyOf(resource, replicaSet), signal);
    if (!live || live.metadata.uid !== replicaSet.metadata.uid || isTerminating(live)) return [];
    return orphans as readonly Pod[];
  };

  return {
    name: "replica-set",
    source: "replicaset-controller",
    wakes: { [resource]: (change) => [keyOf(change.object)], pods: podKeys, namespaces: openedKeys },
    async decide(key, nowMs, signal) {
      const { namespace, name } = splitKey(key);
      const replicaSet = cache.get(resource, namespace, name) as ReplicaSet | undefined;
      if (!replicaSet) return undefined;
      const pods = cache.byIndex("pods", "controller", replicaSet.metadata.uid ?? "") as readonly Pod[];
      const orphans = await adoptable(replicaSet, signal);
      const refusal = (): string | undefined =>
        podRefusal(replicaSet, cache.get("namespaces", "", namespace)?.metadata.labels);
      return plan({ replicaSet, pods, orphans, refusal, readySince, suffix: () => nameSuffix(random) }, nowMs);
    },
  };
}

/** Pods made here do not pass the API's door: the level of their namespace is looked at before. */
function podRefusal({ metadata, spec }: ReplicaSet, labels: Record<string, string> | undefined): string | undefined {
  const { enforce } = policyOf(labels);
  const violations = violationsOf(spec.template, enforce, ["spec", "template"]);
  if (violations.length === 0) return undefined;
  return `${namedLevel(enforce, metadata.namespace ?? "")} forbids it: ${sentenceOf(violations)}`;
}
