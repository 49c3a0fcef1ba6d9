/**
 * Sets of fields, as managedFields keeps them (FieldsV1). Path elements are Kubernetes' spelling: `f:NAME` a field,
 * `k:{"name":"web"}` an element of a list by its key, `v:"x"` an element of a set. A node is in the set itself (`own`),
 * and may hold further fields below.
 */
import { formatPath } from "#proto/resources/schema/field-path.ts";
import { isRecord, type JsonRecord } from "../patch/json.ts";

export interface FieldSet {
  readonly own: boolean;
  readonly below: ReadonlyMap<string, FieldSet>;
}

const none: ReadonlyMap<string, FieldSet> = new Map();
export const emptySet: FieldSet = { own: false, below: none };
export const leaf: FieldSet = { own: true, below: none };

export function isEmptySet(set: FieldSet): boolean {
  return !set.own && set.below.size === 0;
}

/** Keeps the tree free of empty branches: two sets with equal fields have equal trees. */
export function fieldSet(own: boolean, below: Iterable<readonly [string, FieldSet]>): FieldSet {
  const kept = new Map<string, FieldSet>();
  for (const [element, inner] of below) if (!isEmptySet(inner)) kept.set(element, inner);
  return kept.size === 0 ? (own ? leaf : emptySet) : { own, below: kept };
}

export function union(left: FieldSet, right: FieldSet): FieldSet {
  if (isEmptySet(left)) return right;
  if (isEmptySet(right)) return left;
  const below = new Map(left.below);
  for (const [element, inner] of right.below) {
    const other = below.get(element);
    below.set(element, other ? union(other, inner) : inner);
  }
  return fieldSet(left.own || right.own, below);
}

export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  const below: [string, FieldSet][] = [];
  for (const [element, inner] of left.below) {
    const other = right.below.get(element);
    if (other) below.push([element, intersection(inner, other)]);
  }
  return fieldSet(left.own && right.own, below);
}

/** What is in `left` and not in `right`. */
export function difference(left: FieldSet, right: FieldSet): FieldSet {
  if (isEmptySet(right)) return left;
  const below: [string, FieldSet][] = [];
  for (const [element, inner] of left.below) {
    const other = right.below.get(element);
    below.push([element, other ? difference(inner, other) : inner]);
  }
  return fieldSet(left.own && !right.own, below);
}

export function equalSets(left: FieldSet, right: FieldSet): boolean {
  if (left.own !== right.own || left.below.size !== right.below.size) return false;
  for (const [element, inner] of left.below) {
    const other = right.below.get(element);
    if (!other || !equalSets(inner, other)) return false;
  }
  return true;
}

/** The members of a set as paths, for people: `.spec.containers[name="web"].image`. At most `limit`. */
export function* paths(set: FieldSet, prefix = ""): Generator<string, void, undefined> {
  if (set.own) yield prefix;
  for (const [element, inner] of set.below) yield* paths(inner, prefix + formatElement(element));
}

function formatElement(element: string): string {
  const rest = element.slice(2);
  if (element.startsWith("f:")) return `.${formatPath([rest])}`.replace(/^\.\[/, "[");
  if (element.startsWith("k:")) {
    const key = parseRecord(rest);
    if (key) return `[${Object.entries(key).map(([name, value]) => `${name}=${JSON.stringify(value)}`)}]`;
  }
  return `[${rest}]`;
}

export function toFieldsV1(set: FieldSet): JsonRecord {
  const fields: JsonRecord = {};
  if (set.own && set.below.size > 0) fields["."] = {};
  for (const [element, inner] of set.below) fields[element] = toFieldsV1(inner);
  return fields;
}

/** Foreign input: what is not a field set is left out. The root is never a member itself. */
export function fromFieldsV1(fields: unknown): FieldSet {
  return { own: false, below: readNode(fields, 0).below };
}

const maxDepth = 64;

function readNode(fields: unknown, depth: number): FieldSet {
  if (!isRecord(fields) || depth > maxDepth) return emptySet;
  const names = Object.keys(fields);
  if (names.length === 0) return leaf;
  const below: [string, FieldSet][] = [];
  for (const name of names) {
    if (/^[fkvi]:/.test(name)) below.push([name, readNode(fields[name], depth + 1)]);
  }
  return fieldSet(Object.hasOwn(fields, "."), below);
}

function parseRecord(text: string): JsonRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
