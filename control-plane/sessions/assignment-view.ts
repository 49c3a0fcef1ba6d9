/**
 * What one node needs to know, and what changed since it was last told: its pods, with just the Secrets and ConfigMaps
 * they name, and the Registries. Pure: it reads the world through `AssignmentSource` and sends nothing. Status is the agent's own word and no
 * change of it is told back.
 */
import { hash } from "node:crypto";
import { type ImagePins, withImagePins } from "#proto/resources/image-pins.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { nodeOf, podReferences, registrySecrets } from "./pod-references.ts";

export interface AssignmentSource {
  podsOf(node: string): readonly KubeObject[];
  /** Secrets come decrypted. */
  get(resource: string, namespace: string, name: string): KubeObject | undefined;
  /** What the pod's images are pinned to so far. A node that was told without asks by itself. */
  pinsOf?(pod: KubeObject): ImagePins;
  /** Every node is told all of them; the Secrets that they name go where a pod's image is theirs. */
  registries?(): readonly KubeObject[];
}

export interface Reference {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export interface AssignedObject {
  readonly reference: Reference;
  readonly resourceVersion: string;
  /** Canonical JSON. */
  readonly object: Buffer;
}

export interface AssignmentChanges {
  readonly upserts: readonly AssignedObject[];
  readonly removals: readonly Reference[];
}

export interface ChangeLimits {
  readonly maxChanges: number;
  readonly maxBytes: number;
}

interface Told {
  readonly reference: Reference;
  /** Of what the node was told; "" = the object does not exist and the node knows nothing of it. */
  readonly digest: string;
}

export class AssignmentView {
  readonly #node: string;
  readonly #source: AssignmentSource;
  readonly #told = new Map<string, Told>();
  /** Keys of references → pods that name them. */
  readonly #users = new Map<string, Set<string>>();
  /** Keys of pods → keys of what they name. */
  readonly #uses = new Map<string, readonly string[]>();
  readonly #dirty = new Set<string>();

  constructor(node: string, source: AssignmentSource) {
    this.#node = node;
    this.#source = source;
  }

  get hasChanges(): boolean {
    return this.#dirty.size > 0;
  }

  /** Something about this pod may have changed. */
  touchPod(namespace: string, name: string): void {
    this.#dirty.add(keyOf("pods", namespace, name));
  }

  /** A Registry is there, has changed, or is gone: its Secrets may be needed elsewhere now. */
  touchRegistry(name: string): void {
    const key = keyOf(registryResource, "", name);
    // Needed by the node itself, which no pod takes away.
    if (this.#source.get(registryResource, "", name)) this.#users.set(key, new Set([registryUser]));
    else this.#users.delete(key);
    this.#dirty.add(key);
    for (const pod of this.#source.podsOf(this.#node)) this.#link(keyOfObject("pods", pod), pod);
  }

  /** Returns whether this node needs the object at all. */
  touchReferred(resource: string, namespace: string, name: string): boolean {
    const key = keyOf(resource, namespace, name);
    if (!this.#users.has(key)) return false;
    this.#dirty.add(key);
    return true;
  }

  /**
   * All of it, as if the node knew nothing. Always every pod; what they name follows as changes when `maxBytes` is reached,
   * because a COMPLETE set without a pod would stop it.
   */
  complete(limits: Pick<ChangeLimits, "maxBytes">): readonly AssignedObject[] {
    this.#told.clear();
    this.#users.clear();
    this.#uses.clear();
    this.#dirty.clear();
    for (const pod of this.#source.podsOf(this.#node)) this.#dirty.add(keyOfObject("pods", pod));
    for (const { metadata } of this.#source.registries?.() ?? []) this.touchRegistry(metadata.name);
    const everyPod = { maxChanges: Number.POSITIVE_INFINITY, maxBytes: Number.POSITIVE_INFINITY };
    const pods = [...this.#takePods(everyPod, { upserts: [], removals: [] }).upserts];
    const bytes = pods.reduce((sum, pod) => sum + pod.object.length, 0);
    const rest = { maxChanges: Number.POSITIVE_INFINITY, maxBytes: limits.maxBytes - bytes };
    return [...this.#takeReferred(rest, { upserts: [], removals: [] }).upserts, ...pods];
  }

  /** The next changes, what pods name before the pods. Call again while `hasChanges`. */
  take(limits: ChangeLimits): AssignmentChanges {
    this.#linkDirtyPods();
    const changes: MutableChanges = { upserts: [], removals: [] };
    this.#takeReferred(limits, changes);
    this.#takePods(limits, changes);
    return changes;
  }

  /** Brings the references of changed pods up to date, so that what they name is told before they are. */
  #linkDirtyPods(): void {
    for (const key of [...this.#dirty]) {
      if (!key.startsWith("pods/")) continue;
      const pod = this.#podAt(key);
      this.#link(key, pod);
    }
  }

  #link(podKey: string, pod: KubeObject | undefined): void {
    const namespace = pod?.metadata.namespace ?? "";
    const wanted = pod ? podReferences(pod).map((of) => keyOf(of.resource, namespace, of.name)) : [];
    if (pod) wanted.push(...this.#registrySecrets(pod));
    for (const key of this.#uses.get(podKey) ?? []) {
      if (wanted.includes(key)) continue;
      const users = this.#users.get(key);
      users?.delete(podKey);
      if (users?.size === 0) {
        this.#users.delete(key);
        this.#dirty.add(key);
      }
    }
    for (const key of wanted) {
      const users = this.#users.get(key) ?? new Set();
      if (users.size === 0) this.#dirty.add(key);
      this.#users.set(key, users.add(podKey));
    }
    if (wanted.length > 0) this.#uses.set(podKey, wanted);
    else this.#uses.delete(podKey);
  }

  #registrySecrets(pod: KubeObject): readonly string[] {
    const registries = this.#source.registries?.() ?? [];
    const secrets = registries.length === 0 ? [] : registrySecrets(pod, registries);
    return secrets.map(({ namespace, name }) => keyOf("secrets", namespace, name));
  }

  #takePods(limits: ChangeLimits, changes: MutableChanges): MutableChanges {
    for (const key of [...this.#dirty]) {
      if (!key.startsWith("pods/")) continue;
      if (isFull(changes, limits)) break;
      this.#dirty.delete(key);
      const pod = this.#podAt(key);
      this.#link(key, pod);
      this.#tell(key, "pods", pod, changes);
    }
    return changes;
  }

  #takeReferred(limits: ChangeLimits, changes: MutableChanges): MutableChanges {
    for (const key of [...this.#dirty]) {
      if (key.startsWith("pods/")) continue;
      if (isFull(changes, limits)) break;
      this.#dirty.delete(key);
      const [resource = "", namespace = "", name = ""] = key.split("/");
      const needed = this.#users.has(key);
      this.#tell(key, resource, needed ? this.#source.get(resource, namespace, name) : undefined, changes);
    }
    return changes;
  }

  #tell(key: string, resource: string, object: KubeObject | undefined, changes: MutableChanges): void {
    const told = this.#told.get(key);
    if (!object) {
      this.#told.delete(key);
      if (told) changes.removals.push(told.reference);
      return;
    }
    // Pins that come later are no change to tell: a pod that runs has asked for its own.
    const digest = digestOf(object);
    const reference = referenceTo(resource, object);
    if (told?.digest === digest) return;
    // The same name with another uid is another object: the old one goes first.
    if (told && told.reference.uid !== reference.uid) changes.removals.push(told.reference);
    this.#told.set(key, { reference, digest });
    changes.upserts.push({
      reference,
      resourceVersion: object.metadata.resourceVersion ?? "",
      object: Buffer.from(JSON.stringify(withoutManagedFields(this.#withPins(resource, object)))),
    });
  }

  #withPins(resource: string, object: KubeObject): KubeObject {
    return resource === "pods" ? withImagePins(object, this.#source.pinsOf?.(object) ?? {}) : object;
  }

  #podAt(key: string): KubeObject | undefined {
    const [, namespace = "", name = ""] = key.split("/");
    const pod = this.#source.get("pods", namespace, name);
    return pod && nodeOf(pod) === this.#node ? pod : undefined;
  }
}

const registryResource = "registries.orch";
const registryUser = "node";

interface MutableChanges {
  readonly upserts: AssignedObject[];
  readonly removals: Reference[];
}

function isFull(changes: MutableChanges, limits: ChangeLimits): boolean {
  if (changes.upserts.length + changes.removals.length >= limits.maxChanges) return true;
  return changes.upserts.reduce((sum, { object }) => sum + object.length, 0) >= limits.maxBytes;
}

function keyOf(resource: string, namespace: string, name: string): string {
  return `${resource}/${namespace}/${name}`;
}

function keyOfObject(resource: string, object: KubeObject): string {
  return keyOf(resource, object.metadata.namespace ?? "", object.metadata.name);
}

function referenceTo(resource: string, object: KubeObject): Reference {
  const { namespace, name, uid } = object.metadata;
  return { resource, namespace: namespace ?? "", name, uid: uid ?? "" };
}

function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** Of everything but what the agent itself reports and what changes with every write. */
function digestOf(object: KubeObject): string {
  const { status: _status, metadata, ...rest } = object;
  const { managedFields: _fields, resourceVersion: _version, ...identity } = metadata;
  return hash("sha1", JSON.stringify([identity, rest]), "base64");
}
