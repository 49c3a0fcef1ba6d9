/** What a path finds in a value, in order. What is not there is not found: no error, as with kubectl. Pure. */
import type { JsonPath, Operand, Operator, Step } from "./parse.ts";

export function valuesAt(path: JsonPath, current: unknown, root: unknown = current): readonly unknown[] {
  let values: readonly unknown[] = [path.fromRoot ? root : current];
  for (const step of path.steps) values = values.flatMap((value) => follow(step, value, root));
  return values;
}

function follow(step: Step, value: unknown, root: unknown): readonly unknown[] {
  switch (step.kind) {
    case "names":
      return isRecord(value) ? step.names.filter((name) => Object.hasOwn(value, name)).map((name) => value[name]) : [];
    case "all":
      return childrenOf(value);
    case "descend":
      return [value, ...childrenOf(value).flatMap((child) => follow(step, child, root))];
    case "indexes":
      return Array.isArray(value) ? step.indexes.flatMap((index) => elementAt(value, index)) : [];
    case "slice":
      return Array.isArray(value) ? sliced(value, step) : [];
    case "filter":
      return childrenOf(value).filter((child) => isTrue(step, child, root));
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const childrenOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : [];

function elementAt(list: readonly unknown[], index: number): readonly unknown[] {
  const at = index < 0 ? list.length + index : index;
  return at in list ? [list[at]] : [];
}

function sliced(list: readonly unknown[], { from, to, by }: Extract<Step, { kind: "slice" }>): readonly unknown[] {
  return list.slice(from ?? 0, to ?? list.length).filter((_, index) => index % by === 0);
}

function isTrue({ left, operator, right }: Extract<Step, { kind: "filter" }>, child: unknown, root: unknown): boolean {
  const found = operandValues(left, child, root);
  if (operator === undefined || right === undefined) return found.length > 0;
  const wanted = operandValues(right, child, root);
  return found.length > 0 && wanted.length > 0 && compares(operator, found[0], wanted[0]);
}

const operandValues = (operand: Operand, child: unknown, root: unknown): readonly unknown[] =>
  operand.kind === "literal" ? [operand.value] : valuesAt(operand.path, child, root);

function compares(operator: Operator, left: unknown, right: unknown): boolean {
  if (operator === "==") return left === right;
  if (operator === "!=") return left !== right;
  const comparable =
    (typeof left === "number" && typeof right === "number") || (typeof left === "string" && typeof right === "string");
  if (!comparable) return false;
  if (operator === "<") return left < right;
  if (operator === "<=") return left <= right;
  return operator === ">" ? left > right : left >= right;
}

/** As text: strings as they are, all else as JSON. */
export const textOf = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
