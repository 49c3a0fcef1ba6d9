/** Who holds an object that is being deleted: since when, and what to do about it. Asks the cluster only for what it needs. */
import { Problem } from "#proto/kit/problem.ts";
import { type CatalogEntry, catalog, findEntry } from "#proto/resources/catalog.ts";
import { formatAge } from "#proto/resources/duration.ts";
import type { Node } from "#proto/resources/node.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod } from "#proto/resources/pod.ts";
import type { ApiClient } from "../client/api-client.ts";
import { counted } from "../printers/counted.ts";
import { nameOf } from "../printers/objects.ts";

export interface Holder {
  /** `the finalizer example.com/hold`, `node-1`, `2 dependents`. */
  readonly who: string;
  /** What it waits for, and since when. */
  readonly why: string;
  /** What a person can do. */
  readonly remedy: string;
}

type Reader = Pick<ApiClient, "get" | "list">;

const shown = 5;

export async function holdersOf(object: KubeObject, api: Reader, nowMs: number): Promise<readonly Holder[]> {
  if (object.metadata.deletionTimestamp === undefined) return [];
  const finalizers = object.metadata.finalizers ?? [];
  const holders: Holder[] = [];
  for (const finalizer of finalizers)
    holders.push(finalizer === "foregroundDeletion" ? await dependents(object, api) : custom(object, finalizer, nowMs));
  if (object.kind === "Namespace") holders.push(...(await contents(object, api)));
  if (object.kind === "Pod" && finalizers.length === 0)
    holders.push(await itsNode(object as unknown as Pod, api, nowMs));
  return holders;
}

/** One line each, for a Problem's causes. */
export const holderText = ({ who, why, remedy }: Holder): string => `${who}: ${why}. ${remedy}`;

/** The deletion's beginning: the stamp is its end, with grace. */
export function deletingSince({ metadata }: KubeObject, nowMs: number): string {
  const endsAtMs = Date.parse(metadata.deletionTimestamp ?? "");
  const sinceMs = endsAtMs - (metadata.deletionGracePeriodSeconds ?? 0) * 1000;
  return formatAge(Number.isNaN(sinceMs) ? undefined : new Date(sinceMs).toISOString(), nowMs);
}

function custom(object: KubeObject, finalizer: string, nowMs: number): Holder {
  const writer = object.metadata.managedFields?.find(({ fieldsV1 }) => setsFinalizer(fieldsV1, finalizer));
  const since = writer?.time === undefined ? "" : ` ${formatAge(writer.time, nowMs)} ago`;
  const definition = findEntry({ apiVersion: object.apiVersion, kind: object.kind });
  const { name, namespace } = object.metadata;
  const others = (object.metadata.finalizers ?? []).filter((one) => one !== finalizer);
  const patch = JSON.stringify({ metadata: { finalizers: others.length === 0 ? null : others } });
  return {
    who: `the finalizer ${finalizer}`,
    why: `${writer ? `"${writer.manager}" set it${since}` : "nobody knows any more who set it"}, and takes it away when its work is done`,
    remedy: `See that whoever it belongs to runs; when it is gone for good: orchctl patch ${definition?.singular ?? object.kind} ${name}${namespace ? ` -n ${namespace}` : ""} --type merge -p '${patch}'`,
  };
}

function setsFinalizer(fields: unknown, finalizer: string): boolean {
  let at = fields;
  for (const step of ["f:metadata", "f:finalizers", `v:${JSON.stringify(finalizer)}`]) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return false;
    at = (at as Readonly<Record<string, unknown>>)[step];
  }
  return true;
}

async function dependents(object: KubeObject, api: Reader): Promise<Holder> {
  const { uid, namespace } = object.metadata;
  const blocking = await everywhere(api, namespace ?? "", (one) =>
    (one.metadata.ownerReferences ?? []).some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true),
  );
  return {
    who: counted(blocking.length, "dependent"),
    why: `it is deleted after them (--cascade foreground): ${listed(blocking)}`,
    remedy: "They are being deleted; look at those that stay, or delete it with --cascade background",
  };
}

async function contents({ metadata }: KubeObject, api: Reader): Promise<readonly Holder[]> {
  const left = await everywhere(api, metadata.name, () => true);
  if (left.length === 0) return [];
  const held = left.filter(({ object }) => (object.metadata.finalizers ?? []).length > 0);
  return [
    {
      who: `${counted(left.length, "object")} in it`,
      why: `they go first: ${listed(left)}`,
      remedy:
        held.length > 0
          ? `Finalizers hold ${listed(held)}: orchctl describe ${nameOf(held[0]?.definition ?? { singular: "", group: "" }, held[0]?.object ?? { metadata: { name: "" } })} -n ${metadata.name} says whose`
          : "They are being deleted; pods take their time to stop",
    },
  ];
}

interface Found {
  readonly definition: CatalogEntry;
  readonly object: KubeObject;
}

const listed = (found: readonly Found[]): string =>
  found
    .slice(0, shown)
    .map(({ definition, object }) => nameOf(definition, object))
    .join(", ") + (found.length > shown ? ` and ${found.length - shown} more` : "");

async function everywhere(
  api: Reader,
  namespace: string,
  wanted: (object: KubeObject) => boolean,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const definition of catalog) {
    if (!definition.namespaced || definition.kind === "Event") continue;
    const { items } = await api.list(definition.resource, { namespace });
    found.push(...items.filter(wanted).map((object) => ({ definition, object })));
  }
  return found;
}

async function itsNode({ metadata, spec }: Pod, api: Reader, nowMs: number): Promise<Holder> {
  const node = spec.nodeName ?? "";
  const force = `orchctl delete pod ${metadata.name} -n ${metadata.namespace ?? "default"} --force`;
  const found = await nodeOf(node, api);
  const ready = found?.status?.conditions?.find(({ type }) => type === "Ready");
  if (!found) return { who: `node ${node}`, why: "there is no such node any more", remedy: `Remove the pod: ${force}` };
  if (ready?.status !== "True")
    return {
      who: `node ${node}`,
      why: `it does not answer since ${formatAge(ready?.lastTransitionTime, nowMs)}: nobody knows whether the pod still runs there`,
      remedy: `Bring the node back; or, when the machine is surely off: ${force}`,
    };
  const left = Date.parse(metadata.deletionTimestamp ?? "") - nowMs;
  return {
    who: `node ${node}`,
    why:
      left > 0
        ? `it stops the containers, which have ${Math.ceil(left / 1000)} s left`
        : "it is stopping the containers and taking down what they used",
    remedy: "Give it time; orchctl describe shows what happens",
  };
}

async function nodeOf(name: string, api: Reader): Promise<Node | undefined> {
  try {
    return (await api.get("nodes", "", name)) as unknown as Node;
  } catch (thrown) {
    if (Problem.is(thrown, "not-found")) return undefined;
    throw thrown;
  }
}
