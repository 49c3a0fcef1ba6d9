/** Events, oldest first. */
import { formatAge } from "#proto/resources/duration.ts";
import type { Event } from "#proto/resources/event.ts";
import { withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { printerFor } from "../../printers/objects.ts";
import { columnWidths, renderLines, renderTable, visible } from "../../printers/table.ts";
import { watchWithin } from "../../waiting/watch-within.ts";
import { definitionOf, parseOne } from "../targets.ts";

export interface EventsOptions {
  readonly allNamespaces?: boolean;
  readonly for?: string;
  readonly types?: string;
  readonly watch?: boolean;
  readonly output?: string;
}

export const lastSeen = (event: Event): string =>
  event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? "";

export async function runEvents(
  options: EventsOptions,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const format = options.output;
  const printer =
    format === undefined
      ? undefined
      : await printerFor({ ...plainTable, format, nowMs: () => environment.clock.nowMs() });
  await withConnection(global, environment, async (connection) => {
    const selectors = selectorsOf(options);
    const namespaces = options.allNamespaces === true;
    const query = {
      namespace: namespaces ? "" : connection.namespace,
      ...(selectors !== "" && { fieldSelector: selectors }),
    };
    const { items, resourceVersion } = await connection.api.list("events", query);
    const events = oldestFirst(items as unknown as readonly Event[]);
    const definition = definitionOf("events");
    if (printer) environment.out.write(printer.print([{ definition, items }], { single: false }));
    else if (events.length > 0) environment.out.write(renderEvents(events, namespaces, environment.clock.nowMs()));
    else environment.err.write(`No events${namespaces ? "" : ` in namespace ${visible(connection.namespace)}`}.\n`);
    if (!options.watch) return;
    const widths = columnWidths([
      eventHeaders(namespaces),
      ...events.map((one) => eventRow(one, namespaces, environment.clock.nowMs())),
    ]);
    const changes = watchWithin(connection.api, "events", { ...query, resourceVersion }, global, environment);
    for await (const { type, object } of changes) {
      if (type !== "ADDED" && type !== "MODIFIED") continue;
      const row = eventRow(object as unknown as Event, namespaces, environment.clock.nowMs());
      environment.out.write(printer ? printer.printChange(definition, object, type) : renderLines([row], widths));
      await environment.out.drained();
    }
  });
}

const plainTable = { headers: true, showNamespace: false, showKind: false, showLabels: false };

/** Of those of one second the one written first: Created before Started. */
export const oldestFirst = (events: readonly Event[]): readonly Event[] =>
  events.toSorted((a, b) => Date.parse(lastSeen(a)) - Date.parse(lastSeen(b)) || versionOf(a) - versionOf(b));

const versionOf = ({ metadata }: Event): number => Number(metadata.resourceVersion ?? 0);

function selectorsOf(options: EventsOptions): string {
  const parts: string[] = [];
  if (options.for !== undefined) {
    const { definition, name } = parseOne([options.for]);
    parts.push(`involvedObject.kind=${definition.kind}`, `involvedObject.name=${name}`);
  }
  if (options.types !== undefined) parts.push(`type=${options.types}`);
  return parts.join(",");
}

const about = (event: Event): string =>
  `${(event.involvedObject.kind ?? "").toLowerCase()}/${event.involvedObject.name ?? ""}`;
const times = (event: Event): string => ((event.count ?? 1) > 1 ? ` (×${event.count})` : "");

export function renderEvents(events: readonly Event[], namespaces: boolean, nowMs: number): string {
  return renderTable(
    eventHeaders(namespaces),
    events.map((event) => eventRow(event, namespaces, nowMs)),
  );
}

const eventHeaders = (namespaces: boolean): readonly string[] => [
  ...(namespaces ? ["NAMESPACE"] : []),
  ...["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"],
];

const eventRow = (event: Event, namespaces: boolean, nowMs: number): readonly string[] => [
  ...(namespaces ? [event.metadata.namespace ?? ""] : []),
  formatAge(lastSeen(event), nowMs),
  event.type ?? "",
  event.reason ?? "",
  about(event),
  `${event.message ?? ""}${times(event)}`,
];
