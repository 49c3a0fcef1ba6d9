/** Docker's `--format`: `{{.Name}}: {{.Status}}`, `table {{.Name}}\t{{.Node}}`, `{{json .}}`, `json`. No functions but json. Pure. */
import { usageProblem } from "../program-options.ts";
import { renderTable } from "./table.ts";

type Values = Readonly<Record<string, unknown>>;

type Part = { readonly text: string } | { readonly path: readonly string[]; readonly asJson: boolean };

export interface Template {
  readonly isTable: boolean;
  readonly parts: readonly Part[];
}

export function parseTemplate(text: string): Template {
  const isTable = text === "table" || text.startsWith("table ");
  const body = (isTable ? text.slice("table ".length) : text === "json" ? "{{json .}}" : text)
    .replaceAll("\\t", "\t")
    .replaceAll("\\n", "\n");
  const parts: Part[] = [];
  for (const piece of body.split(/(\{\{.*?\}\})/s)) {
    if (!piece.startsWith("{{")) {
      if (piece !== "") parts.push({ text: piece });
      continue;
    }
    const match = /^\{\{-?\s*(json\s+)?\.([\w./-]*)\s*-?\}\}$/.exec(piece);
    if (!match)
      throw usageProblem(
        `--format: ${piece} is not known`,
        "fields as {{.Name}} and {{json .}} are; for more use -o jsonpath=… or -o json with jq",
      );
    parts.push({ path: (match[2] ?? "").split(".").filter((name) => name !== ""), asJson: match[1] !== undefined });
  }
  return { isTable, parts };
}

/** One line (or table row) for each. Names of fields are found whatever their case, as Docker writes them with capitals. */
export function render({ isTable, parts }: Template, items: readonly Values[]): string {
  const lines = items.map((item) => parts.map((part) => partText(part, item)).join(""));
  if (!isTable) return lines.map((line) => `${line}\n`).join("");
  const headers = parts.map((part) => ("text" in part ? part.text : (part.path.at(-1) ?? "").toUpperCase())).join("");
  return renderTable(
    headers.split("\t"),
    lines.map((line) => line.split("\t")),
  );
}

function partText(part: Part, item: Values): string {
  if ("text" in part) return part.text;
  const value = part.path.reduce<unknown>(member, item);
  if (value === undefined && !part.asJson)
    throw usageProblem(
      `--format: there is no field .${part.path.join(".")}`,
      `there are: ${Object.keys(item).join(", ")}`,
    );
  return part.asJson || typeof value === "object" ? JSON.stringify(value ?? null) : String(value);
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  const wanted = name.toLowerCase();
  const found = Object.entries(value).find(([key]) => key.toLowerCase() === wanted);
  return found?.[1];
}
