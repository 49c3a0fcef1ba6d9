/** Prints objects as a story: identity, the fields that matter by kind, conditions, events. */
import type { CatalogEntry } from "#proto/resources/catalog.ts";
import type { Event } from "#proto/resources/event.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { renderTable } from "../../printers/table.ts";
import { oldestFirst, renderEvents } from "../events/run.ts";
import { parseTargets } from "../targets.ts";
import { describeObject } from "./describe-object.ts";

export async function runDescribe(
  words: readonly string[],
  options: { readonly selector?: string },
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const [kinds = "", ...names] = words;
  await withConnection(global, environment, async (connection) => {
    let isFirst = true;
    for (const { definition, names: wanted } of parseTargets(kinds, names)) {
      for (const object of await objectsOf(definition, wanted, options.selector, connection)) {
        if (!isFirst) environment.out.write("\n\n");
        isFirst = false;
        environment.out.write(describeObject(object, environment.clock.nowMs()));
        if (object.kind === "Node") environment.out.write(await podsOn(object, connection));
        environment.out.write(await eventsOf(object, connection, environment));
      }
    }
    if (isFirst) environment.err.write("Nothing matches.\n");
  });
}

async function objectsOf(
  definition: CatalogEntry,
  names: readonly string[],
  selector: string | undefined,
  { api, namespace }: Connection,
): Promise<readonly KubeObject[]> {
  const where = definition.namespaced ? namespace : "";
  if (names.length > 0) return Promise.all(names.map((name) => api.get(definition.resource, where, name)));
  return (
    await api.list(definition.resource, {
      namespace: where,
      ...(selector !== undefined && { labelSelector: selector }),
    })
  ).items;
}

/** What runs on a node, with the share of it that each pod asked for. */
async function podsOn({ metadata }: KubeObject, { api }: Connection): Promise<string> {
  const { items } = await api.list("pods", { namespace: "", fieldSelector: `spec.nodeName=${metadata.name}` });
  if (items.length === 0) return "Pods:  none\n";
  const rows = (items as unknown as readonly Pod[]).map(({ metadata: { namespace = "", name }, spec, status }) => {
    const asked = (resource: string): string =>
      spec.containers
        .map((container) => container.resources?.requests?.[resource])
        .filter(Boolean)
        .join(" + ") || "-";
    return [namespace, name, status?.phase ?? "Pending", asked("cpu"), asked("memory")];
  });
  const table = renderTable(["NAMESPACE", "NAME", "PHASE", "CPU ASKED", "MEMORY ASKED"], rows);
  return `Pods:\n${table.replace(/^/gm, "  ").trimEnd()}\n`;
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
