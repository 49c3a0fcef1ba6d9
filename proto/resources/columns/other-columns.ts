/** Tables of ConfigMaps, Secrets, Namespaces and Events. */
import type { ConfigMap } from "../config-map.ts";
import { formatAge } from "../duration.ts";
import type { Event } from "../event.ts";
import type { Namespace } from "../namespace.ts";
import type { Secret } from "../secret.ts";
import { ageColumn, type Column, nameColumn, normal, orNone, wide } from "./column.ts";

const count = (map: Readonly<Record<string, string>> | undefined): number => Object.keys(map ?? {}).length;

export const configMapColumns: readonly Column[] = [
  nameColumn,
  normal<ConfigMap>("DATA", (object) => count(object.data) + count(object.binaryData), "integer"),
  ageColumn,
];

export const secretColumns: readonly Column[] = [
  nameColumn,
  normal<Secret>("TYPE", (object) => object.type),
  normal<Secret>("DATA", (object) => count(object.data), "integer"),
  ageColumn,
];

export const namespaceColumns: readonly Column[] = [
  nameColumn,
  normal<Namespace>("STATUS", (object) => object.status?.phase ?? "Active"),
  ageColumn,
];

const lastSeen = (event: Event): string | undefined =>
  event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp;
const source = (event: Event): string =>
  [event.source?.component ?? event.reportingComponent, event.source?.host].filter(Boolean).join(", ");

export const eventColumns: readonly Column[] = [
  normal<Event>("LAST SEEN", (event, nowMs) => formatAge(lastSeen(event), nowMs)),
  normal<Event>("TYPE", (event) => event.type),
  normal<Event>("REASON", (event) => event.reason),
  normal<Event>(
    "OBJECT",
    ({ involvedObject }) => `${(involvedObject.kind ?? "").toLowerCase()}/${involvedObject.name ?? ""}`,
  ),
  wide<Event>("SUBOBJECT", (event) => orNone(event.involvedObject.fieldPath)),
  wide<Event>("SOURCE", source),
  normal<Event>("MESSAGE", (event) => event.message?.trim()),
  wide<Event>("FIRST SEEN", (event, nowMs) =>
    formatAge(event.firstTimestamp ?? event.metadata.creationTimestamp, nowMs),
  ),
  wide<Event>("COUNT", (event) => event.series?.count ?? event.count ?? 1, "integer"),
  wide<Event>("NAME", (event) => event.metadata.name),
];
