/** Lists containers of the cluster. */

import type { ContainerDetails } from "#proto/resources/container-request.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { bytesText } from "../../printers/bytes.ts";
import { parseTemplate, render } from "../../printers/placeholders.ts";
import { renderTable, visible, width } from "../../printers/table.ts";
import { usageProblem } from "../../program-options.ts";
import { askContainer } from "../ask-container.ts";
import { asksForStatus, filterOf, type PsRow, rowsOf, runsNow } from "./rows.ts";

export interface PsFlags {
  readonly all?: boolean;
  readonly quiet?: boolean;
  readonly allNamespaces?: boolean;
  readonly selector?: string;
  readonly filter?: readonly string[];
  readonly format?: string;
  readonly last?: number;
  readonly latest?: boolean;
  readonly trunc: boolean;
  readonly size?: boolean;
  readonly headers: boolean;
}

const commandWidth = 24;

export async function runPs(flags: PsFlags, global: GlobalOptions, environment: Environment): Promise<void> {
  const filter = filterOf(flags.filter ?? []);
  const template = flags.format === undefined ? undefined : parseTemplate(flags.format);
  if (flags.quiet && template) throw usageProblem("-q and --format do not go together", "leave one of them out");
  await withConnection(global, environment, async (connection) => {
    const { items } = await connection.api.list("pods", {
      namespace: flags.allNamespaces ? "" : connection.namespace,
      ...(flags.selector !== undefined && { labelSelector: flags.selector }),
    });
    const rows = chosen(items, filter, flags, environment.clock.nowMs());
    if (flags.quiet) {
      for (const pod of new Set(rows.map(({ pod }) => pod))) environment.out.write(`${visible(pod)}\n`);
      return;
    }
    const shown = flags.size ? await withSizes(rows, items, connection, environment) : rows;
    environment.out.write(template ? render(template, shown.map(asValues)) : table(shown, flags));
  });
}

const asValues = (row: PsRow): Readonly<Record<string, unknown>> => ({ ...row });

/** The newest pods first, their containers in the pod's order. */
function chosen(
  items: readonly KubeObject[],
  filter: (row: PsRow) => boolean,
  flags: PsFlags,
  nowMs: number,
): readonly PsRow[] {
  const newestFirst = items.toSorted((a, b) => {
    const [left, right] = [a, b].map(({ metadata }) => metadata.creationTimestamp ?? "");
    return left === right ? a.metadata.name.localeCompare(b.metadata.name) : (left ?? "") < (right ?? "") ? 1 : -1;
  });
  const rows = newestFirst.flatMap((item) => rowsOf(item as unknown as Pod, nowMs)).filter(filter);
  const count = flags.latest ? 1 : flags.last;
  if (count !== undefined) return rows.slice(0, count);
  return flags.all || asksForStatus(flags.filter ?? []) ? rows : rows.filter(runsNow);
}

function table(rows: readonly PsRow[], { allNamespaces, trunc, size, headers }: PsFlags): string {
  const lines = rows.map((row) => [
    ...(allNamespaces ? [row.namespace] : []),
    row.name,
    row.image,
    trunc ? cut(row.command, commandWidth) : row.command,
    row.runningFor,
    row.status,
    row.ports,
    row.node,
    row.pod,
    ...(size ? [row.size] : []),
  ]);
  const names = ["NAME", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", "NODE", "POD"];
  return renderTable([...(allNamespaces ? ["NAMESPACE"] : []), ...names, ...(size ? ["SIZE"] : [])], lines, {
    headers,
  });
}

const cut = (text: string, most: number): string => (width(text) > most ? `${text.slice(0, most - 1)}…` : text);

/** Asked of the nodes, a pod at a time on each; what does not answer has no size. */
async function withSizes(
  rows: readonly PsRow[],
  items: readonly KubeObject[],
  connection: Connection,
  environment: Environment,
): Promise<readonly PsRow[]> {
  const keyOf = (namespace: string, pod: string, name: string): string => `${namespace}/${pod}/${name}`;
  const sizes = new Map<string, string>();
  const wanted = new Set(rows.map(({ namespace, pod }) => `${namespace}/${pod}`));
  for (const item of items) {
    const { namespace = "default", name } = item.metadata;
    if (!wanted.has(`${namespace}/${name}`)) continue;
    const pod = item as unknown as Pod;
    const answer = await askContainer<{ readonly containers: readonly ContainerDetails[] }>(
      ...([connection, pod, "", { verb: "inspect", size: true }, environment] as const),
    ).catch(() => undefined);
    for (const one of answer?.containers ?? [])
      if (one.rootfs?.sizeBytes !== undefined)
        sizes.set(keyOf(namespace, name, one.name), bytesText(one.rootfs.sizeBytes));
  }
  return rows.map((row) => ({ ...row, size: sizes.get(keyOf(row.namespace, row.pod, row.name)) ?? "" }));
}
