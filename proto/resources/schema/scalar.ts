/** Reads single values: their types, their closed sets, their forms. */
import { canonicalQuantity } from "../quantity.ts";
import type { ScalarNode } from "./fields.ts";
import { type CauseReason, quote } from "./findings.ts";
import { nearestWord } from "./suggest.ts";

export type ScalarResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: CauseReason; readonly message: string };

const ok = (value: unknown): ScalarResult => ({ ok: true, value });
const wrongType = (message: string): ScalarResult => ({ ok: false, reason: "FieldValueTypeInvalid", message });
const wrongValue = (message: string): ScalarResult => ({ ok: false, reason: "FieldValueInvalid", message });

const rfc3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;
const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** What a value is, for a sentence: `text`, `the number 5`. */
export function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  if (typeof value === "string") return `the text ${quote(value)}`;
  if (typeof value === "number") return `the number ${value}`;
  return typeof value === "boolean" ? String(value) : typeof value;
}

export function readScalar(type: ScalarNode, input: unknown): ScalarResult {
  if (type.secret === true && typeof input !== "string") return wrongType("must be text: write it in quotes");
  switch (type.kind) {
    case "string":
      return readText(type, input);
    case "integer":
      return readInteger(type, input);
    case "boolean":
      return typeof input === "boolean" ? ok(input) : wrongType(`must be true or false, not ${typeName(input)}`);
    case "quantity":
      return readQuantity(input);
    case "int-or-string":
      return typeof input === "string" ? ok(input) : readInteger({ ...type, min: -2147483648, max: 2147483647 }, input);
    case "time":
      return readTime(input);
    case "bytes":
      return readBytes(input);
  }
}

function readText(type: ScalarNode, input: unknown): ScalarResult {
  if (typeof input === "number" || typeof input === "boolean")
    return wrongType(`must be text, not ${typeName(input)}: write it in quotes, as "${input}"`);
  if (typeof input !== "string") return wrongType(`must be text, not ${typeName(input)}`);
  const { choices } = type;
  if (choices === undefined || choices.includes(input)) return ok(input);
  const near = nearestWord(input, choices);
  const guess = near === undefined ? "" : `; did you mean \`${near}\`?`;
  const one = choices.length === 1 ? `must be \`${choices[0]}\`` : `must be one of ${choices.map(quote).join(", ")}`;
  return {
    ok: false,
    reason: "FieldValueNotSupported",
    message: `${one}, not ${quote(input)}${choices.length === 1 ? "" : guess}`,
  };
}

function readInteger(type: ScalarNode, input: unknown): ScalarResult {
  if (typeof input !== "number") return wrongType(`must be a whole number, not ${typeName(input)}`);
  if (!Number.isInteger(input)) return wrongType(`must be a whole number, not ${input}`);
  const { min = -2147483648, max = 2147483647 } = type;
  if (min === 0 && input < 0) return wrongValue("must not be negative");
  return input < min || input > max ? wrongValue(`must be from ${min} to ${max}`) : ok(input);
}

function readQuantity(input: unknown): ScalarResult {
  if (typeof input !== "string" && typeof input !== "number")
    return wrongType(`must be a quantity, as \`500m\` or \`128Mi\`, not ${typeName(input)}`);
  const canonical = canonicalQuantity(String(input));
  return canonical === undefined
    ? wrongValue(`${quote(input)} is not a quantity: write as \`500m\`, \`1.5\`, \`128Mi\` or \`2G\``)
    : ok(canonical);
}

function readTime(input: unknown): ScalarResult {
  if (typeof input !== "string")
    return wrongType(`must be a time, as \`2026-01-31T12:00:00Z\`, not ${typeName(input)}`);
  return rfc3339.test(input) && !Number.isNaN(Date.parse(input))
    ? ok(input)
    : wrongValue(`${quote(input)} is not a time: write as \`2026-01-31T12:00:00Z\``);
}

function readBytes(input: unknown): ScalarResult {
  if (typeof input !== "string") return wrongType("must be base64 text");
  const joined = input.includes("\n") ? input.replaceAll(/[\r\n]/g, "") : input;
  return joined.length % 4 === 0 && base64.test(joined)
    ? ok(joined)
    : wrongValue("is not base64; for plain text use `stringData` (Secret) or `data` (ConfigMap)");
}
