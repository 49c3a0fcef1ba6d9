/** Woken by objects whose owners are missing or going, and by owners that wait for their dependents. */
import type { CacheChange } from "#control-plane/cache/cache.ts";
import { findEntry } from "#proto/resources/catalog.ts";
import type { KubeObject, OwnerReference } from "#proto/resources/object.ts";
import type { Controller } from "../engine/controller.ts";
import { isTerminating } from "../model/ownership.ts";
import type { ControllerWorld } from "../world.ts";
import { OwnerReader } from "./owner-reader.ts";
import { type ObjectName, OwnershipGraph } from "./ownership-graph.ts";
import { foregroundFinalizer, type OwnerState, orphanFinalizer, plan } from "./plan.ts";

/** RESOURCE NAMESPACE NAME UID: an object made again under the name is another key. */
const keyFor = ({ resource, namespace, name, uid }: ObjectName): string => `${resource} ${namespace} ${name} ${uid}`;

export function garbageCollectorController(world: ControllerWorld): Controller {
  const { cache } = world;
  const graph = new OwnershipGraph();
  const owners = new OwnerReader(world);

  const waits = (object: KubeObject): boolean =>
    isTerminating(object) &&
    (object.metadata.finalizers ?? []).some((one) => one === foregroundFinalizer || one === orphanFinalizer);

  /** Owners that could be waiting for this object. */
  const waitingOwners = (uids: readonly string[]): readonly string[] =>
    uids.flatMap((uid) => {
      const owner = cache.byUid(uid);
      const resource = owner && findEntry(owner)?.resource;
      return owner && resource !== undefined && waits(owner) ? [keyFor(nameOf(resource, owner))] : [];
    });

  const wake = (change: CacheChange): readonly string[] => {
    const { object, resource } = change;
    const uid = object.metadata.uid ?? "";
    const ownerUids = graph.ownersOf(uid);
    if (change.type === "deleted") {
      graph.remove(uid);
      return [...waitingOwners(ownerUids), ...graph.dependentsOf(uid).map(keyFor)];
    }
    graph.set(resource, object);
    if (change.type === "modified" && isTerminating(object) && change.previous && !isTerminating(change.previous)) {
      return [keyFor(nameOf(resource, object)), ...graph.dependentsOf(uid).map(keyFor)];
    }
    const doubtful = (object.metadata.ownerReferences ?? []).some((owner) => owners.inCache(owner) !== "solid");
    return waits(object) || doubtful ? [keyFor(nameOf(resource, object)), ...waitingOwners(ownerUids)] : [];
  };

  return {
    name: "garbage-collector",
    source: "garbage-collector",
    wakes: { "*": wake },
    async decide(key, _nowMs, signal) {
      const [resource = "", namespace = "", name = "", uid = ""] = key.split(" ");
      const object = cache.get(resource, namespace, name);
      if (!object || object.metadata.uid !== uid) return undefined;
      const dependents = graph.dependentsOf(uid).flatMap((one) => {
        const dependent = cache.get(one.resource, one.namespace, one.name);
        return dependent?.metadata.uid === one.uid ? [{ resource: one.resource, object: dependent }] : [];
      });
      const states = await owners.states([object, ...dependents.map((one) => one.object)], signal);
      const stateOf = (owner: OwnerReference): OwnerState => states.get(owner.uid) ?? "solid";
      return plan({ resource, object, stateOf, dependents });
    },
  };
}

function nameOf(resource: string, object: KubeObject): ObjectName {
  const { namespace = "", name, uid = "" } = object.metadata;
  return { resource, namespace, name, uid };
}
