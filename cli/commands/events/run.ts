/** Events, oldest first. */
import { formatAge } from "#proto/resources/duration.ts";
import type { Event } from "#proto/resources/event.ts";
import { withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { printerFor } from "../../printers/objects.ts";
import { renderTable } from "../../printers/table.ts";
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
  await withConnection(global, environment, async (connection) => {
    const selectors = selectorsOf(options);
    const query = {
      namespace: options.allNamespaces ? "" : connection.namespace,
      ...(selectors !== "" && { fieldSelector: selectors }),
    };
    const { items, resourceVersion } = await connection.api.list("events", query);
    const events = (items as unknown as Event[]).sort((a, b) => (lastSeen(a) < lastSeen(b) ? -1 : 1));
    if (options.output) {
      const printer = printerFor({
        format: options.output,
        headers: true,
        showNamespace: false,
        showKind: false,
        showLabels: false,
        nowMs: () => environment.clock.nowMs(),
      });
      environment.out.write(printer.print([{ definition: definitionOf("events"), items }], { single: false }));
    } else if (events.length === 0) environment.err.write("No events.\n");
    else environment.out.write(renderEvents(events, options.allNamespaces === true, environment.clock.nowMs()));
    if (!options.watch) return;
    for await (const event of connection.api.watch("events", { ...query, resourceVersion })) {
      if (event.type === "ADDED" || event.type === "MODIFIED")
        environment.out.write(line(event.object as unknown as Event, environment.clock.nowMs()));
    }
  });
}

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
  const headers = [...(namespaces ? ["NAMESPACE"] : []), "LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"];
  const rows = events.map((event) => [
    ...(namespaces ? [event.metadata.namespace ?? ""] : []),
    formatAge(lastSeen(event), nowMs),
    event.type ?? "",
    event.reason ?? "",
    about(event),
    `${event.message ?? ""}${times(event)}`,
  ]);
  return renderTable(headers, rows);
}

function line(event: Event, nowMs: number): string {
  return renderTable(
    ["", "", "", "", ""],
    [
      [
        formatAge(lastSeen(event), nowMs),
        event.type ?? "",
        event.reason ?? "",
        about(event),
        `${event.message ?? ""}${times(event)}`,
      ],
    ],
    { headers: false },
  );
}
