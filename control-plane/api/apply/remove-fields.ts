/** Takes fields out of a value: those an applier no longer applies and nobody else owns. */
import type { TypeNode } from "#proto/resources/schema/fields.ts";
import type { JsonRecord } from "../patch/json.ts";
import { itemType, listMerge, memberType } from "../patch/typed.ts";
import { elementsOf, isMergedList, isMergedRecord } from "./element.ts";
import { emptySet, type FieldSet, fieldSet, isEmptySet } from "./field-set.ts";

/**
 * `dropped` is what leaves; `owned` what somebody holds: an element or object that holds an owned field stays. Objects and
 * lists that lose their last member leave too, as if they had never been set.
 */
export function removeFields(type: TypeNode, value: unknown, dropped: FieldSet, owned: FieldSet): unknown {
  if (isEmptySet(dropped)) return value;
  if (dropped.own && isEmptySet(owned)) return undefined;
  if (isMergedRecord(type, value)) return removeMembers(type, value, dropped, owned);
  if (isMergedList(type, value)) return removeElements(type, value, dropped, owned);
  return value;
}

function removeMembers(type: TypeNode, value: JsonRecord, dropped: FieldSet, owned: FieldSet): JsonRecord | undefined {
  const kept: JsonRecord = {};
  for (const [name, inner] of Object.entries(value)) {
    const path = `f:${name}`;
    const left = removeFields(
      memberType(type, name),
      inner,
      dropped.below.get(path) ?? emptySet,
      owned.below.get(path) ?? emptySet,
    );
    if (left !== undefined) kept[name] = left;
  }
  return isGone(kept, value, owned) ? undefined : kept;
}

function removeElements(
  type: TypeNode,
  value: readonly unknown[],
  dropped: FieldSet,
  owned: FieldSet,
): unknown[] | undefined {
  const kept: unknown[] = [];
  for (const element of elementsOf(type, value)) {
    const left = removeFields(
      itemType(type),
      element.value,
      staying(type, dropped.below.get(element.path) ?? emptySet, owned.below.get(element.path) ?? emptySet),
      owned.below.get(element.path) ?? emptySet,
    );
    if (left !== undefined) kept.push(left);
  }
  return isGone(kept, value, owned) ? undefined : kept;
}

/** An element that stays for another owner keeps the fields by which it is found. */
function staying(type: TypeNode, dropped: FieldSet, owned: FieldSet): FieldSet {
  if (isEmptySet(owned)) return dropped;
  const keys = new Set(listMerge(type).keys.map((name) => `f:${name}`));
  return fieldSet(
    dropped.own,
    [...dropped.below].filter(([path]) => !keys.has(path)),
  );
}

function isGone(kept: object, before: object, owned: FieldSet): boolean {
  return Object.keys(kept).length === 0 && Object.keys(before).length > 0 && isEmptySet(owned);
}
