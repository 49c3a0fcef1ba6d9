/** The fields a value sets, and those in which two values differ. */
import type { TypeNode } from "#proto/resources/schema/fields.ts";
import { type JsonRecord, jsonEqual, member } from "../patch/json.ts";
import { itemType, memberType } from "../patch/typed.ts";
import { type Element, elementsOf, isMergedList, isMergedRecord } from "./element.ts";
import { emptySet, type FieldSet, fieldSet, leaf, union } from "./field-set.ts";

/** Every field the value sets. Empty objects and lists, and what is replaced as a whole, are one field. */
export function fieldsOf(type: TypeNode, value: unknown): FieldSet {
  if (value === undefined) return emptySet;
  if (isMergedRecord(type, value)) {
    const names = Object.keys(value).filter((name) => value[name] !== undefined);
    if (names.length === 0) return leaf;
    return fieldSet(
      false,
      names.map((name) => [`f:${name}`, fieldsOf(memberType(type, name), value[name])]),
    );
  }
  if (isMergedList(type, value)) {
    if (value.length === 0) return leaf;
    return mergedElements(elementsOf(type, value), (element) => elementFields(type, element));
  }
  return leaf;
}

/** An element is owned itself too: who stops applying it removes it. */
function elementFields(type: TypeNode, element: Element): FieldSet {
  const inner = fieldsOf(itemType(type), element.value);
  return { own: true, below: inner.below };
}

function mergedElements(elements: readonly Element[], fields: (element: Element) => FieldSet): FieldSet {
  const below = new Map<string, FieldSet>();
  for (const element of elements) {
    const other = below.get(element.path);
    below.set(element.path, other ? union(other, fields(element)) : fields(element));
  }
  return fieldSet(false, below);
}

export interface Comparison {
  /** Fields that are new or have another value. */
  readonly changed: FieldSet;
  readonly removed: FieldSet;
}

const same: Comparison = { changed: emptySet, removed: emptySet };

export function compareFields(type: TypeNode, before: unknown, after: unknown): Comparison {
  if (before === after) return same;
  if (before === undefined) return { changed: fieldsOf(type, after), removed: emptySet };
  if (after === undefined) return { changed: emptySet, removed: fieldsOf(type, before) };
  if (isMergedRecord(type, before) && isMergedRecord(type, after)) return compareRecords(type, before, after);
  if (isMergedList(type, before) && isMergedList(type, after)) return compareLists(type, before, after);
  return jsonEqual(before, after) ? same : { changed: fieldsOf(type, after), removed: emptySet };
}

function compareRecords(type: TypeNode, before: JsonRecord, after: JsonRecord): Comparison {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return gather(
    [...names].map((name) => [
      `f:${name}`,
      compareFields(memberType(type, name), member(before, name), member(after, name)),
    ]),
  );
}

function compareLists(type: TypeNode, before: readonly unknown[], after: readonly unknown[]): Comparison {
  const old = new Map(elementsOf(type, before).map((element) => [element.path, element]));
  const parts: [string, Comparison][] = [];
  const seen = new Set<string>();
  for (const element of elementsOf(type, after)) {
    const previous = old.get(element.path);
    seen.add(element.path);
    parts.push([
      element.path,
      previous
        ? compareFields(itemType(type), previous.value, element.value)
        : { changed: elementFields(type, element), removed: emptySet },
    ]);
  }
  for (const [path, element] of old) {
    if (!seen.has(path)) parts.push([path, { changed: emptySet, removed: elementFields(type, element) }]);
  }
  return gather(parts);
}

function gather(parts: readonly (readonly [string, Comparison])[]): Comparison {
  return {
    changed: fieldSet(
      false,
      parts.map(([element, part]) => [element, part.changed]),
    ),
    removed: fieldSet(
      false,
      parts.map(([element, part]) => [element, part.removed]),
    ),
  };
}
