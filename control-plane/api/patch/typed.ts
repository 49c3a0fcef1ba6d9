/** What patches need to know about a value's type: how a list merges, what the fields of an object are. */
import type { ListMerge, TypeNode } from "#proto/resources/schema/fields.ts";
import type { JsonRecord } from "./json.ts";
import { isRecord, member } from "./json.ts";

const unknownType: TypeNode = { kind: "freeform" };

/** Type of a member. Unknown fields are JSON without structure. */
export function memberType(type: TypeNode, name: string): TypeNode {
  if (type.kind === "object") return type.fields.get(name)?.type ?? unknownType;
  if (type.kind === "map") return type.value;
  return unknownType;
}

export function itemType(type: TypeNode): TypeNode {
  return type.kind === "list" ? type.item : unknownType;
}

export function listMerge(type: TypeNode): ListMerge {
  return type.kind === "list" ? type.merge : { type: "atomic", keys: [] };
}

/** The key of a list-map element as field → value, absent keys filled from their defaults. Undefined when one is missing. */
export function elementKey(type: TypeNode, element: unknown): JsonRecord | undefined {
  if (!isRecord(element) || type.kind !== "list") return undefined;
  const key: JsonRecord = {};
  for (const name of type.merge.keys) {
    const value = member(element, name) ?? defaultOf(type.item, name);
    if (value === undefined || value === null || typeof value === "object") return undefined;
    key[name] = value;
  }
  return key;
}

function defaultOf(type: TypeNode, name: string): unknown {
  return type.kind === "object" ? type.fields.get(name)?.default : undefined;
}
