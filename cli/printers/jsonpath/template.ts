/** Templates of `-o jsonpath=`: text, `{PATH}`, `{"\n"}` and `{range PATH}…{end}`. */
import { textOf, valuesAt } from "./evaluate.ts";
import { type JsonPath, Reader, readPath, takeQuoted } from "./parse.ts";

type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "path"; readonly path: JsonPath }
  | { readonly kind: "range"; readonly path: JsonPath; readonly parts: readonly Part[] };

export type Template = readonly Part[];

export function parseTemplate(text: string): Template {
  const reader = new Reader(text);
  const parts = readParts(reader, false);
  return reader.isDone ? parts : reader.fail("{end} without {range}");
}

function readParts(reader: Reader, inRange: boolean): readonly Part[] {
  const parts: Part[] = [];
  while (!reader.isDone) {
    const text = reader.take(/^[^{]+/)?.[0];
    if (text !== undefined) parts.push({ kind: "text", text });
    else if (/^\{\s*end\s*\}/.test(reader.rest)) return parts;
    else readAction(reader, parts);
  }
  return inRange ? reader.fail("{end} is missing") : parts;
}

function readAction(reader: Reader, parts: Part[]): void {
  reader.take(/^\{\s*/);
  if (reader.take(/^range\s+/)) {
    const path = readPath(reader);
    if (!reader.take(/^\s*\}/)) reader.fail("} is missing");
    const inner = readParts(reader, true);
    reader.take(/^\{\s*end\s*\}/);
    parts.push({ kind: "range", path, parts: inner });
    return;
  }
  do {
    const text = takeQuoted(reader);
    if (text !== undefined) parts.push({ kind: "text", text });
    else if (/^[.[$@]/.test(reader.rest)) parts.push({ kind: "path", path: readPath(reader) });
    else reader.fail("a path begins with a dot, $ or @; text stands in quotes");
    reader.take(/^\s+/);
  } while (!reader.isDone && !reader.rest.startsWith("}"));
  if (!reader.take(/^\}/)) reader.fail("} is missing");
}

export function renderTemplate(template: Template, value: unknown, root: unknown = value): string {
  return template
    .map((part) => {
      if (part.kind === "text") return part.text;
      const values = valuesAt(part.path, value, root);
      if (part.kind === "path") return values.map(textOf).join(" ");
      return values.map((inner) => renderTemplate(part.parts, inner, root)).join("");
    })
    .join("");
}
