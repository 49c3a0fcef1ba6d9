/**
 * What the control plane wants of this node: one COMPLETE set, then numbered deltas. Says which pods are touched by a change.
 * Pods are trimmed to what the agent acts on, so that the echo of its own status report wakes nobody.
 */
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import { imagePins, pinnedName } from "#proto/resources/image-pins.ts";
import type { ImageRegistry } from "#proto/resources/image-registry.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { allContainers } from "#proto/resources/pod-containers.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import type { AssignmentSource } from "../reconciler/ports.ts";
import type { Assignment } from "../reconciler/view.ts";
import type { PodObjects } from "../volumes/volume-store.ts";
import { objectKey, referencesOf } from "./pod-references.ts";
import { trimPod } from "./trim-pod.ts";

export interface AssignmentChange {
  /** Pods that came, went, or have other contents. */
  readonly pods: ReadonlySet<string>;
  /** Pods whose ConfigMaps, Secrets or registries changed. */
  readonly objectsOf: ReadonlySet<string>;
  /** Objects other than pods, to be kept for a restart without control plane. */
  readonly objects: readonly StoredChange[];
  /** The first whole set this process sees: what is on the host and not in it is a leftover from now on. */
  readonly isFirst: boolean;
}

export interface StoredChange {
  readonly key: string;
  readonly object: KubeObject | undefined;
}

interface Known<Value> {
  readonly value: Value;
  readonly text: string;
}

const registryResource = "registries.orch";
const resourceOfKind: Readonly<Record<string, string>> = { Secret: "secrets", Registry: registryResource };

export class Assignments implements AssignmentSource {
  readonly #pods = new Map<string, Known<Pod>>();
  readonly #objects = new Map<string, Known<KubeObject>>();
  readonly #logger: Logger;
  #version: number | undefined;
  #objectsVersion = 0;
  #isComplete = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Version of the last applied message of this session; undefined before its COMPLETE. */
  get version(): number | undefined {
    return this.#version;
  }

  /** A new session counts from its own COMPLETE; what is known stays in force until then. */
  beginSession(): void {
    this.#version = undefined;
  }

  /** Objects a predecessor kept: used until the control plane says otherwise. */
  restore(objects: readonly KubeObject[]): void {
    this.#objectsVersion += 1;
    for (const object of objects) {
      const resource = resourceOfKind[object.kind] ?? "configmaps";
      const key = objectKey(resource, object.metadata.namespace ?? "", object.metadata.name);
      this.#objects.set(key, { value: object, text: JSON.stringify(object) });
    }
  }

  /** undefined = a gap: nothing was applied, the whole set is needed again. */
  apply(message: orch.v1.Assignments.$Properties): AssignmentChange | undefined {
    if (!message.complete && (this.#version === undefined || Number(message.appliesTo ?? 0) !== this.#version)) {
      return undefined;
    }
    const change = new Change();
    const before = message.complete ? new Set([...this.#pods.keys(), ...this.#objects.keys()]) : new Set<string>();
    // Removals first: an object that was made anew under its name is both.
    for (const reference of message.removals ?? []) this.#remove(keyOf(reference), change);
    for (const upsert of message.upserts ?? []) before.delete(this.#upsert(upsert, change));
    for (const key of before) this.#remove(key, change);
    this.#version = Number(message.resultsIn ?? 0);
    if (message.complete && !this.#isComplete) {
      this.#isComplete = true;
      change.isFirst = true;
    }
    return change.finish(this.#pods);
  }

  /** Whether a whole set was ever seen by this process. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  of(uid: string): Assignment {
    const known = this.#pods.get(uid);
    if (known) return { kind: "assigned", pod: known.value };
    return this.#isComplete ? { kind: "unassigned" } : { kind: "unknown" };
  }

  uids(): readonly string[] {
    return [...this.#pods.keys()];
  }

  pod(uid: string): Pod | undefined {
    return this.#pods.get(uid)?.value;
  }

  /** What the pods' containers run, by tag or by the digest that it is pinned to. */
  images(): readonly string[] {
    return [...this.#pods.values()].flatMap(({ value }) => {
      const pins = imagePins(value);
      return allContainers(value).flatMap(({ image = "" }) => [image, pinnedName(image, pins[image])]);
    });
  }

  /** Grows with every change of an object that is no pod. */
  get objectsVersion(): number {
    return this.#objectsVersion;
  }

  /** The cluster's Registries, with the Secrets of theirs that this node was given. */
  registries(): readonly ImageRegistry[] {
    const prefix = objectKey(registryResource, "", "");
    const found = [...this.#objects].filter(([key]) => key.startsWith(prefix));
    return found.map(([, { value }]) => value as unknown as ImageRegistry);
  }

  secretData(namespace: string, name: string): unknown {
    return this.#objects.get(objectKey("secrets", namespace, name))?.value.data;
  }

  objectsFor(namespace: string): PodObjects {
    const find = (resource: string, name: string): KubeObject | undefined => {
      return this.#objects.get(objectKey(resource, namespace, name))?.value;
    };
    return { configMap: (name) => find("configmaps", name), secret: (name) => find("secrets", name) };
  }

  #upsert(assigned: orch.v1.AssignedObject.$Properties, change: Change): string {
    const reference = assigned.reference ?? {};
    const key = keyOf(reference);
    try {
      const object: unknown = JSON.parse(Buffer.from(assigned.object ?? []).toString("utf8"));
      if (reference.resource === "pods") this.#upsertPod(key, object as Pod, change);
      else this.#upsertObject(key, object as KubeObject, change);
    } catch (thrown) {
      this.#logger.error({ object: key, error: Problem.from(thrown).message }, "an assigned object cannot be read");
    }
    return key;
  }

  #upsertPod(uid: string, object: Pod, change: Change): void {
    const value = trimPod(object);
    const text = JSON.stringify(value);
    if (this.#pods.get(uid)?.text === text) return;
    this.#pods.set(uid, { value, text });
    change.pods.add(uid);
  }

  #upsertObject(key: string, value: KubeObject, change: Change): void {
    const text = JSON.stringify(value);
    if (this.#objects.get(key)?.text === text) return;
    this.#objects.set(key, { value, text });
    this.#objectsVersion += 1;
    change.objects.set(key, value);
  }

  #remove(key: string, change: Change): void {
    if (this.#pods.delete(key)) change.pods.add(key);
    if (!this.#objects.delete(key)) return;
    this.#objectsVersion += 1;
    change.objects.set(key, undefined);
  }
}

/** What one message changed, while it is applied. */
class Change {
  readonly pods = new Set<string>();
  readonly objects = new Map<string, KubeObject | undefined>();
  isFirst = false;

  finish(pods: ReadonlyMap<string, Known<Pod>>): AssignmentChange {
    const objectsOf = new Set<string>();
    const isNews = ([key, object]: [string, KubeObject | undefined]): boolean =>
      object !== undefined || key.startsWith(`${registryResource}/`);
    const unclaimed = new Set([...this.objects].filter(isNews).map(([key]) => key));
    for (const [uid, { value }] of this.objects.size > 0 ? pods : []) {
      const named = referencesOf(value).filter((reference) => this.objects.has(reference));
      if (named.length > 0) objectsOf.add(uid);
      for (const reference of named) unclaimed.delete(reference);
    }
    // What no pod names is a Registry or a Secret of one: any pod may be waiting for its image.
    if (unclaimed.size > 0) for (const uid of pods.keys()) objectsOf.add(uid);
    const objects = [...this.objects].map(([key, object]) => ({ key, object }));
    return { pods: this.pods, objectsOf, objects, isFirst: this.isFirst };
  }
}

/** Pods are known by uid, everything else by its name. */
function keyOf(reference: orch.v1.ObjectReference.$Properties): string {
  if (reference.resource === "pods") return reference.uid ?? "";
  return objectKey(reference.resource ?? "", reference.namespace ?? "", reference.name ?? "");
}
