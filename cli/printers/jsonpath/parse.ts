/**
 * kubectl's JSONPath: `.items[*].metadata.name`, `..image`, `['a','b']`, `[0:2]`, `[?(@.type=="Ready")].status`. Names may have
 * escaped dots (`.metadata.labels.app\.kubernetes\.io/name`). Text → steps. Pure.
 */
import { usageProblem } from "../../program-options.ts";

export type Operator = "==" | "!=" | "<" | "<=" | ">" | ">=";

export type Operand =
  | { readonly kind: "path"; readonly path: JsonPath }
  | { readonly kind: "literal"; readonly value: string | number | boolean | null };

export type Step =
  | { readonly kind: "names"; readonly names: readonly string[] }
  | { readonly kind: "indexes"; readonly indexes: readonly number[] }
  | { readonly kind: "slice"; readonly from?: number; readonly to?: number; readonly by: number }
  | { readonly kind: "all" }
  | { readonly kind: "descend" }
  | { readonly kind: "filter"; readonly left: Operand; readonly operator?: Operator; readonly right?: Operand };

export interface JsonPath {
  /** `$` starts at the whole document, all else at the current value. */
  readonly fromRoot: boolean;
  readonly steps: readonly Step[];
}

/** Reads text from left to right; every error shows where. */
export class Reader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get rest(): string {
    return this.text.slice(this.at);
  }
  get isDone(): boolean {
    return this.at >= this.text.length;
  }

  take(pattern: RegExp): RegExpExecArray | undefined {
    const match = pattern.exec(this.rest);
    if (match?.index !== 0) return undefined;
    this.at += match[0].length;
    return match;
  }

  fail(message: string): never {
    throw usageProblem(
      `the path cannot be read at character ${this.at + 1}: ${message}: ${this.text.slice(0, this.at)}⟨here⟩${this.rest}`,
      'write it as {.metadata.name}, {.items[*].spec.nodeName} or {.status.conditions[?(@.type=="Ready")].status}',
    );
  }
}

/** A whole text as one path; braces around it, and the first dot, may be left out. */
export function parsePath(text: string): JsonPath {
  const bare = text
    .trim()
    .replace(/^\{(.*)\}$/s, "$1")
    .trim();
  const reader = new Reader(/^[$@.[]/.test(bare) ? bare : `.${bare}`);
  const path = readPath(reader);
  return reader.isDone ? path : reader.fail("here the path should end");
}

const nameAfterDot = /^\.((?:\\.|[^\s.[\]{}()'"=!<>&|,\\])+)/;

/** As far as a path goes. */
export function readPath(reader: Reader): JsonPath {
  const fromRoot = reader.take(/^[$@]/)?.[0] === "$";
  const steps: Step[] = [];
  while (true) {
    if (reader.take(/^\.\.(?=[^.])/)) {
      steps.push({ kind: "descend" });
      if (reader.rest.startsWith("[")) continue;
      reader.at--;
    }
    if (reader.take(/^\.\*/)) steps.push({ kind: "all" });
    else if (reader.rest.startsWith("[")) steps.push(readBrackets(reader));
    else {
      const name = reader.take(nameAfterDot)?.[1];
      if (name !== undefined) steps.push({ kind: "names", names: [name.replace(/\\(.)/g, "$1")] });
      else if (reader.rest.startsWith(".") && reader.rest.length > 1) reader.fail("a name should stand after the dot");
      else {
        reader.take(/^\.$/);
        return { fromRoot, steps };
      }
    }
  }
}

const quoted = /^(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)")/;

export function takeQuoted(reader: Reader): string | undefined {
  const match = reader.take(quoted);
  if (!match) return undefined;
  return (match[1] ?? match[2] ?? "").replace(/\\(.)/gs, (_, char: string) => escapes[char] ?? char);
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

function readBrackets(reader: Reader): Step {
  reader.take(/^\[\s*/);
  const step = readInside(reader);
  if (!reader.take(/^\s*\]/)) reader.fail("] is missing");
  return step;
}

function readInside(reader: Reader): Step {
  if (reader.take(/^\*/)) return { kind: "all" };
  if (reader.take(/^\?\(\s*/)) return readFilter(reader);
  const slice = reader.take(/^(-?\d+)?\s*:\s*(-?\d+)?(?:\s*:\s*(\d+))?/);
  if (slice) {
    const by = slice[3] === undefined ? 1 : Number(slice[3]);
    if (by === 0) reader.fail("the step of a slice is at least 1");
    return {
      kind: "slice",
      by,
      ...(slice[1] !== undefined && { from: Number(slice[1]) }),
      ...(slice[2] !== undefined && { to: Number(slice[2]) }),
    };
  }
  const indexes: number[] = [];
  const names: string[] = [];
  do {
    const index = reader.take(/^-?\d+(?=\s*[,\]])/)?.[0];
    const name = index === undefined ? (takeQuoted(reader) ?? reader.take(/^[^\s'",[\]]+/)?.[0]) : undefined;
    if (index !== undefined) indexes.push(Number(index));
    else if (name !== undefined) names.push(name);
    else reader.fail("a number, a quoted name, * or ?(…) should stand here");
  } while (reader.take(/^\s*,\s*/));
  if (indexes.length > 0 && names.length > 0) reader.fail("numbers and names do not mix");
  return indexes.length > 0 ? { kind: "indexes", indexes } : { kind: "names", names };
}

function readFilter(reader: Reader): Step {
  const left = readOperand(reader);
  const operator = reader.take(/^\s*(==|!=|<=|>=|<|>)\s*/)?.[1] as Operator | undefined;
  const right = operator === undefined ? undefined : readOperand(reader);
  if (!reader.take(/^\s*\)/)) reader.fail('a filter is one comparison, as ?(@.type=="Ready")');
  return { kind: "filter", left, ...(operator !== undefined && right !== undefined && { operator, right }) };
}

function readOperand(reader: Reader): Operand {
  const text = takeQuoted(reader);
  if (text !== undefined) return { kind: "literal", value: text };
  const number = reader.take(/^-?\d+(\.\d+)?/)?.[0];
  if (number !== undefined) return { kind: "literal", value: Number(number) };
  const word = reader.take(/^(true|false|null)\b/)?.[1];
  if (word !== undefined) return { kind: "literal", value: word === "null" ? null : word === "true" };
  if (!/^[@$]/.test(reader.rest)) reader.fail("a filter compares @.field with a number, a quoted text, true or false");
  return { kind: "path", path: readPath(reader) };
}
