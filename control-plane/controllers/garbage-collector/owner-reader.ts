/**
 * Whether an owner still stands. The cache may be behind, so that an owner counts as gone only when a linearizable read says
 * so; owners of kinds this control plane does not know always stand.
 */
import { findEntry } from "#proto/resources/catalog.ts";
import type { KubeObject, OwnerReference } from "#proto/resources/object.ts";
import { isTerminating } from "../model/ownership.ts";
import type { ControllerWorld } from "../world.ts";
import { foregroundFinalizer, type OwnerState } from "./plan.ts";

export class OwnerReader {
  readonly #world: ControllerWorld;

  constructor(world: ControllerWorld) {
    this.#world = world;
  }

  /** By the cache alone: `gone` may be wrong. */
  inCache(owner: OwnerReference): OwnerState {
    return stateOf(this.#world.cache.byUid(owner.uid), owner);
  }

  /** States of all owners of `objects`, by owner uid. */
  async states(objects: readonly KubeObject[], signal: AbortSignal): Promise<ReadonlyMap<string, OwnerState>> {
    const states = new Map<string, OwnerState>();
    for (const object of objects) {
      for (const owner of object.metadata.ownerReferences ?? []) {
        if (states.has(owner.uid)) continue;
        const cached = this.inCache(owner);
        const state = cached === "gone" ? await this.#live(owner, object.metadata.namespace ?? "", signal) : cached;
        states.set(owner.uid, state);
      }
    }
    return states;
  }

  async #live(owner: OwnerReference, namespace: string, signal: AbortSignal): Promise<OwnerState> {
    const entry = findEntry(owner);
    if (!entry) return "solid";
    const key = {
      group: entry.group,
      plural: entry.plural,
      namespace: entry.namespaced ? namespace : "",
      name: owner.name,
    };
    return stateOf(await this.#world.objectStore.get(key, signal), owner);
  }
}

function stateOf(object: KubeObject | undefined, owner: OwnerReference): OwnerState {
  if (!object || object.metadata.uid !== owner.uid) return "gone";
  const waits = isTerminating(object) && object.metadata.finalizers?.includes(foregroundFinalizer) === true;
  return waits ? "waiting-for-dependents" : "solid";
}
