/** The objects a command changes: by name, label, field, file, or all of a kind. */
import { Problem } from "#proto/kit/problem.ts";
import { type CatalogEntry, findEntry } from "#proto/resources/catalog.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Connection } from "../client/connect.ts";
import { parseTargets } from "../commands/targets.ts";
import type { Environment, GlobalOptions } from "../environment.ts";
import { usageProblem } from "../program-options.ts";

export interface SelectFlags {
  readonly filename?: readonly string[];
  readonly recursive?: boolean;
  readonly selector?: string;
  readonly fieldSelector?: string;
  readonly all?: boolean;
  readonly allNamespaces?: boolean;
}

export interface Address {
  readonly definition: CatalogEntry;
  /** "" for kinds that have none. */
  readonly namespace: string;
  readonly name: string;
}

/** As it was when it was looked for. */
export interface Selected extends Address {
  readonly object: KubeObject;
  /** Where it came in a list: the list's version, from which a watch goes on. */
  readonly listedAt?: string;
}

export interface Selection {
  /** KIND NAME …, KIND/NAME …, or KIND. */
  readonly words: readonly string[];
  readonly flags: SelectFlags;
  readonly global: GlobalOptions;
}

export interface Chosen<T> {
  readonly found: readonly T[];
  /** One for each name that does not exist. */
  readonly missing: readonly Problem[];
}

/** Refuses when nothing was named; a selector that finds nothing is an empty answer. */
export async function selectObjects(
  { words, flags, global }: Selection,
  connection: Connection,
  environment: Environment,
): Promise<Chosen<Selected>> {
  if (flags.filename !== undefined) {
    if (words.length > 0) throw usageProblem("a file and a kind do not go together", "leave one of them out");
    const addresses = await addressesOfFiles(flags, { global, namespace: connection.namespace }, environment);
    return readAll(addresses, connection);
  }
  const [kinds, ...names] = words;
  if (kinds === undefined)
    throw usageProblem("no object was named", "give KIND NAME, KIND/NAME, KIND -l LABELS, or -f FILE");
  const found: Selected[] = [];
  const missing: Problem[] = [];
  for (const { definition, names: named } of parseTargets(kinds, names)) {
    const namespace = definition.namespaced ? connection.namespace : "";
    if (named.length === 0) found.push(...(await listed(definition, flags, connection)));
    else {
      refuseBoth(flags);
      const addresses = named.map((name) => ({ definition, namespace, name }));
      const read = await readAll(addresses, connection);
      found.push(...read.found);
      missing.push(...read.missing);
    }
  }
  return { found, missing };
}

function refuseBoth({ selector, fieldSelector, all, allNamespaces }: SelectFlags): void {
  if (selector !== undefined || fieldSelector !== undefined || all)
    throw usageProblem("a name and a selector do not go together", "leave one of them out");
  if (allNamespaces) throw usageProblem("a name is of one namespace: it does not go with -A", "leave one of them out");
}

async function listed(
  definition: CatalogEntry,
  { selector, fieldSelector, all, allNamespaces }: SelectFlags,
  { api, namespace }: Connection,
): Promise<readonly Selected[]> {
  if (selector === undefined && fieldSelector === undefined && !all)
    throw usageProblem(`which ${definition.plural}?`, "give names, -l LABELS, or --all");
  const { items, resourceVersion: listedAt } = await api.list(definition.resource, {
    namespace: definition.namespaced && !allNamespaces ? namespace : "",
    ...(selector !== undefined && { labelSelector: selector }),
    ...(fieldSelector !== undefined && { fieldSelector }),
  });
  return items.map((object) => ({
    ...{ definition, object, name: object.metadata.name, listedAt },
    namespace: definition.namespaced ? (object.metadata.namespace ?? "") : "",
  }));
}

/** Each as it is now. */
export async function readAll(addresses: readonly Address[], { api }: Connection): Promise<Chosen<Selected>> {
  const found: Selected[] = [];
  const missing: Problem[] = [];
  for (const address of addresses) {
    const { definition, namespace, name } = address;
    try {
      found.push({ ...address, object: await api.get(definition.resource, namespace, name) });
    } catch (thrown) {
      if (!Problem.is(thrown, "not-found")) throw thrown;
      missing.push(thrown);
    }
  }
  return { found, missing };
}

/** What files name, each with its namespace: the file's, that of -n, or the context's. */
export async function addressesOfFiles(
  { filename = [], recursive }: SelectFlags,
  { global, namespace }: { readonly global: GlobalOptions; readonly namespace: string },
  environment: Environment,
): Promise<readonly Address[]> {
  const { readManifests } = await import("../manifests/read-sources.ts");
  const manifests = await readManifests({ files: filename, recursive: recursive === true }, environment);
  return manifests.map(({ object, source, placeOf }) => {
    const definition = findEntry({ apiVersion: object.apiVersion, kind: object.kind });
    const { name, namespace: own } = object.metadata;
    const at = `${source}:${placeOf("kind").line}`;
    if (!definition) throw new Problem("invalid", `${at}: there is no kind ${object.kind} of ${object.apiVersion}`);
    if (typeof name !== "string" || name === "") throw new Problem("invalid", `${at}: this ${object.kind} has no name`);
    if (own !== undefined && global.namespace !== undefined && own !== global.namespace)
      throw new Problem("invalid", `${at}: the file says namespace ${own}, but -n says ${global.namespace}`);
    return { definition, namespace: definition.namespaced ? (own ?? namespace) : "", name };
  });
}
