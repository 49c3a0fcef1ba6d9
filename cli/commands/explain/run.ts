/** Reads the schemas that orchctl carries: no cluster is asked. */
import { Problem } from "#proto/kit/problem.ts";
import { catalog } from "#proto/resources/catalog.ts";
import { exampleOf, type FieldExample } from "#proto/resources/examples.ts";
import { type Explanation, explain, type FieldDoc, fieldLevels } from "#proto/resources/explain.ts";
import { definitions, findDefinition, type ResourceDefinition } from "#proto/resources/registry.ts";
import type { Environment } from "../../environment.ts";
import { jsonOf } from "../../printers/json.ts";
import { renderTable } from "../../printers/table.ts";
import { definitionOf } from "../targets.ts";

export interface ExplainFlags {
  readonly recursive?: boolean;
  readonly output?: string;
}

export interface ApiResourcesFlags {
  readonly levels?: boolean;
  readonly output?: string;
}

export async function runExplain(path: string, flags: ExplainFlags, environment: Environment): Promise<void> {
  const [kind = "", ...steps] = path.split(".");
  const definition = findDefinition(definitionOf(kind));
  if (!definition) throw new Problem("not-found", `there is no schema of ${kind}`);
  const result = explain(definition, steps.join("."));
  if (!result.ok) {
    const parent = [definition.singular, ...steps.slice(0, -1)].join(".");
    throw new Problem("not-found", result.message, { hint: `orchctl explain ${parent} lists the fields there are` });
  }
  const { explanation } = result;
  const example = exampleOf(definition, explanation.path);
  if (flags.output === "json")
    environment.out.write(jsonOf({ ...explanation, ...(example && { example: example.value }) }));
  else if (flags.recursive) environment.out.write(heading(explanation) + tree(definition, explanation, 1));
  else environment.out.write(renderExplanation(explanation) + (example ? await renderExample(example) : ""));
}

/** In its place, from the kind's top. */
async function renderExample({ manifest }: FieldExample): Promise<string> {
  const { yamlOf } = await import("../../printers/yaml.ts");
  return `\nEXAMPLE:\n${yamlOf(manifest).replace(/^(?=.)/gm, "  ")}`;
}

const isScalar = (explanation: Explanation): boolean => explanation.fields.length === 0;

function heading({ kind, apiVersion, path, field }: Explanation): string {
  const lines = [`KIND:     ${kind}`, `VERSION:  ${apiVersion}`];
  if (path !== "") lines.push(`FIELD:    ${path} <${field.type}>${field.required ? " required" : ""}`);
  lines.push(`LEVEL:    ${levelText(field)}`);
  if (field.default !== undefined) lines.push(`DEFAULT:  ${JSON.stringify(field.default)}`);
  if (field.choices) lines.push(`CHOICES:  ${field.choices.join(", ")}`);
  return `${lines.join("\n")}\n${field.description ? `\n${field.description}\n` : ""}\n`;
}

/** `works`, or what else becomes of the field and why. */
function levelText({ level, reason }: FieldDoc): string {
  if (level === "works") return "works";
  return `${level === "accepted" ? "accepted without effect" : "refused"}${reason ? `: ${reason}` : ""}`;
}

function renderExplanation(explanation: Explanation): string {
  if (isScalar(explanation)) return heading(explanation).trimEnd().concat("\n");
  const rows = explanation.fields.map((field) => [
    field.name + (field.required ? "*" : ""),
    field.type,
    field.level === "works" ? "" : field.level,
    [field.level === "works" ? undefined : field.reason, field.description].filter(Boolean).join(". "),
  ]);
  const needed = explanation.fields.some((field) => field.required) ? "* required\n" : "";
  return heading(explanation) + renderTable(["FIELD", "TYPE", "LEVEL", ""], rows) + needed;
}

const maxDepth = 12;

function tree(definition: ResourceDefinition, at: Explanation, depth: number): string {
  const indent = "  ".repeat(depth);
  return at.fields
    .map((field) => {
      const line = `${indent}${field.name} <${field.type}>${field.level === "works" ? "" : `  ${field.level}`}\n`;
      if (depth >= maxDepth || field.level === "refused") return line;
      const below = explain(definition, at.path === "" ? field.name : `${at.path}.${field.name}`);
      return line + (below.ok ? tree(definition, below.explanation, depth + 1) : "");
    })
    .join("");
}

export function runApiResources(flags: ApiResourcesFlags, environment: Environment): void {
  if (flags.output === "name") environment.out.write(catalog.map((entry) => `${entry.resource}\n`).join(""));
  else if (flags.output === "json") {
    const rows = catalog.map(({ plural, shortNames, apiVersion, namespaced, kind, subresources }) => ({
      name: plural,
      shortNames,
      apiVersion,
      namespaced,
      kind,
      subresources,
    }));
    environment.out.write(`${JSON.stringify(rows, undefined, 2)}\n`);
  } else if (flags.levels) environment.out.write(renderLevels());
  else {
    const rows = catalog.map(({ plural, shortNames, apiVersion, namespaced, kind }) => [
      plural,
      shortNames.join(","),
      apiVersion,
      String(namespaced),
      kind,
    ]);
    environment.out.write(renderTable(["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"], rows));
  }
}

function renderLevels(): string {
  const rows = definitions.map((definition) => {
    const levels = fieldLevels(definition);
    const count = (level: string): string => String(levels.filter((one) => one.level === level).length);
    return [definition.kind, count("accepted"), count("refused"), `orchctl explain ${definition.singular} --recursive`];
  });
  return renderTable(["KIND", "WITHOUT EFFECT", "REFUSED", "SHOWN BY"], rows);
}
