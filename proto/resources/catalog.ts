/**
 * What kinds there are and how they are called, selected by and shown in tables. Loads neither zod nor schemas, so that a
 * command line can start with it; `registry.ts` adds schemas, defaults and rules.
 */
import type { Column } from "./columns/column.ts";
import { nodeColumns } from "./columns/node-columns.ts";
import { configMapColumns, eventColumns, namespaceColumns, secretColumns } from "./columns/other-columns.ts";
import { podColumns } from "./columns/pod-columns.ts";
import { registryColumns } from "./columns/registry-columns.ts";
import { deploymentColumns, replicaSetColumns } from "./columns/workload-columns.ts";
import type { FieldValues } from "./field-selector.ts";
import {
  commonFields,
  eventFields,
  namespaceFields,
  nodeFields,
  podFields,
  replicaSetFields,
  secretFields,
} from "./field-values.ts";
import type { KubeObject } from "./object.ts";
import { nearestWord } from "./schema/suggest.ts";

export interface CatalogEntry {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** PLURAL or PLURAL.GROUP. */
  readonly resource: string;
  readonly subresources: readonly string[];
  readonly columns: readonly Column[];
  readonly fieldSelectors: FieldValues<KubeObject>;
  /** Number of the stored form; raised when it changes. */
  readonly storageVersion: number;
}

type Given = Pick<CatalogEntry, "kind" | "plural" | "columns"> & Partial<CatalogEntry>;

function entry(given: Given): CatalogEntry {
  const { group = "", version = "v1", kind, plural } = given;
  return {
    group,
    version,
    apiVersion: group === "" ? version : `${group}/${version}`,
    singular: kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    resource: group === "" ? plural : `${plural}.${group}`,
    subresources: [],
    fieldSelectors: commonFields,
    storageVersion: 1,
    ...given,
  };
}

const workload = { group: "apps", categories: ["all"], subresources: ["status", "scale"] };

export const catalog: readonly CatalogEntry[] = [
  entry({
    kind: "Pod",
    plural: "pods",
    shortNames: ["po"],
    categories: ["all"],
    subresources: ["status", "binding", "eviction", "log", "exec", "attach", "portforward", "ephemeralcontainers"],
    columns: podColumns,
    fieldSelectors: podFields,
  }),
  entry({ ...workload, kind: "Deployment", plural: "deployments", shortNames: ["deploy"], columns: deploymentColumns }),
  entry({
    ...workload,
    kind: "ReplicaSet",
    plural: "replicasets",
    shortNames: ["rs"],
    columns: replicaSetColumns,
    fieldSelectors: replicaSetFields,
  }),
  entry({ kind: "ConfigMap", plural: "configmaps", shortNames: ["cm"], columns: configMapColumns }),
  entry({ kind: "Secret", plural: "secrets", columns: secretColumns, fieldSelectors: secretFields }),
  entry({
    kind: "Namespace",
    plural: "namespaces",
    shortNames: ["ns"],
    namespaced: false,
    subresources: ["status", "finalize"],
    columns: namespaceColumns,
    fieldSelectors: namespaceFields,
  }),
  entry({
    kind: "Node",
    plural: "nodes",
    shortNames: ["no"],
    namespaced: false,
    subresources: ["status"],
    columns: nodeColumns,
    fieldSelectors: nodeFields,
  }),
  entry({
    group: "orch",
    kind: "Registry",
    plural: "registries",
    namespaced: false,
    columns: registryColumns,
  }),
  entry({ kind: "Event", plural: "events", shortNames: ["ev"], columns: eventColumns, fieldSelectors: eventFields }),
];

export interface GroupKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** By any name a person may type (`po`, `pod`, `pods`, `Pod`, `deployments.apps`, `deployments.v1.apps`), or by apiVersion and kind. */
export function findEntry(wanted: string | GroupKind): CatalogEntry | undefined {
  if (typeof wanted !== "string")
    return catalog.find((candidate) => candidate.kind === wanted.kind && candidate.apiVersion === wanted.apiVersion);
  const [name = "", ...suffix] = wanted.toLowerCase().split(".");
  return catalog.find((candidate) => isCalled(candidate, name) && hasSuffix(candidate, suffix.join(".")));
}

const isCalled = ({ plural, singular, shortNames }: CatalogEntry, name: string): boolean =>
  name === plural || name === singular || shortNames.includes(name);

const hasSuffix = ({ group, version }: CatalogEntry, suffix: string): boolean =>
  suffix === "" || suffix === group || suffix === `${version}.${group}` || (group === "" && suffix === version);

/** All kinds of a category, as `all`. */
export const inCategory = (category: string): readonly CatalogEntry[] =>
  catalog.filter((candidate) => candidate.categories.includes(category));

/** A known resource near to a misspelt one. */
export const suggestResource = (wanted: string): string | undefined =>
  nearestWord(
    wanted,
    catalog.flatMap(({ plural, singular }) => [plural, singular]),
  );
