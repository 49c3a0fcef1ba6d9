/**
 * Kubernetes' strategic merge patch: as a merge patch, but lists with a merge key merge element by element, and
 * directives say what members cannot: `$patch` replace/delete/merge, `$retainKeys`, `$deleteFromPrimitiveList/…`,
 * `$setElementOrder/…`.
 */
import { Problem } from "#proto/kit/problem.ts";
import type { TypeNode } from "#proto/resources/schema/fields.ts";
import { isRecord, type JsonRecord, jsonEqual, member } from "./json.ts";
import { itemType, listMerge, memberType } from "./typed.ts";

const deletionPrefix = "$deleteFromPrimitiveList/";
const orderPrefix = "$setElementOrder/";

export function strategicMerge(type: TypeNode, target: unknown, patch: unknown, path = ""): unknown {
  if (!isRecord(patch)) return patch;
  switch (patch.$patch) {
    case undefined:
    case "merge":
      return mergeRecord(type, isRecord(target) ? target : {}, patch, path);
    case "replace":
      return stripped(patch);
    case "delete":
      return undefined;
    default:
      throw malformed(path, `\`$patch\` is "merge", "replace" or "delete"`);
  }
}

function mergeRecord(type: TypeNode, target: JsonRecord, patch: JsonRecord, path: string): JsonRecord {
  const result = retained(target, patch, path);
  for (const [name, value] of Object.entries(patch)) {
    if (name.startsWith("$")) continue;
    const inner = path === "" ? name : `${path}.${name}`;
    if (value === null) {
      delete result[name];
      continue;
    }
    const fieldType = memberType(type, name);
    const merged = Array.isArray(value)
      ? mergeList(fieldType, member(result, name), value, inner)
      : strategicMerge(fieldType, member(result, name), value, inner);
    if (merged === undefined) delete result[name];
    else result[name] = merged;
  }
  for (const [directive, value] of Object.entries(patch)) applyListDirective(type, result, directive, value);
  return result;
}

/** `$retainKeys` names the members that may stay. */
function retained(target: JsonRecord, patch: JsonRecord, path: string): JsonRecord {
  const keys = patch.$retainKeys;
  if (keys === undefined) return { ...target };
  if (!Array.isArray(keys)) throw malformed(path, "`$retainKeys` is a list of field names");
  return Object.fromEntries(Object.entries(target).filter(([name]) => keys.includes(name)));
}

function mergeList(type: TypeNode, target: unknown, patch: readonly unknown[], path: string): unknown[] {
  const merge = listMerge(type);
  const current = Array.isArray(target) ? target : [];
  if (merge.type === "set") return unionOf(current, patch);
  const key = merge.patchMergeKey;
  if (key === undefined) return patch.map(stripped);
  if (patch.some((element) => isRecord(element) && element.$patch === "replace" && Object.keys(element).length === 1)) {
    return patch.filter((element) => !(isRecord(element) && element.$patch === "replace")).map(stripped);
  }
  const result = [...current];
  for (const [i, element] of patch.entries()) mergeElement({ type, key, path: `${path}[${i}]` }, result, element);
  return result;
}

interface ListScope {
  readonly type: TypeNode;
  readonly key: string;
  readonly path: string;
}

function mergeElement({ type, key, path }: ListScope, list: unknown[], patch: unknown): void {
  if (!isRecord(patch)) throw malformed(path, "must be an object");
  const value = member(patch, key);
  if (value === undefined) throw malformed(path, `needs its merge key \`${key}\``);
  const at = list.findIndex((element) => isRecord(element) && jsonEqual(member(element, key), value));
  if (patch.$patch === "delete") {
    if (at >= 0) list.splice(at, 1);
    return;
  }
  const merged = strategicMerge(itemType(type), at < 0 ? {} : list[at], patch, path);
  if (at < 0) list.push(merged);
  else list[at] = merged;
}

function applyListDirective(type: TypeNode, record: JsonRecord, directive: string, value: unknown): void {
  if (!directive.startsWith(deletionPrefix) && !directive.startsWith(orderPrefix)) return;
  const name = directive.slice(directive.indexOf("/") + 1);
  const list = member(record, name);
  if (!Array.isArray(value)) throw malformed(directive, "must be a list");
  if (!Array.isArray(list)) return;
  if (directive.startsWith(deletionPrefix)) {
    record[name] = list.filter((item) => !value.some((gone) => jsonEqual(gone, item)));
  } else {
    record[name] = ordered(list, value, listMerge(memberType(type, name)).patchMergeKey);
  }
}

/** Named elements in the given order; the others keep their place relative to the element before them. */
function ordered(list: readonly unknown[], order: readonly unknown[], key: string | undefined): unknown[] {
  const identity = (element: unknown): unknown =>
    key !== undefined && isRecord(element) ? member(element, key) : element;
  const rank = (element: unknown): number =>
    order.findIndex((wanted) => jsonEqual(identity(wanted), identity(element)));
  const named = list.filter((element) => rank(element) >= 0).sort((left, right) => rank(left) - rank(right));
  let next = 0;
  return list.map((element) => (rank(element) >= 0 ? named[next++] : element));
}

function unionOf(current: readonly unknown[], added: readonly unknown[]): unknown[] {
  const result = [...current];
  for (const item of added) if (!result.some((other) => jsonEqual(other, item))) result.push(item);
  return result;
}

/** Without directives, for what replaces. */
function stripped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stripped);
  if (!isRecord(value)) return value;
  const kept: JsonRecord = {};
  for (const [name, inner] of Object.entries(value)) {
    if (!name.startsWith("$patch") && !name.startsWith("$retainKeys") && inner !== null) kept[name] = stripped(inner);
  }
  return kept;
}

function malformed(path: string, message: string): Problem {
  return new Problem("bad-request", `the patch is malformed at ${path === "" ? "its top" : path}: ${message}`);
}
