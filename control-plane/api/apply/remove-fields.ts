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
export function removeFields(type: TypeNode, value: unknown, dropped: FieldSet, owned: FieldSet, depth = 0): unknown {
  if (isEmptySet(dropped)) return value;
  if (dropped.own && isEmptySet(owned)) return undefined;
  if (isMergedRecord(type, value)) {
    // What is left of an object that nobody holds is defaults: of `httpGet` without its port, path and scheme.
    if (type.kind === "object" && depth >= leastDepth && isEmptySet(owned)) return undefined;
    return removeMembers(type, value, dropped, { owned, depth });
  }
  if (isMergedList(type, value)) return removeElements(type, value, dropped, { owned, depth });
  return value;
}

/** An object's metadata and spec themselves stay: others write there without a name. */
const leastDepth = 2;

interface Held {
  readonly owned: FieldSet;
  readonly depth: number;
}

function removeMembers(
  type: TypeNode,
  value: JsonRecord,
  dropped: FieldSet,
  { owned, depth }: Held,
): JsonRecord | undefined {
  const kept: JsonRecord = {};
  for (const [name, inner] of Object.entries(value)) {
    const path = `f:${name}`;
    const left = removeFields(
      memberType(type, name),
      inner,
      dropped.below.get(path) ?? emptySet,
      owned.below.get(path) ?? emptySet,
      depth + 1,
    );
    if (left !== undefined) kept[name] = left;
  }
  return isGone(kept, value, owned) ? undefined : kept;
}

function removeElements(
  type: TypeNode,
  value: readonly unknown[],
  dropped: FieldSet,
  { owned, depth }: Held,
): unknown[] | undefined {
  const kept: unknown[] = [];
  for (const element of elementsOf(type, value)) {
    const left = removeFields(
      itemType(type),
      element.value,
      staying(type, dropped.below.get(element.path) ?? emptySet, owned.below.get(element.path) ?? emptySet),
      owned.below.get(element.path) ?? emptySet,
      depth + 1,
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
