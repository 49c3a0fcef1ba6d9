/** Who set which field: managedFields read, changed and written. */
import type { KubeObject, ManagedFieldsEntry } from "#proto/resources/object.ts";
import type { TypeNode } from "#proto/resources/schema/fields.ts";
import type { JsonRecord } from "../patch/json.ts";
import { difference, equalSets, type FieldSet, fromFieldsV1, isEmptySet, toFieldsV1, union } from "./field-set.ts";
import { compareFields } from "./fields-of.ts";

export interface Manager {
  readonly name: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  /** "" for the object itself. */
  readonly subresource: string;
  readonly time: string | undefined;
  readonly set: FieldSet;
}

/** Who writes now. */
export interface Writer {
  readonly name: string;
  readonly subresource: string;
  /** RFC 3339. */
  readonly time: string;
}

/** Which part of the object a write path may change; the rest of a body is ignored there. */
export type Part = "main" | "status" | "whole";

/** More writers than this, and the oldest become one entry: managedFields must not grow with every script ever run. */
const maxUpdateManagers = 10;
const ancient = "ancient-changes";

const unownedMetadata = new Set([
  "name",
  "namespace",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "selfLink",
  "managedFields",
]);

/** What of an object can be owned through a write path: not its identity, nor what the server keeps. */
export function ownable(object: KubeObject, part: Part): JsonRecord {
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...rest } = object;
  if (part === "status") return rest.status === undefined ? {} : { status: rest.status };
  const kept = Object.entries(metadata).filter(([name, value]) => value !== undefined && !unownedMetadata.has(name));
  if (part === "main") delete rest.status;
  return kept.length === 0 ? rest : { metadata: Object.fromEntries(kept), ...rest };
}

export function readManagers(object: KubeObject | undefined): readonly Manager[] {
  return (object?.metadata.managedFields ?? []).map((entry) => ({
    name: entry.manager,
    operation: entry.operation,
    apiVersion: entry.apiVersion,
    subresource: entry.subresource ?? "",
    time: entry.time,
    set: fromFieldsV1(entry.fieldsV1),
  }));
}

/** A new object with these managers; entries without a field disappear. */
export function withManagers<T extends KubeObject>(object: T, managers: readonly Manager[]): T {
  const { managedFields: _, ...metadata } = object.metadata;
  const entries = managers.filter((manager) => !isEmptySet(manager.set)).sort(byOperationAndTime);
  if (entries.length === 0) return { ...object, metadata };
  return { ...object, metadata: { ...metadata, managedFields: entries.map(toEntry) } };
}

function byOperationAndTime(left: Manager, right: Manager): number {
  if (left.operation !== right.operation) return left.operation === "Apply" ? -1 : 1;
  const [first, second] = [left.time ?? "", right.time ?? ""];
  if (first !== second) return first < second ? -1 : 1;
  return left.name < right.name ? -1 : Number(left.name > right.name);
}

function toEntry(manager: Manager): ManagedFieldsEntry {
  return {
    apiVersion: manager.apiVersion,
    fieldsType: "FieldsV1",
    fieldsV1: toFieldsV1(manager.set),
    manager: manager.name,
    operation: manager.operation,
    ...(manager.subresource !== "" && { subresource: manager.subresource }),
    ...(manager.time !== undefined && { time: manager.time }),
  };
}

export function isSame(manager: Manager, operation: Manager["operation"], writer: Writer): boolean {
  return manager.operation === operation && manager.name === writer.name && manager.subresource === writer.subresource;
}

/** The entry of a writer after its set changed; the time moves only when it did. */
export function written(previous: Manager | undefined, entry: Omit<Manager, "time">, writer: Writer): Manager {
  const unchanged = previous !== undefined && equalSets(previous.set, entry.set);
  return { ...entry, time: unchanged ? previous.time : writer.time };
}

/** `after` with its managers, when it was written as a whole (create, update, other patches): who changed a field owns it. */
export function trackUpdate(
  type: TypeNode,
  before: KubeObject | undefined,
  after: KubeObject,
  options: { readonly writer: Writer; readonly part: Part },
): KubeObject {
  const { writer, part } = options;
  const { changed, removed } = compareFields(type, before && ownable(before, part), ownable(after, part));
  const managers = readManagers(before);
  if (isEmptySet(changed) && isEmptySet(removed)) return withManagers(after, managers);
  const gone = union(changed, removed);
  const own = managers.find((manager) => isSame(manager, "Update", writer));
  const others = managers
    .filter((manager) => manager !== own)
    .map((manager) => ({ ...manager, set: difference(manager.set, gone) }));
  const set = union(difference(own?.set ?? fromFieldsV1({}), removed), changed);
  const entry = {
    name: writer.name,
    operation: "Update",
    apiVersion: after.apiVersion,
    subresource: writer.subresource,
  } as const;
  return withManagers(after, capped([...others, written(own, { ...entry, set }, writer)]));
}

function capped(managers: readonly Manager[]): readonly Manager[] {
  const updates = managers.filter((manager) => manager.operation === "Update" && !isEmptySet(manager.set));
  const surplus = updates.length - maxUpdateManagers;
  if (surplus <= 0) return managers;
  const oldest = updates.sort(byOperationAndTime).slice(0, surplus + 1);
  const last = oldest.at(-1);
  if (!last) return managers;
  const merged = { ...last, name: ancient, subresource: "", set: oldest.map(({ set }) => set).reduce(union) };
  return [...managers.filter((manager) => !oldest.includes(manager)), merged];
}
