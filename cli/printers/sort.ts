/** `--sort-by`: numbers and quantities by size, times by instant, all else by text; what lacks the field comes first. */
import type { KubeObject } from "#proto/resources/object.ts";
import { compareQuantities, parseQuantity } from "#proto/resources/quantity.ts";
import { textOf, valuesAt } from "./jsonpath/evaluate.ts";
import { parsePath } from "./jsonpath/parse.ts";

/** Stable. Reads the path at once: what is wrong with it is said before anything is asked. `onNothing`: no object has it. */
export function orderBy(text: string, onNothing: () => void): (items: readonly KubeObject[]) => readonly KubeObject[] {
  const path = parsePath(text);
  return (items) => {
    const keyed = items.map((item) => ({ item, key: valuesAt(path, item)[0] }));
    if (keyed.length > 0 && keyed.every(({ key }) => key === undefined)) onNothing();
    return keyed.sort((a, b) => compareKeys(a.key, b.key)).map(({ item }) => item);
  };
}

export function compareKeys(a: unknown, b: unknown): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [left, right] = [textOf(a), textOf(b)];
  if (parseQuantity(left) && parseQuantity(right)) return compareQuantities(left, right);
  return left < right ? -1 : Number(left > right);
}
