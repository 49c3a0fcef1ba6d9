/** Lists, prints and watches. Names kinds by the catalog alone: schemas would double the time it takes. */
import { Problem } from "#proto/kit/problem.ts";
import type { CatalogEntry } from "#proto/resources/catalog.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { addressesOfFiles, readAll, type SelectFlags } from "../../changes/select.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { type ObjectPrinter, printerFor } from "../../printers/objects.ts";
import { visible } from "../../printers/table.ts";
import { usageProblem } from "../../program-options.ts";
import { watchWithin } from "../../waiting/watch-within.ts";
import { parseTargets, type Target } from "../targets.ts";

export interface GetOptions extends Pick<SelectFlags, "filename" | "recursive"> {
  readonly output?: string;
  readonly allNamespaces?: boolean;
  readonly selector?: string;
  readonly fieldSelector?: string;
  readonly sortBy?: string;
  readonly watch?: boolean;
  readonly watchOnly?: boolean;
  readonly headers: boolean;
  readonly showLabels?: boolean;
  readonly labelColumns?: readonly string[];
  readonly ignoreNotFound?: boolean;
  readonly showManagedFields?: boolean;
  readonly subresource?: string;
}

export interface GetRequest {
  /** Undefined with `-f`. */
  readonly kinds: string | undefined;
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
  const targets = targetsOf(request);
  const watching = options.watch === true || options.watchOnly === true;
  refuseSenseless(targets, options, watching);
  const printer = await printerFor({
    format: options.output ?? "table",
    headers: options.headers,
    showNamespace: options.allNamespaces === true,
    showKind: targets.length > 1 || options.filename !== undefined,
    showLabels: options.showLabels === true,
    labelColumns: options.labelColumns ?? [],
    showManagedFields: options.showManagedFields === true,
    nowMs: () => environment.clock.nowMs(),
    workingDirectory: environment.workingDirectory,
    isTerminal: environment.out.isTerminal,
  });
  const order = options.sortBy === undefined ? undefined : await orderOf(options.sortBy, environment);
  await withConnection(request.global, environment, async (connection) => {
    const tools = { connection, printer, environment, order };
    if (options.filename !== undefined) return showFiles(request, tools);
    const [first] = await findAndShow(targets, options, tools);
    if (watching && first) await watch(first, targets[0], request, tools);
  });
}

async function orderOf(path: string, environment: Environment) {
  const { orderBy } = await import("../../printers/sort.ts");
  return orderBy(path, () => environment.err.write(`warning: no object here has a field at ${visible(path)}\n`));
}

function targetsOf({ kinds, names, options }: GetRequest): readonly Target[] {
  if (options.filename === undefined) {
    if (kinds === undefined) throw usageProblem("say what to list", "as in: orchctl get pods");
    return merged(parseTargets(kinds, names));
  }
  const { watch: keeps, watchOnly, selector, fieldSelector, allNamespaces } = options;
  if (kinds !== undefined) throw usageProblem("a file and a kind do not go together", "leave one of them out");
  if (keeps || watchOnly || selector !== undefined || fieldSelector !== undefined || allNamespaces)
    throw usageProblem("-f shows what files name: it does not go with -w, -l, --field-selector or -A");
  return [];
}

/** What files name, as it is in the cluster. */
async function showFiles({ options, global }: GetRequest, tools: Tools): Promise<void> {
  const { connection, printer, environment, order } = tools;
  const where = { global, namespace: connection.namespace };
  const addresses = await addressesOfFiles(options, where, environment);
  const { found, missing } = await readAll(addresses, connection);
  const kinds = new Set(found.map(({ definition }) => definition));
  const groups = [...kinds].map((definition) => {
    const items = found.filter((one) => one.definition === definition).map(({ object }) => object);
    return { definition, items: order ? order(items) : items };
  });
  if (groups.length > 0) environment.out.write(printer.print(groups, { single: addresses.length === 1 }));
  if (!options.ignoreNotFound) refuseMissing(missing);
}

function refuseMissing(missing: readonly Problem[]): void {
  const [only] = missing;
  if (only && missing.length === 1) throw only;
  if (!only) return;
  const causes = missing.map(({ message }) => ({ message }));
  throw new Problem("not-found", `${missing.length} objects do not exist`, { causes });
}

/** Says what is missing after what is there. */
async function findAndShow(targets: readonly Target[], options: GetOptions, tools: Tools): Promise<readonly Found[]> {
  const missing: Problem[] = [];
  const found: Found[] = [];
  for (const target of targets) found.push(await find(target, options, tools.connection, missing));
  if (!options.watchOnly) await show(found, targets, options, tools);
  refuseMissing(missing);
  return found;
}

/** `pod/a pod/b` is `pods a b`. */
function merged(targets: readonly Target[]): readonly Target[] {
  const byKind = new Map<CatalogEntry, readonly string[]>();
  for (const { definition, names } of targets) byKind.set(definition, [...(byKind.get(definition) ?? []), ...names]);
  return [...byKind].map(([definition, names]) => ({ definition, names }));
}

function refuseSenseless(targets: readonly Target[], options: GetOptions, watching: boolean): void {
  const names = targets.flatMap((target) => target.names);
  if (watching && (targets.length > 1 || names.length > 1))
    throw usageProblem("-w watches one kind, or one object, at a time", "name one, as in: orchctl get pods -w");
  if (names.length > 0 && options.allNamespaces)
    throw usageProblem("a name is of one namespace: it does not go with -A", "leave one of them out");
  if (names.length > 0 && (options.selector !== undefined || options.fieldSelector !== undefined))
    throw usageProblem("a name and a selector do not go together", "leave one of them out");
  if (options.subresource !== undefined) refuseSubresource(targets, options.subresource, options, watching);
}

function refuseSubresource(
  targets: readonly Target[],
  subresource: string,
  { output = "table" }: GetOptions,
  watching: boolean,
): void {
  const nameless = targets.length === 0 || targets.some(({ names }) => names.length === 0);
  if (nameless || watching)
    throw usageProblem(
      "--subresource shows objects by name, once",
      `as in: orchctl get deploy/web --subresource ${subresource}`,
    );
  const without = targets.find(({ definition }) => !definition.subresources.includes(subresource));
  if (without) throw usageProblem(`${without.definition.plural} have no subresource ${subresource}`);
  if (subresource === "scale" && ["table", "wide"].includes(output))
    throw usageProblem("a scale has no table", "add -o yaml, -o json or -o jsonpath=…");
}

async function find(
  { definition, names }: Target,
  options: GetOptions,
  { api, namespace }: Connection,
  missing: Problem[],
): Promise<Found> {
  const where = !definition.namespaced || options.allNamespaces ? "" : namespace;
  if (names.length === 0)
    return { definition, ...(await api.list(definition.resource, { namespace: where, ...selectorsOf(options) })) };
  const items: KubeObject[] = [];
  for (const name of names) {
    try {
      items.push(await api.get(definition.resource, where, name, options.subresource));
    } catch (thrown) {
      if (!Problem.is(thrown, "not-found")) throw thrown;
      if (!options.ignoreNotFound) missing.push(thrown);
    }
  }
  return { definition, items, resourceVersion: items.at(-1)?.metadata.resourceVersion ?? "" };
}

const selectorsOf = ({ selector, fieldSelector }: GetOptions): { labelSelector?: string; fieldSelector?: string } => ({
  ...(selector !== undefined && { labelSelector: selector }),
  ...(fieldSelector !== undefined && { fieldSelector }),
});

interface Tools<C extends Connection = Connection> {
  readonly connection: C;
  readonly printer: ObjectPrinter;
  readonly environment: Environment;
  readonly order: ((items: readonly KubeObject[]) => readonly KubeObject[]) | undefined;
}

async function show(
  found: readonly Found[],
  targets: readonly Target[],
  options: GetOptions,
  tools: Tools,
): Promise<void> {
  const { printer, environment, connection, order } = tools;
  const sorted = found.map((one) => ({ ...one, items: order ? order(one.items) : one.items }));
  const isEmpty = sorted.every((one) => one.items.length === 0);
  const named = targets.flatMap((target) => target.names);
  if (isEmpty && named.length > 0) return;
  if (isEmpty && printer.isTable) {
    const namespaced = sorted.some((one) => one.definition.namespaced) && !options.allNamespaces;
    const where = namespaced ? await emptyNamespace(connection) : "";
    environment.err.write(
      visible(`No ${sorted.map((one) => one.definition.plural).join(", ")} found${where}.`).concat("\n"),
    );
    return;
  }
  environment.out.write(printer.print(sorted, { single: named.length === 1 }));
}

async function watch(
  found: Found,
  target: Target | undefined,
  { options, global }: GetRequest,
  tools: Tools<Connection>,
): Promise<void> {
  const { connection, printer, environment } = tools;
  const { definition } = found;
  const name = target?.names[0];
  const query = {
    namespace: !definition.namespaced || options.allNamespaces ? "" : connection.namespace,
    ...(name !== undefined && { name }),
    ...selectorsOf(options),
    resourceVersion: found.resourceVersion,
  };
  for await (const event of watchWithin(connection.api, definition.resource, query, global, environment)) {
    if (event.type === "BOOKMARK") continue;
    environment.out.write(printer.printChange(definition, event.object, event.type));
    await environment.out.drained();
  }
}

/** A namespace that does not exist looks like an empty one: a slip of the pen should not. */
async function emptyNamespace({ api, namespace }: Connection): Promise<string> {
  const where = ` in namespace ${namespace}`;
  try {
    await api.get("namespaces", "", namespace);
    return where;
  } catch (thrown) {
    // Who may not look is not told.
    return Problem.is(thrown, "not-found") ? `${where}, which does not exist (orchctl get namespaces)` : where;
  }
}
