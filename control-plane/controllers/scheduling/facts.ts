/** Reads scheduling facts out of objects. Shapes are shared between replicas, so that 150,000 pods fit. */
import type { NodeFacts } from "#control-plane/scheduler/node-state.ts";
import { type PodFacts, type PodShape, podShape } from "#control-plane/scheduler/pod-facts.ts";
import { resourcesFrom } from "#control-plane/scheduler/resources.ts";
import { isConditionTrue } from "#proto/resources/conditions.ts";
import type { Node, Pod } from "../model/kinds.ts";
import { isTerminating } from "../model/ownership.ts";
import { instantMs, isLost } from "../model/pod-state.ts";

/** More templates than this alive at once are merely not shared. */
const maxShapes = 20_000;

export class FactReader {
  readonly #shapes = new Map<string, PodShape>();

  pod(pod: Pod): PodFacts {
    return {
      uid: pod.metadata.uid ?? "",
      name: pod.metadata.name,
      shape: this.#shared(podShape(pod)),
      createdAtMs: instantMs(pod.metadata.creationTimestamp) ?? 0,
      isTerminating: isTerminating(pod),
      isLost: isLost(pod),
    };
  }

  #shared(shape: PodShape): PodShape {
    const known = this.#shapes.get(shape.key);
    if (known) return known;
    if (this.#shapes.size >= maxShapes) this.#shapes.clear();
    this.#shapes.set(shape.key, shape);
    return shape;
  }
}

export function nodeFacts(node: Node): NodeFacts {
  return {
    name: node.metadata.name,
    labels: node.metadata.labels ?? {},
    taints: node.spec?.taints ?? [],
    isUnschedulable: node.spec?.unschedulable === true,
    isReady: isConditionTrue(node.status?.conditions, "Ready") && !isTerminating(node),
    allocatable: resourcesFrom(node.status?.allocatable ?? node.status?.capacity),
    features: node.status?.declaredFeatures ?? [],
  };
}
