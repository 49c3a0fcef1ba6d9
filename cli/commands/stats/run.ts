/** Docker's stats: a table that is written anew on a terminal, one after the other elsewhere. */
import { sleep } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { toBytes, toMilliCpu } from "#proto/resources/quantity.ts";
import type { ContainerUsage, Flow } from "#proto/resources/usage.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { bytesText } from "../../printers/bytes.ts";
import { parseTemplate, render } from "../../printers/placeholders.ts";
import { renderTable, visible } from "../../printers/table.ts";
import { usageProblem } from "../../program-options.ts";
import { parseOne } from "../targets.ts";

export interface StatsFlags {
  readonly allNamespaces?: boolean;
  readonly selector?: string;
  readonly stream: boolean;
  readonly format?: string;
}

interface PodMetrics extends KubeObject {
  readonly network?: Flow;
  readonly containers?: readonly (Pick<ContainerUsage, "name" | "disk" | "processes" | "memoryLimitBytes"> & {
    readonly usage: { readonly cpu?: string; readonly memory?: string };
  })[];
}

const resource = "pods.metrics.k8s.io";
/** Between two looks; the nodes themselves look no more often than each half second. */
const intervalMs = 1_500;

export async function runStats(
  words: readonly string[],
  flags: StatsFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const names = words.map((word) => {
    const { definition, name } = parseOne([word], "pods");
    if (definition.kind !== "Pod")
      throw usageProblem(`${word} is no pod`, "choose by labels: orchctl stats -l app=web");
    return name;
  });
  if (names.length > 0 && (flags.selector !== undefined || flags.allNamespaces))
    throw usageProblem("names go neither with -l nor with -A", "leave one of them out");
  const template = flags.format === undefined ? undefined : parseTemplate(flags.format);
  const { out, clock, signal } = environment;
  await withConnection(global, environment, async (connection) => {
    let drawn = 0;
    for (;;) {
      const rows = (await look(names, flags, connection)).flatMap(rowsOf);
      const text = template ? render(template, rows) : table(rows, flags);
      out.write(`${drawn > 0 ? `\x1b[${drawn}A\x1b[J` : ""}${text}`);
      if (!flags.stream) return;
      drawn = out.isTerminal ? text.split("\n").length - 1 : 0;
      await sleep(clock, intervalMs, signal);
    }
  });
}

async function look(
  names: readonly string[],
  { allNamespaces, selector }: StatsFlags,
  { api, namespace }: Connection,
): Promise<readonly PodMetrics[]> {
  if (names.length > 0)
    return (await Promise.all(names.map((name) => api.get(resource, namespace, name)))) as readonly PodMetrics[];
  const query = {
    namespace: allNamespaces ? "" : namespace,
    ...(selector !== undefined && { labelSelector: selector }),
  };
  const { items } = await api.list(resource, query);
  const unknown = items.find(({ metadata }) => metadata.annotations?.["orch/usage-problem"] !== undefined);
  if (unknown && items.every(({ metadata }) => metadata.annotations?.["orch/usage-problem"] !== undefined))
    throw new Problem("unavailable", visible(unknown.metadata.annotations?.["orch/usage-problem"] ?? ""), {
      hint: "orchctl get nodes shows which are ready",
    });
  return items as readonly PodMetrics[];
}

type Row = Readonly<Record<string, string>>;

/** Docker's names of fields. */
function rowsOf({ metadata, network, containers = [] }: PodMetrics): readonly Row[] {
  return containers.map(({ name, usage, disk, processes, memoryLimitBytes }) => {
    const memory = toBytes(usage.memory);
    return {
      namespace: metadata.namespace ?? "default",
      pod: metadata.name,
      container: name,
      name: `${metadata.name}/${name}`,
      cpuPerc: `${(toMilliCpu(usage.cpu) / 10).toFixed(1)}%`,
      memUsage: `${bytesText(memory)} / ${memoryLimitBytes === undefined ? "-" : bytesText(memoryLimitBytes)}`,
      memPerc: memoryLimitBytes === undefined ? "-" : `${((memory / memoryLimitBytes) * 100).toFixed(1)}%`,
      netIO: flowText(network),
      blockIO: flowText(disk),
      pids: processes === undefined ? "-" : String(processes),
    };
  });
}

const flowText = (flow: Flow | undefined): string =>
  flow === undefined ? "-" : `${bytesText(flow.inBytes)} / ${bytesText(flow.outBytes)}`;

function table(rows: readonly Row[], { allNamespaces }: StatsFlags): string {
  const fields = ["pod", "container", "cpuPerc", "memUsage", "memPerc", "netIO", "blockIO", "pids"];
  const headers = ["POD", "CONTAINER", "CPU %", "MEM USAGE / LIMIT", "MEM %", "NET I/O", "BLOCK I/O", "PIDS"];
  const first = allNamespaces ? ["namespace"] : [];
  return renderTable(
    [...first.map((name) => name.toUpperCase()), ...headers],
    rows.map((row) => [...first, ...fields].map((name) => row[name] ?? "")),
  );
}
