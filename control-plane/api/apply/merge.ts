/** Lays an applied configuration over the live object, field by field. */
import type { TypeNode } from "#proto/resources/schema/fields.ts";
import { type JsonRecord, member } from "../patch/json.ts";
import { itemType, memberType } from "../patch/typed.ts";
import { assertElements, type Element, elementsOf, isMergedList, isMergedRecord } from "./element.ts";

/** `path` is for messages. Throws `invalid` for lists whose elements cannot be told apart. */
export function mergeApplied(type: TypeNode, live: unknown, applied: unknown, path = ""): unknown {
  if (applied === undefined) return live;
  if (isMergedRecord(type, applied)) return mergeRecords(type, isMergedRecord(type, live) ? live : {}, applied, path);
  if (isMergedList(type, applied)) return mergeLists(type, isMergedList(type, live) ? live : [], applied, path);
  return applied;
}

function mergeRecords(type: TypeNode, live: JsonRecord, applied: JsonRecord, path: string): JsonRecord {
  const merged: JsonRecord = { ...live };
  for (const [name, value] of Object.entries(applied)) {
    const inner = path === "" ? name : `${path}.${name}`;
    merged[name] = mergeApplied(memberType(type, name), member(live, name), value, inner);
  }
  return merged;
}

/** The applied order holds; live elements that are not applied keep their place between their neighbours. */
function mergeLists(type: TypeNode, live: readonly unknown[], applied: readonly unknown[], path: string): unknown[] {
  assertElements(type, applied, path);
  const old = elementsOf(type, live);
  const wanted = elementsOf(type, applied);
  const wantedPaths = new Set(wanted.map((element) => element.path));
  const oldByPath = new Map(old.map((element) => [element.path, element]));
  const placed = new Set<string>();
  const merged: unknown[] = [];
  let at = 0;
  const placeUnapplied = (): void => {
    for (; at < old.length; at++) {
      const { path: standing, value } = old[at] ?? { path: "", value: undefined };
      if (!wantedPaths.has(standing)) merged.push(value);
      else if (!placed.has(standing)) return;
    }
  };
  for (const [i, element] of wanted.entries()) {
    placeUnapplied();
    merged.push(mergeElement(type, oldByPath.get(element.path), element, `${path}[${i}]`));
    placed.add(element.path);
  }
  placeUnapplied();
  return merged;
}

function mergeElement(type: TypeNode, live: Element | undefined, applied: Element, path: string): unknown {
  return mergeApplied(itemType(type), live?.value, applied.value, path);
}
