/** Prints objects as a story: identity, the fields that matter by kind, who holds them, conditions, events. */
import { type CatalogEntry, catalog } from "#proto/resources/catalog.ts";
import type { Event } from "#proto/resources/event.ts";
import { formatSelector, selectorOf } from "#proto/resources/label-selector.ts";
import type { LabelSelector } from "#proto/resources/meta.ts";
import type { Node } from "#proto/resources/node.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { usageProblem } from "../../program-options.ts";
import { holdersOf } from "../../waiting/holders.ts";
import { oldestFirst, renderEvents } from "../events/run.ts";
import { parseTargets } from "../targets.ts";
import { describeObject, type Surroundings } from "./describe-object.ts";
import { podsOfNode } from "./node-story.ts";

export interface DescribeFlags {
  readonly selector?: string;
  readonly fieldSelector?: string;
  readonly allNamespaces?: boolean;
  readonly showEvents: boolean;
}

export async function runDescribe(
  words: readonly string[],
  flags: DescribeFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const [kinds = "", ...names] = words;
  const targets = parseTargets(kinds, names);
  if (flags.allNamespaces && targets.some((target) => target.names.length > 0))
    throw usageProblem("a name is of one namespace: it does not go with -A", "leave one of them out");
  await withConnection(global, environment, async (connection) => {
    let isFirst = true;
    for (const { definition, names: wanted } of targets) {
      for (const object of await objectsOf(definition, wanted, flags, connection)) {
        if (!isFirst) environment.out.write("\n\n");
        isFirst = false;
        const around = await surroundings(object, connection, environment);
        environment.out.write(describeObject(object, environment.clock.nowMs(), around));
        if (object.kind === "Node") environment.out.write(await podsOn(object, connection));
        if (flags.showEvents) environment.out.write(await eventsOf(object, connection, environment));
        await environment.out.drained();
      }
    }
    if (isFirst) environment.err.write("Nothing matches.\n");
  });
}

async function objectsOf(
  definition: CatalogEntry,
  names: readonly string[],
  { selector, fieldSelector, allNamespaces }: DescribeFlags,
  { api, namespace }: Connection,
): Promise<readonly KubeObject[]> {
  const where = definition.namespaced ? namespace : "";
  if (names.length > 0) return Promise.all(names.map((name) => api.get(definition.resource, where, name)));
  const query = {
    namespace: allNamespaces ? "" : where,
    ...(selector !== undefined && { labelSelector: selector }),
    ...(fieldSelector !== undefined && { fieldSelector }),
  };
  return (await api.list(definition.resource, query)).items;
}

async function surroundings(object: KubeObject, { api }: Connection, { clock }: Environment): Promise<Surroundings> {
  const { namespace = "", name } = object.metadata;
  const holders = await holdersOf(object, api, clock.nowMs());
  if (object.kind === "Deployment" || object.kind === "ReplicaSet") {
    const selector = (object.spec as { readonly selector?: LabelSelector } | undefined)?.selector;
    const pods = await api.list("pods", { namespace, labelSelector: formatSelector(selectorOf(selector)) });
    const sets = object.kind === "Deployment" ? (await api.list("replicasets.apps", { namespace })).items : [];
    return { holders, dependents: [...sets, ...pods.items] };
  }
  return object.kind === "Namespace" ? { holders, counts: await countsIn(name, api) } : { holders };
}

async function countsIn(namespace: string, api: Connection["api"]): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const { resource, plural, namespaced, kind } of catalog) {
    if (!namespaced || kind === "Event") continue;
    const { items } = await api.list(resource, { namespace });
    if (items.length > 0) counts.set(plural, items.length);
  }
  return counts;
}

async function podsOn(node: KubeObject, { api }: Connection): Promise<string> {
  const fieldSelector = `spec.nodeName=${node.metadata.name}`;
  return podsOfNode(node as unknown as Node, (await api.list("pods", { namespace: "", fieldSelector })).items);
}

async function eventsOf(object: KubeObject, { api }: Connection, environment: Environment): Promise<string> {
  const { namespace, name } = object.metadata;
  const { items } = await api.list("events", {
    namespace: namespace ?? "",
    fieldSelector: `involvedObject.kind=${object.kind},involvedObject.name=${name}`,
  });
  if (items.length === 0) return "Events:  none\n";
  const events = oldestFirst(items as unknown as readonly Event[]);
  return `Events:\n${renderEvents(events, false, environment.clock.nowMs()).replace(/^/gm, "  ").trimEnd()}\n`;
}
