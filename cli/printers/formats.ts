/** The formats of `-o` that take a word of their own: jsonpath and custom-columns, from the command line or from a file. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { usageProblem } from "../program-options.ts";

export const templateFormats = ["jsonpath", "jsonpath-file", "custom-columns", "custom-columns-file"] as const;
export type TemplateFormat = (typeof templateFormats)[number];

const examples: Readonly<Record<TemplateFormat, string>> = {
  jsonpath: "jsonpath='{.metadata.name}'",
  "jsonpath-file": "jsonpath-file=template.txt",
  "custom-columns": "custom-columns=NAME:.metadata.name,AGE:.metadata.creationTimestamp",
  "custom-columns-file": "custom-columns-file=columns.txt",
};

const isTemplate = (word: string): word is TemplateFormat => (templateFormats as readonly string[]).includes(word);

/** `jsonpath={.kind}` → its two parts. kubectl takes `jsonpath {.kind}` too; a shell's word order makes that ambiguous here. */
export function splitFormat(format: string): { readonly name: TemplateFormat; readonly text: string } | undefined {
  const [, name = "", text = ""] = /^([a-z-]+)=(.*)$/s.exec(format) ?? [];
  return isTemplate(name) ? { name, text } : undefined;
}

/** `-o` for commands that print objects. */
export function objectOutputOption(...formats: readonly string[]): Option {
  const words = [...formats, "name", "json", "yaml"];
  return new Option(
    "-o, --output <format>",
    `how to print: ${[...words, "jsonpath={…}", "jsonpath-file=FILE", "custom-columns=HEADER:.path,…", "custom-columns-file=FILE"].join(", ")}`,
  ).argParser((text: string) => {
    if (words.includes(text) || splitFormat(text)?.text) return text;
    const name = text.replace(/=$/, "");
    if (isTemplate(name)) throw new InvalidArgumentError(`${name} needs more, as in: -o ${examples[name]}.`);
    if (/^(go-)?template/.test(text))
      throw new InvalidArgumentError("Go templates are not there; use -o jsonpath='{…}' or -o json with jq.");
    throw new InvalidArgumentError(`Allowed choices are ${words.join(", ")}, jsonpath=…, custom-columns=….`);
  });
}

/** The template, read from its file where one was named. */
export function templateText(name: TemplateFormat, text: string, workingDirectory: string): string {
  if (!name.endsWith("-file")) return text;
  try {
    return readFileSync(resolve(workingDirectory, text), "utf8");
  } catch (thrown) {
    if (errnoOf(thrown) !== "ENOENT") throw thrown;
    throw new Problem("not-found", `there is no file ${text}`, { hint: `check the path given with -o ${name}` });
  }
}

export interface CustomColumn {
  readonly header: string;
  readonly path: string;
}

/**
 * `NAME:.metadata.name,IMAGE:.spec.containers[*].image`; commas and colons inside brackets belong to the path. A header may be empty, as
 * scripts write it beside --no-headers.
 */
export function parseColumns(text: string): readonly CustomColumn[] {
  const parts = [...text.matchAll(/(?:\[[^\]]*\]|[^,[])+/g)].map(([part]) => part.trim());
  const columns = parts.map((part) => {
    const [, header, path = ""] = /^([^:]*):(.+)$/s.exec(part) ?? [];
    if (header === undefined)
      throw usageProblem(
        `"${part}" is no column`,
        "write columns as HEADER:.path, as in: -o custom-columns=NAME:.metadata.name,NODE:.spec.nodeName",
      );
    return { header, path };
  });
  if (columns.length === 0) throw usageProblem("no columns were given", "as in: -o custom-columns=NAME:.metadata.name");
  return columns;
}

/** A file has headers in its first line and paths in its second, apart by blanks. */
export function parseColumnsFile(text: string): readonly CustomColumn[] {
  const [headers = [], paths = []] = text
    .split("\n")
    .map((line) => line.trim().split(/\s+/).filter(Boolean))
    .filter((words) => words.length > 0);
  if (headers.length === 0 || headers.length !== paths.length)
    throw usageProblem(
      `the column file has ${headers.length} headers and ${paths.length} paths`,
      "write as many paths in its second line as headers in its first",
    );
  return headers.map((header, i) => ({ header, path: paths[i] ?? "" }));
}
