/**
 * What one `apply --prune --applyset NAME` calls its own, after Kubernetes' ApplySet specification (KEP-3659): a parent object that
 * lists kinds and namespaces, and a label on every member. Pruning never looks beyond those, nor at anything without the label.
 */
import { createHash } from "node:crypto";
import { Problem } from "#proto/kit/problem.ts";
import { type CatalogEntry, catalog } from "#proto/resources/catalog.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Connection } from "../client/connect.ts";
import { parseOne } from "../commands/targets.ts";
import { inOrder } from "../manifests/order.ts";
import { counted } from "../printers/counted.ts";
import { nameOf } from "../printers/objects.ts";
import { usageProblem } from "../program-options.ts";
import type { Document } from "./documents.ts";

const prefix = "applyset.kubernetes.io";
export const partOf = `${prefix}/part-of`;
const idLabel = `${prefix}/id`;
const tooling = `${prefix}/tooling`;
const groupKinds = `${prefix}/contains-group-kinds`;
const namespaces = `${prefix}/additional-namespaces`;
/** Parents are made under a manager of their own: nobody who applies files takes them apart. */
const manager = "orchctl-applyset";
const ourTool = "orchctl/v1";

export interface Member {
  readonly definition: CatalogEntry;
  readonly namespace: string;
  readonly object: KubeObject;
}

interface Scope {
  /** As `Deployment.apps`. */
  readonly kinds: readonly string[];
  readonly namespaces: readonly string[];
}

const kindOf = ({ kind, group }: CatalogEntry): string => (group === "" ? kind : `${kind}.${group}`);
const wordsOf = (text: string | undefined): readonly string[] => (text ?? "").split(",").filter((word) => word !== "");
const union = (...lists: readonly (readonly string[])[]): readonly string[] => [...new Set(lists.flat())].sort();

export class ApplySet {
  readonly id: string;
  readonly #parent: { readonly definition: CatalogEntry; readonly name: string };
  readonly #connection: Connection;
  readonly #before: Scope;

  private constructor(connection: Connection, parent: { definition: CatalogEntry; name: string }, before: Scope) {
    this.#connection = connection;
    this.#parent = parent;
    this.#before = before;
    this.id = idOf(parent, connection.namespace);
  }

  /** `web`, or `secret/web`; the parent is a ConfigMap unless said otherwise. Throws when the name is taken by something else. */
  static async open(text: string, connection: Connection): Promise<ApplySet> {
    const parent = parseOne([text], "configmaps");
    if (!["ConfigMap", "Secret"].includes(parent.definition.kind))
      throw usageProblem(
        `a ${parent.definition.kind} cannot stand for an apply set`,
        "name a ConfigMap or Secret, as in: --applyset web",
      );
    const { definition, name } = parent;
    const live = await unlessMissing(connection.api.get(definition.resource, connection.namespace, name));
    if (live) assertOurs(live, definition, idOf(parent, connection.namespace));
    const annotations = live?.metadata.annotations ?? {};
    const before = { kinds: wordsOf(annotations[groupKinds]), namespaces: wordsOf(annotations[namespaces]) };
    return new ApplySet(
      connection,
      parent,
      live ? { ...before, namespaces: union(before.namespaces, [connection.namespace]) } : before,
    );
  }

  /** The document as a member. */
  labelled<T extends Document>(document: T): T {
    const { object } = document;
    const labels = { ...object.metadata.labels, [partOf]: this.id };
    return { ...document, object: { ...object, metadata: { ...object.metadata, labels } } };
  }

  /** Throws for documents whose live object belongs to another set: one object has one owner. */
  async assertFree(documents: readonly Document[]): Promise<void> {
    const { api } = this.#connection;
    const causes: { readonly message: string }[] = [];
    for (const { definition, namespace, object } of documents) {
      const live = await unlessMissing(api.get(definition.resource, namespace, object.metadata.name));
      const owner = live?.metadata.labels?.[partOf];
      if (owner !== undefined && owner !== this.id)
        causes.push({ message: `${nameOf(definition, object)} is part of ${await this.#nameOfSet(owner, namespace)}` });
    }
    if (causes.length === 0) return;
    throw new Problem(
      "conflict",
      `nothing was applied: ${counted(causes.length, "object")} of another apply set would change hands`,
      {
        causes,
        hint: "apply them with their own set, or take them over with --force-conflicts",
      },
    );
  }

  /** As people gave it: a parent lies with its members, or where the context is; else the id has to do. */
  async #nameOfSet(id: string, memberNamespace: string): Promise<string> {
    const { api, namespace } = this.#connection;
    for (const where of new Set([memberNamespace, namespace])) {
      if (where === "") continue;
      const { items } = await api.list("configmaps", { namespace: where, labelSelector: `${idLabel}=${id}` });
      const [parent] = items;
      if (parent) return `the set ${parent.metadata.name}`;
    }
    return `the set with the id ${id}`;
  }

  /** Members that the documents no longer name, in the order in which they can go. */
  async surplus(documents: readonly Document[]): Promise<readonly Member[]> {
    const kept = new Set(
      documents.map((one) => `${one.definition.resource} ${one.namespace} ${one.object.metadata.name}`),
    );
    const found: Member[] = [];
    for (const kind of this.#before.kinds) {
      const definition = catalog.find((entry) => kindOf(entry) === kind);
      if (!definition) continue;
      for (const namespace of definition.namespaced ? this.#before.namespaces : [""]) {
        const { items } = await this.#connection.api.list(definition.resource, {
          namespace,
          labelSelector: `${partOf}=${this.id}`,
        });
        for (const object of items)
          if (!kept.has(`${definition.resource} ${namespace} ${object.metadata.name}`))
            found.push({ definition, namespace, object });
      }
    }
    return inOrder(found).toReversed();
  }

  /** Before the first change: whatever happens, no member is ever outside of what the parent lists. */
  async widen(documents: readonly Document[]): Promise<void> {
    const scope = scopeOf(documents);
    await this.#write({
      kinds: union(this.#before.kinds, scope.kinds),
      namespaces: union(this.#before.namespaces, scope.namespaces),
    });
  }

  /** After the last one. */
  async narrow(documents: readonly Document[]): Promise<void> {
    await this.#write(scopeOf(documents));
  }

  async #write({ kinds, namespaces: all }: Scope): Promise<void> {
    const { api, namespace } = this.#connection;
    const { definition, name } = this.#parent;
    const others = all.filter((one) => one !== namespace);
    const annotations = { [tooling]: ourTool, [groupKinds]: kinds.join(","), [namespaces]: others.join(",") };
    const { apiVersion, kind, resource } = definition;
    const body = { apiVersion, kind, metadata: { name, namespace, labels: { [idLabel]: this.id }, annotations } };
    await api.patch({ resource, namespace, name }, { type: "apply", body, force: true }, { fieldManager: manager });
  }
}

function scopeOf(documents: readonly Document[]): Scope {
  return {
    kinds: union(documents.map(({ definition }) => kindOf(definition))),
    namespaces: union(documents.map(({ namespace }) => namespace).filter((namespace) => namespace !== "")),
  };
}

/** Of the specification: bound to the parent's identity, so that a copied label makes no member elsewhere. */
function idOf(
  { definition, name }: { readonly definition: CatalogEntry; readonly name: string },
  namespace: string,
): string {
  const identity = `${name}.${namespace}.${definition.kind}.${definition.group}`;
  return `applyset-${createHash("sha256").update(identity).digest("base64url")}-v1`;
}

function assertOurs(live: KubeObject, definition: CatalogEntry, id: string): void {
  const tool = live.metadata.annotations?.[tooling];
  const refuse = (why: string): never => {
    throw new Problem("conflict", `${nameOf(definition, live)} is not an apply set of orchctl: ${why}`, {
      hint: "choose another name for the set",
    });
  };
  if (live.metadata.labels?.[idLabel] !== id) refuse(`it lacks the label ${idLabel}=${id}`);
  if (tool !== ourTool) refuse(`its tool is ${tool ?? "not said"}`);
}

async function unlessMissing(asked: Promise<KubeObject>): Promise<KubeObject | undefined> {
  try {
    return await asked;
  } catch (thrown) {
    if (Problem.is(thrown, "not-found")) return undefined;
    throw thrown;
  }
}
