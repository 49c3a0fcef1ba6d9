/** How elements of lists are named in field sets, and found again. */
import { Problem } from "#proto/kit/problem.ts";
import type { TypeNode } from "#proto/resources/schema/fields.ts";
import { isRecord, type JsonRecord } from "../patch/json.ts";
import { elementKey, listMerge } from "../patch/typed.ts";

export interface Element {
  /** `k:…` or `v:…`. */
  readonly path: string;
  readonly value: unknown;
}

/** Elements of a set or list-map by path. An element without its key goes by its position, so that nothing is lost. */
export function elementsOf(type: TypeNode, list: readonly unknown[]): readonly Element[] {
  const merge = listMerge(type);
  return list.map((value, i) => {
    if (merge.type === "set") return { path: `v:${JSON.stringify(value)}`, value };
    const key = elementKey(type, value);
    return { path: key ? `k:${JSON.stringify(sorted(key))}` : `i:${i}`, value };
  });
}

/** In an applied configuration every element has its key, once. */
export function assertElements(type: TypeNode, list: readonly unknown[], path: string): void {
  const merge = listMerge(type);
  const seen = new Set<string>();
  for (const [i, element] of elementsOf(type, list).entries()) {
    const at = `${path}[${i}]`;
    if (element.path.startsWith("i:")) {
      throw invalid(at, `must have ${merge.keys.join(" and ")}: elements of this list are told apart by it`);
    }
    if (merge.type === "set" && typeof element.value === "object") throw invalid(at, "must be a plain value");
    if (seen.has(element.path)) throw invalid(at, `stands in the list twice`);
    seen.add(element.path);
  }
}

function invalid(path: string, message: string): Problem {
  const cause = { path, message, reason: "FieldValueInvalid" };
  return new Problem("invalid", `${path} ${message}`, { causes: [cause] });
}

function sorted(key: JsonRecord): JsonRecord {
  return Object.fromEntries(Object.entries(key).sort(([left], [right]) => (left < right ? -1 : 1)));
}

export function isMergedList(type: TypeNode, value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && listMerge(type).type !== "atomic";
}

export function isMergedRecord(type: TypeNode, value: unknown): value is JsonRecord {
  return isRecord(value) && (type.kind === "object" ? !type.merge.atomic : type.kind === "map" && !type.atomic);
}
