/** Objects as a table, wide table, names, JSON or YAML. */
import type { CatalogEntry } from "#proto/resources/catalog.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { usageProblem } from "../program-options.ts";
import { jsonOf } from "./json.ts";
import { columnWidths, renderLines, renderTable, visible } from "./table.ts";

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
  /** In JSON and YAML. kubectl leaves managedFields out too: they drown the rest. */
  readonly showManagedFields?: boolean;
  readonly nowMs: () => number;
}

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
      throw usageProblem(`"${options.format}" is no output format`, "use -o with wide, name, json or yaml");
  }
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
  const namespaced = options.showNamespace && definition.namespaced;
  const headers = [
    ...(namespaced ? ["NAMESPACE"] : []),
    ...columns.map((column) => column.name.toUpperCase()),
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
      ...(options.showLabels ? [labels.join(",") || "<none>"] : []),
    ];
  });
  return { headers, rows };
}
