/** Who names whom as owner, over all resources: kept from cache changes, as small as names. */
import type { KubeObject } from "#proto/resources/object.ts";

export interface ObjectName {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export class OwnershipGraph {
  /** By owner uid, the objects that name it. */
  readonly #dependents = new Map<string, Map<string, ObjectName>>();
  /** By object uid, the owners it names. */
  readonly #owners = new Map<string, readonly string[]>();

  set(resource: string, object: KubeObject): void {
    const uid = object.metadata.uid ?? "";
    const owners = (object.metadata.ownerReferences ?? []).map((owner) => owner.uid);
    const before = this.#owners.get(uid) ?? [];
    if (before.length === owners.length && before.every((owner, index) => owner === owners[index])) return;
    this.remove(uid);
    if (owners.length === 0) return;
    this.#owners.set(uid, owners);
    const name = { resource, namespace: object.metadata.namespace ?? "", name: object.metadata.name, uid };
    for (const owner of owners) {
      const dependents = this.#dependents.get(owner) ?? new Map<string, ObjectName>();
      dependents.set(uid, name);
      this.#dependents.set(owner, dependents);
    }
  }

  remove(uid: string): void {
    for (const owner of this.#owners.get(uid) ?? []) {
      const dependents = this.#dependents.get(owner);
      dependents?.delete(uid);
      if (dependents?.size === 0) this.#dependents.delete(owner);
    }
    this.#owners.delete(uid);
  }

  dependentsOf(uid: string): readonly ObjectName[] {
    return [...(this.#dependents.get(uid)?.values() ?? [])];
  }

  ownersOf(uid: string): readonly string[] {
    return this.#owners.get(uid) ?? [];
  }
}
