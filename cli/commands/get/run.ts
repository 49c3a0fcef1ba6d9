/** Lists, prints and watches. */

import type { CatalogEntry } from "#proto/resources/catalog.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { fieldOf } from "../../printers/field-path.ts";
import { type ObjectPrinter, printerFor } from "../../printers/objects.ts";
import { usageProblem } from "../../program-options.ts";
import { parseTargets, type Target } from "../targets.ts";

export interface GetOptions {
  readonly output?: string;
  readonly allNamespaces?: boolean;
  readonly selector?: string;
  readonly fieldSelector?: string;
  readonly sortBy?: string;
  readonly watch?: boolean;
  readonly watchOnly?: boolean;
  readonly headers: boolean;
  readonly showLabels?: boolean;
}

export interface GetRequest {
  readonly kinds: string;
  readonly names: readonly string[];
  readonly options: GetOptions;
  readonly global: GlobalOptions;
}

interface Found {
  readonly definition: CatalogEntry;
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
}

export async function runGet(request: GetRequest, environment: Environment): Promise<void> {
  const { options } = request;
  const targets = parseTargets(request.kinds, request.names);
  const watching = options.watch === true || options.watchOnly === true;
  if (watching && targets.length > 1)
    throw usageProblem("-w watches one kind at a time", "name one kind, as in: orchctl get pods -w");
  await withConnection(request.global, environment, async (connection) => {
    const printer = printerFor({
      format: options.output ?? "table",
      headers: options.headers,
      showNamespace: options.allNamespaces === true,
      showKind: targets.length > 1,
      showLabels: options.showLabels === true,
      nowMs: () => environment.clock.nowMs(),
    });
    const found: Found[] = [];
    for (const target of targets) found.push(await find(target, request, connection));
    if (!options.watchOnly) show(found, request, printer, environment);
    const [first] = found;
    if (watching && first) await watch(first, targets[0], request, { connection, printer, environment });
  });
}

async function find(target: Target, request: GetRequest, { api, namespace }: Connection): Promise<Found> {
  const { definition, names } = target;
  const { options } = request;
  const where = !definition.namespaced || options.allNamespaces ? "" : namespace;
  if (names.length > 0) {
    const items: KubeObject[] = [];
    for (const name of names)
      items.push(await api.get(definition.resource, definition.namespaced ? namespace : "", name));
    return { definition, items, resourceVersion: items.at(-1)?.metadata.resourceVersion ?? "" };
  }
  const listed = await api.list(definition.resource, {
    namespace: where,
    ...(options.selector !== undefined && { labelSelector: options.selector }),
    ...(options.fieldSelector !== undefined && { fieldSelector: options.fieldSelector }),
  });
  return { definition, ...listed };
}

function show(found: readonly Found[], request: GetRequest, printer: ObjectPrinter, environment: Environment): void {
  const sorted = found.map((one) => ({ ...one, items: sortBy(one.items, request.options.sortBy) }));
  const single = request.names.length === 1 || (found.length === 1 && request.kinds.includes("/"));
  const isEmpty = sorted.every((one) => one.items.length === 0);
  if (isEmpty && printer.isTable) {
    const where = request.options.allNamespaces ? "" : ` in namespace ${request.global.namespace ?? "default"}`;
    const namespaced = sorted.some((one) => one.definition.namespaced);
    environment.err.write(`No resources found${namespaced ? where : ""}.\n`);
    return;
  }
  environment.out.write(printer.print(sorted, { single }));
}

/** Numbers by size, all else by text; what lacks the field comes first. */
function sortBy(items: readonly KubeObject[], path: string | undefined): readonly KubeObject[] {
  if (path === undefined) return items;
  const keyed = items.map((item) => ({ item, key: fieldOf(item, path) }));
  return keyed.sort((a, b) => compare(a.key, b.key)).map(({ item }) => item);
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [left, right] = [String(a ?? ""), String(b ?? "")];
  return left < right ? -1 : left > right ? 1 : 0;
}

interface WatchTools {
  readonly connection: Connection;
  readonly printer: ObjectPrinter;
  readonly environment: Environment;
}

async function watch(found: Found, target: Target | undefined, request: GetRequest, tools: WatchTools): Promise<void> {
  const { connection, printer, environment } = tools;
  const { definition } = found;
  const name = target?.names[0];
  const query = {
    namespace: !definition.namespaced || request.options.allNamespaces ? "" : connection.namespace,
    ...(name !== undefined && { name }),
    ...(request.options.selector !== undefined && { labelSelector: request.options.selector }),
    ...(request.options.fieldSelector !== undefined && { fieldSelector: request.options.fieldSelector }),
    resourceVersion: found.resourceVersion,
  };
  for await (const event of connection.api.watch(definition.resource, query)) {
    if (event.type === "BOOKMARK") continue;
    environment.out.write(printer.printChange(definition, event.object, event.type));
    await environment.out.drained();
  }
}
