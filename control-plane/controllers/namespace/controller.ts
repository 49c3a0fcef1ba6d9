/** Woken by namespaces, and by objects that leave one that is terminating. */
import type { CacheChange } from "#control-plane/cache/cache.ts";
import type { Controller } from "../engine/controller.ts";
import type { Namespace } from "../model/kinds.ts";
import { isTerminating } from "../model/ownership.ts";
import { splitKey } from "../model/resource-name.ts";
import type { ControllerWorld } from "../world.ts";
import { plan } from "./plan.ts";

export function namespaceController(world: ControllerWorld): Controller {
  const { cache } = world;
  /** Namespaced resources seen so far: the cache holds no list of kinds. */
  const resources = new Set<string>();

  const afterContent = (change: CacheChange): readonly string[] => {
    if (change.namespace === "") return [];
    resources.add(change.resource);
    const namespace = cache.get("namespaces", "", change.namespace);
    return namespace && isTerminating(namespace) ? [`/${change.namespace}`] : [];
  };

  return {
    name: "namespace",
    source: "namespace-controller",
    wakes: {
      namespaces: (change) => (isTerminating(change.object) ? [`/${change.name}`] : []),
      "*": afterContent,
    },
    decide(key, nowMs) {
      const { name } = splitKey(key);
      const namespace = cache.get("namespaces", "", name) as Namespace | undefined;
      if (!namespace || !isTerminating(namespace)) return undefined;
      const contents = [...resources]
        .sort()
        .flatMap((resource) => cache.list(resource, name).map((object) => ({ resource, object })));
      return plan({ namespace, contents }, nowMs);
    },
  };
}
