/**
 * Objects that are filled in one of several ways (a strategy, a volume's source; `retainKeys` in the schemas): members that the
 * configuration leaves out and nobody else holds are of another way, defaults among them. `type: Recreate` over a rolling update's
 * defaults would be refused otherwise, as Kubernetes does.
 */
import type { TypeNode } from "#proto/resources/schema/fields.ts";
import { type JsonRecord, member } from "../patch/json.ts";
import { itemType, memberType } from "../patch/typed.ts";
import { elementsOf, isMergedList, isMergedRecord } from "./element.ts";
import { emptySet, type FieldSet, isEmptySet } from "./field-set.ts";

export function withoutUnmeant(type: TypeNode, merged: unknown, applied: unknown, held: FieldSet): unknown {
  if (isMergedRecord(type, merged) && isMergedRecord(type, applied)) return ofRecord(type, merged, applied, held);
  if (isMergedList(type, merged) && isMergedList(type, applied)) return ofList(type, merged, applied, held);
  return merged;
}

function ofRecord(type: TypeNode, merged: JsonRecord, applied: JsonRecord, held: FieldSet): JsonRecord {
  const retains = type.kind === "object" && type.merge.retainKeys;
  const kept: JsonRecord = {};
  for (const [name, value] of Object.entries(merged)) {
    const below = held.below.get(`f:${name}`) ?? emptySet;
    const given = member(applied, name);
    if (given === undefined && retains && isEmptySet(below)) continue;
    kept[name] = given === undefined ? value : withoutUnmeant(memberType(type, name), value, given, below);
  }
  return kept;
}

function ofList(
  type: TypeNode,
  merged: readonly unknown[],
  applied: readonly unknown[],
  held: FieldSet,
): readonly unknown[] {
  const given = new Map(elementsOf(type, applied).map(({ path, value }) => [path, value]));
  return elementsOf(type, merged).map(({ path, value }) =>
    given.has(path) ? withoutUnmeant(itemType(type), value, given.get(path), held.below.get(path) ?? emptySet) : value,
  );
}
