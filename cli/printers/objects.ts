/** Objects as a table, wide table, names, JSON or YAML. */
import type { CatalogEntry } from "#proto/resources/catalog.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Environment } from "../environment.ts";
import { usageProblem } from "../program-options.ts";
import { type CustomColumn, parseColumns, parseColumnsFile, splitFormat, templateText } from "./formats.ts";
import { jsonOf } from "./json.ts";
import { columnWidths, renderLines, renderTable, visible, visibleLines } from "./table.ts";

export interface ObjectsOf {
  readonly definition: CatalogEntry;
  readonly items: readonly KubeObject[];
}

export interface ObjectPrinter {
  readonly isTable: boolean;
  /** `single`: one object was asked for by name: it stands alone, not in a List. */
  print(found: readonly ObjectsOf[], options: { readonly single: boolean }): string;
  /** One change of a watch. */
  printChange(definition: CatalogEntry, object: KubeObject, type: string): string;
}

export interface PrinterOptions {
  readonly format: string;
  readonly headers: boolean;
  readonly showNamespace: boolean;
  readonly showKind: boolean;
  readonly showLabels: boolean;
  /** Labels with a column of their own. */
  readonly labelColumns?: readonly string[];
  /** In JSON and YAML. kubectl leaves managedFields out too: they drown the rest. */
  readonly showManagedFields?: boolean;
  readonly nowMs: () => number;
  /** Where files of templates are looked for. */
  readonly workingDirectory?: string;
  /** A terminal gets no control characters from templates; a file gets every byte. */
  readonly isTerminal?: boolean;
}

/** The printer of a command whose table nobody asks for. */
export const plainPrinter = (
  format: string,
  { clock, out, workingDirectory }: Pick<Environment, "clock" | "out" | "workingDirectory">,
): Promise<ObjectPrinter> =>
  printerFor({
    ...{ format, headers: true, showNamespace: false, showKind: false, showLabels: false },
    ...{ nowMs: () => clock.nowMs(), workingDirectory, isTerminal: out.isTerminal },
  });

/** The YAML library is loaded only for YAML. */
export async function printerFor(options: PrinterOptions): Promise<ObjectPrinter> {
  switch (options.format) {
    case "table":
    case "wide":
      return tablePrinter(options);
    case "name":
      return textPrinter((found) =>
        found.flatMap(({ definition, items }) => items.map((item) => `${nameOf(definition, item)}\n`)).join(""),
      );
    case "json":
      return textPrinter((found, single) => jsonOf(asValue(found, single, options)));
    case "yaml": {
      const { yamlOf } = await import("./yaml.ts");
      const render = (found: readonly ObjectsOf[], single: boolean): string => yamlOf(asValue(found, single, options));
      return {
        ...textPrinter(render),
        printChange: (definition, object) => `---\n${render([{ definition, items: [object] }], true)}`,
      };
    }
    default:
      return templatePrinter(options);
  }
}

/** Parsed before anything is asked of the cluster: what cannot be read is said at once. */
async function templatePrinter(options: PrinterOptions): Promise<ObjectPrinter> {
  const given = splitFormat(options.format);
  if (!given) throw usageProblem(`"${options.format}" is no output format`, "use -o with wide, name, json or yaml");
  const text = templateText(given.name, given.text, options.workingDirectory ?? ".");
  const shown = options.isTerminal ? visibleLines : (plain: string): string => plain;
  if (given.name.startsWith("custom-columns"))
    return customColumns(given.name === "custom-columns" ? parseColumns(text) : parseColumnsFile(text), options);
  const { parseTemplate, renderTemplate } = await import("./jsonpath/template.ts");
  const template = parseTemplate(text);
  return textPrinter((found, single) => shown(renderTemplate(template, asValue(found, single, options))));
}

async function customColumns(columns: readonly CustomColumn[], options: PrinterOptions): Promise<ObjectPrinter> {
  const { parsePath } = await import("./jsonpath/parse.ts");
  const { textOf, valuesAt } = await import("./jsonpath/evaluate.ts");
  const paths = columns.map(({ path }) => parsePath(path));
  const headers = columns.map(({ header }) => header);
  const rowOf = (object: KubeObject): readonly string[] =>
    paths.map((path) => valuesAt(path, object).map(textOf).join(",") || "<none>");
  let isFirst = true;
  const print = (items: readonly KubeObject[]): string => {
    const text = renderTable(headers, items.map(rowOf), { headers: options.headers && isFirst });
    isFirst = false;
    return text;
  };
  return {
    isTable: true,
    print: (found) => print(found.flatMap((one) => one.items)),
    printChange: (_definition, object) => print([object]),
  };
}

/** `deployment.apps/web`, as scripts know it. */
export function nameOf(
  definition: Pick<CatalogEntry, "singular" | "group">,
  object: { readonly metadata: { readonly name: string } },
): string {
  return visible(
    `${definition.singular}${definition.group === "" ? "" : `.${definition.group}`}/${object.metadata.name}`,
  );
}

function asValue(found: readonly ObjectsOf[], single: boolean, options: PrinterOptions): unknown {
  const all = found.flatMap((one) => one.items);
  const items = options.showManagedFields ? all : all.map(withoutManagedFields);
  return single && items.length === 1 ? items[0] : { apiVersion: "v1", kind: "List", metadata: {}, items };
}

function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function textPrinter(render: (found: readonly ObjectsOf[], single: boolean) => string): ObjectPrinter {
  return {
    isTable: false,
    print: (found, { single }) => render(found, single),
    printChange: (definition, object) => render([{ definition, items: [object] }], true),
  };
}

/** Lines of a watch keep the columns of what was printed first. */
function tablePrinter(options: PrinterOptions): ObjectPrinter {
  let widths: readonly number[] | undefined;
  return {
    isTable: true,
    print: (found) =>
      found
        .filter((one) => one.items.length > 0)
        .map((one) => {
          const { headers, rows } = rowsOf(one, options);
          widths = columnWidths([headers, ...rows]);
          return renderTable(headers, rows, { headers: options.headers });
        })
        .join("\n"),
    printChange: (definition, object, type) => {
      const { headers, rows } = rowsOf({ definition, items: [object] }, options);
      const row = rows[0] ?? [];
      const cells = type === "DELETED" ? [...row.slice(0, -1), `${row.at(-1) ?? ""}   (deleted)`] : row;
      const isFirst = widths === undefined;
      widths ??= columnWidths([headers, ...rows]);
      return renderLines(isFirst && options.headers ? [headers, cells] : [cells], widths);
    },
  };
}

function rowsOf(
  { definition, items }: ObjectsOf,
  options: PrinterOptions,
): { readonly headers: readonly string[]; readonly rows: readonly (readonly string[])[] } {
  const columns = definition.columns.filter((column) => column.priority === 0 || options.format === "wide");
  const nowMs = options.nowMs();
  const { labelColumns = [] } = options;
  const namespaced = options.showNamespace && definition.namespaced;
  const headers = [
    ...(namespaced ? ["NAMESPACE"] : []),
    ...columns.map((column) => column.name.toUpperCase()),
    ...labelColumns.map((label) => (label.split("/").at(-1) ?? label).toUpperCase()),
    ...(options.showLabels ? ["LABELS"] : []),
  ];
  const rows = items.map((item) => {
    const cells = columns.map((column, index) =>
      index === 0 && options.showKind ? nameOf(definition, item) : column.value(item, nowMs),
    );
    const labels = Object.entries(item.metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`);
    return [
      ...(namespaced ? [item.metadata.namespace ?? ""] : []),
      ...cells,
      ...labelColumns.map((label) => item.metadata.labels?.[label] ?? ""),
      ...(options.showLabels ? [labels.join(",") || "<none>"] : []),
    ];
  });
  return { headers, rows };
}
