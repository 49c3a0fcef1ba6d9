/** Where in a YAML document a field stands that a message names. Pure. */
import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type YAMLSeq } from "yaml";
import { parsePath } from "#proto/resources/schema/field-path.ts";

export const startOf = (node: Node | null | undefined): number => node?.range?.[0] ?? 0;

/** Offset of the key (or list item) at a path; where a part is not written, of what is. */
export function offsetOf(document: Document, path: string): number {
  let node: unknown = document.contents;
  let offset = startOf(document.contents);
  for (const step of stepsOf(path)) {
    const target: unknown = isAlias(node) ? node.resolve(document) : node;
    if (isMap(target)) {
      const pair = target.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (!pair) return offset;
      offset = startOf(pair.key as Node);
      node = pair.value;
    } else if (isSeq(target)) {
      const item = itemAt(target, step);
      if (!item) return offset;
      offset = startOf(item as Node);
      node = item;
    } else return offset;
  }
  return offset;
}

/** What tells an element of a list from others: `[name="web"]`, `[containerPort=80,protocol="TCP"]`. */
type Key = ReadonlyMap<string, unknown>;
type Step = string | number | Key;

const keyPattern = /\[((?:[\w$-]+=(?:"(?:[^"\\]|\\.)*"|[\w.+-]+),?)+)\]/g;
const fieldPattern = /([\w$-]+)=("(?:[^"\\]|\\.)*"|[\w.+-]+)/g;

function stepsOf(path: string): readonly Step[] {
  const steps: Step[] = [];
  let rest = 0;
  for (const match of path.matchAll(keyPattern)) {
    steps.push(...(parsePath(path.slice(rest, match.index)) ?? []));
    const fields = [...(match[1] ?? "").matchAll(fieldPattern)];
    steps.push(new Map(fields.map(([, name = "", text = ""]) => [name, JSON.parse(text) as unknown])));
    rest = match.index + match[0].length;
  }
  return [...steps, ...(parsePath(path.slice(rest)) ?? [])];
}

function itemAt({ items }: YAMLSeq, step: Step): unknown {
  if (typeof step === "number") return items[step];
  if (typeof step === "string") return items.find((item) => isScalar(item) && item.value === step);
  // A field that is a default may be left out.
  return items.find(
    (item) =>
      isMap(item) &&
      [...step].every(([name, value]) => !item.has(name) || item.get(name) === value) &&
      hasAny(item, step),
  );
}

const hasAny = (item: { has(name: string): boolean }, key: Key): boolean =>
  [...key.keys()].some((name) => item.has(name));
