/** A cluster as small as a map: steps of plans are applied at once, so that the laws of plans can be tried without a store. */
import type { KubeObject } from "#proto/resources/object.ts";
import { deletionOf } from "./model/deletion.ts";
import { controllerOf } from "./model/ownership.ts";
import type { Step } from "./model/step.ts";

export class ModelCluster {
  readonly #objects = new Map<string, KubeObject>();
  #sequence = 0;
  nowMs = Date.UTC(2026, 0, 1);

  put(resource: string, object: KubeObject): void {
    const version = String(++this.#sequence * 128);
    const { name, namespace = "", uid } = object.metadata;
    const metadata = { ...object.metadata, uid: uid ?? `uid-${this.#sequence}`, resourceVersion: version };
    this.#objects.set(`${resource}/${namespace}/${name}`, deepFrozen(structuredClone({ ...object, metadata })));
  }

  get<T extends KubeObject>(resource: string, name: string, namespace = "default"): T | undefined {
    return this.#objects.get(`${resource}/${namespace}/${name}`) as unknown as T | undefined;
  }

  list<T extends KubeObject>(resource: string): readonly T[] {
    const found = [...this.#objects].filter(([key]) => key.startsWith(`${resource}/`));
    return found.map(([, object]) => object) as unknown as readonly T[];
  }

  controlledBy<T extends KubeObject>(resource: string, owner: KubeObject): readonly T[] {
    return this.list<T>(resource).filter((object) => controllerOf(object)?.uid === owner.metadata.uid);
  }

  remove(resource: string, object: KubeObject): void {
    this.#objects.delete(`${resource}/${object.metadata.namespace ?? ""}/${object.metadata.name}`);
  }

  apply(steps: readonly Step[]): void {
    for (const step of steps) {
      if (step.kind === "event") continue;
      const { name, namespace = "" } = step.object.metadata;
      const current = this.#objects.get(`${step.resource}/${namespace}/${name}`);
      if (step.kind === "create") {
        if (current) throw new Error(`${step.resource} ${name} exists`);
        this.put(step.resource, { ...step.object, metadata: { generation: 1, ...step.object.metadata } });
        continue;
      }
      if (!current) throw new Error(`${step.resource} ${name} is missing`);
      if (current.metadata.resourceVersion !== step.object.metadata.resourceVersion) {
        throw new Error(
          `${step.kind} of ${step.resource} ${name} was decided on another revision, or is the second in a plan`,
        );
      }
      if (step.kind === "update") this.put(step.resource, step.object);
      else this.#delete(step.resource, step.object, step.now === true);
    }
  }

  #delete(resource: string, object: KubeObject, now: boolean): void {
    const deletion = deletionOf(resource, object, this.nowMs);
    if (now || deletion.kind === "remove") this.remove(resource, object);
    else if (deletion.kind === "mark") this.put(resource, deletion.object);
  }
}

function deepFrozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) deepFrozen(part);
  return Object.freeze(value);
}
