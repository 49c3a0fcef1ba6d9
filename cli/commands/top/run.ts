/** Tables of what is used, from `metrics.k8s.io`. */
import { Problem } from "#proto/kit/problem.ts";
import type { Node } from "#proto/resources/node.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { toBytes, toMilliCpu } from "#proto/resources/quantity.ts";
import type { Flow } from "#proto/resources/usage.ts";
import { withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { bytesText } from "../../printers/bytes.ts";
import { jsonOf } from "../../printers/json.ts";
import { renderTable, visible } from "../../printers/table.ts";
import { usageProblem } from "../../program-options.ts";

export interface TopFlags {
  readonly allNamespaces?: boolean;
  readonly selector?: string;
  readonly fieldSelector?: string;
  readonly containers?: boolean;
  readonly sortBy?: "cpu" | "memory";
  readonly headers: boolean;
  readonly showCapacity?: boolean;
  readonly sum?: boolean;
  readonly output?: string;
}

interface Usage {
  readonly cpu?: string;
  readonly memory?: string;
}

interface Measured extends KubeObject {
  readonly usage?: Usage;
  readonly network?: Flow;
  readonly disk?: Flow;
  readonly containers?: readonly { readonly name: string; readonly usage: Usage; readonly disk?: Flow }[];
}

interface Row {
  readonly cells: readonly string[];
  readonly milliCpu: number;
  readonly memoryBytes: number;
  readonly network?: Flow | undefined;
  readonly disk?: Flow | undefined;
}

const problemAnnotation = "orch/usage-problem";
const mebibyte = 1024 * 1024;

export async function topNodes(
  names: readonly string[],
  flags: TopFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  refuseBoth(names, flags);
  await withConnection(global, environment, async ({ api }) => {
    const query = flags.selector === undefined ? {} : { labelSelector: flags.selector };
    const [found, nodes] = await Promise.all([
      measure(
        names,
        (name) => api.get("nodes.metrics.k8s.io", "", name),
        () => api.list("nodes.metrics.k8s.io", query),
      ),
      api.list("nodes", query),
    ]);
    if (await printed(found, flags, environment)) return;
    const known = new Map((nodes.items as unknown as readonly Node[]).map((node) => [node.metadata.name, node]));
    const rows = found.map((item): Row => {
      const { name } = item.metadata;
      const status = known.get(name)?.status;
      const whole = flags.showCapacity ? status?.capacity : status?.allocatable;
      const [milliCpu, memoryBytes] = [toMilliCpu(item.usage?.cpu), toBytes(item.usage?.memory)];
      const unknown = item.usage === undefined;
      const cells = unknown
        ? [name, "<unknown>", "<unknown>", "<unknown>", "<unknown>"]
        : [name, ...amount(milliCpu, memoryBytes, toMilliCpu(whole?.cpu), toBytes(whole?.memory))];
      return { cells, milliCpu, memoryBytes, network: item.network, disk: item.disk };
    });
    tellProblems(found, environment);
    show(["NAME", "CPU", "CPU %", "MEMORY", "MEMORY %"], rows, flags, environment);
  });
}

function amount(milliCpu: number, memoryBytes: number, allCpu: number, allMemory: number): readonly string[] {
  const share = (part: number, whole: number): string => (whole > 0 ? `${Math.round((part / whole) * 100)}%` : "");
  return [cpuText(milliCpu), share(milliCpu, allCpu), memoryText(memoryBytes), share(memoryBytes, allMemory)];
}

const cpuText = (milliCpu: number): string => `${milliCpu}m`;
const memoryText = (bytes: number): string => `${Math.ceil(bytes / mebibyte)}Mi`;

export async function topPods(
  names: readonly string[],
  flags: TopFlags,
  { global, environment }: { readonly global: GlobalOptions; readonly environment: Environment },
): Promise<void> {
  refuseBoth(names, flags);
  await withConnection(global, environment, async ({ api, namespace }) => {
    const query = {
      namespace: flags.allNamespaces ? "" : namespace,
      ...(flags.selector !== undefined && { labelSelector: flags.selector }),
      ...(flags.fieldSelector !== undefined && { fieldSelector: flags.fieldSelector }),
    };
    const resource = "pods.metrics.k8s.io";
    const found = await measure(
      names,
      (name) => api.get(resource, namespace, name),
      () => api.list(resource, query),
    );
    if (await printed(found, flags, environment)) return;
    tellProblems(found, environment);
    const rows = found.flatMap((item) => rowsOf(item, flags));
    const headers = [
      ...(flags.allNamespaces ? ["NAMESPACE"] : []),
      "POD",
      ...(flags.containers ? ["CONTAINER"] : []),
      "CPU",
      "MEMORY",
    ];
    show(headers, rows, flags, environment);
  });
}

/** Pods of which nobody told anything have no line: they begin or end at this moment, or their node was told of. */
function rowsOf({ metadata, network, containers = [] }: Measured, flags: TopFlags): readonly Row[] {
  const head = [...(flags.allNamespaces ? [metadata.namespace ?? ""] : []), metadata.name];
  const row = (label: readonly string[], usages: readonly Usage[], flows: Pick<Row, "network" | "disk">): Row => {
    const milliCpu = usages.reduce((sum, { cpu }) => sum + toMilliCpu(cpu), 0);
    const memoryBytes = usages.reduce((sum, { memory }) => sum + toBytes(memory), 0);
    return { ...flows, milliCpu, memoryBytes, cells: [...head, ...label, cpuText(milliCpu), memoryText(memoryBytes)] };
  };
  if (flags.containers) return containers.map(({ name, usage, disk }) => row([name], [usage], { disk }));
  return containers.length === 0
    ? []
    : [
        row(
          [],
          containers.map(({ usage }) => usage),
          { network, disk: sumOf(containers.map(({ disk }) => disk)) },
        ),
      ];
}

function sumOf(flows: readonly (Flow | undefined)[]): Flow | undefined {
  const known = flows.filter((flow) => flow !== undefined);
  const total = (name: keyof Flow): number => known.reduce((sum, flow) => sum + flow[name], 0);
  const bytes = { inBytes: total("inBytes"), outBytes: total("outBytes") };
  const perSecond = { inBytesPerSecond: total("inBytesPerSecond"), outBytesPerSecond: total("outBytesPerSecond") };
  return known.length === 0 ? undefined : { ...bytes, ...perSecond };
}

function refuseBoth(names: readonly string[], { selector, fieldSelector, allNamespaces }: TopFlags): void {
  if (names.length > 0 && (selector !== undefined || fieldSelector !== undefined))
    throw usageProblem("a name and a selector do not go together", "leave one of them out");
  if (names.length > 0 && allNamespaces)
    throw usageProblem("a name is of one namespace: it does not go with -A", "leave one of them out");
}

async function measure(
  names: readonly string[],
  get: (name: string) => Promise<KubeObject>,
  list: () => Promise<{ readonly items: readonly KubeObject[] }>,
): Promise<readonly Measured[]> {
  if (names.length === 0) return (await list()).items as readonly Measured[];
  return (await Promise.all(names.map(get))) as readonly Measured[];
}

/** Whether it was printed for a program. */
async function printed(found: readonly Measured[], { output }: TopFlags, { out }: Environment): Promise<boolean> {
  if (output === undefined) return false;
  const list = { apiVersion: "v1", kind: "List", metadata: {}, items: found };
  out.write(output === "json" ? jsonOf(list) : (await import("../../printers/yaml.ts")).yamlOf(list));
  return true;
}

/** Each reason once: one silent node may have many pods. */
function tellProblems(found: readonly Measured[], { err }: Environment): void {
  const reasons = new Set(found.map(({ metadata }) => metadata.annotations?.[problemAnnotation]));
  for (const reason of reasons) if (reason !== undefined) err.write(`warning: ${visible(reason)}\n`);
  if (found.length > 0 && found.every(({ metadata }) => metadata.annotations?.[problemAnnotation] !== undefined))
    throw new Problem("unavailable", "no node answered", { hint: "orchctl get nodes shows which are ready" });
}

function show(headers: readonly string[], rows: readonly Row[], flags: TopFlags, { out, err }: Environment): void {
  if (rows.length === 0) {
    err.write("Nothing is measured.\n");
    return;
  }
  const size = ({ milliCpu, memoryBytes }: Row): number => (flags.sortBy === "memory" ? memoryBytes : milliCpu);
  const sorted = flags.sortBy === undefined ? rows : rows.toSorted((a, b) => size(b) - size(a));
  const total = (pick: (row: Row) => number): number => rows.reduce((sum, row) => sum + pick(row), 0);
  const sum = [
    ...headers.slice(0, -2).map((_, index) => (index === 0 ? "SUM" : "")),
    ...[cpuText(total((row) => row.milliCpu)), memoryText(total((row) => row.memoryBytes))],
  ];
  // Agents of an earlier version tell neither.
  const names = (["network", "disk"] as const).filter((name) => rows.some((row) => row[name] !== undefined));
  const moreOf = (row: Partial<Row>): readonly string[] => names.flatMap((name) => rates(row[name]));
  const last = { network: sumOf(rows.map(({ network }) => network)), disk: sumOf(rows.map(({ disk }) => disk)) };
  const lines = [
    ...sorted.map((row) => [...row.cells, ...moreOf(row)]),
    ...(flags.sum ? [[...sum, ...moreOf(last)]] : []),
  ];
  const more = names.flatMap((name) => flowHeaders[name]);
  out.write(renderTable([...headers, ...more], lines, { headers: flags.headers }));
}

const flowHeaders = { network: ["NET IN/S", "NET OUT/S"], disk: ["READ/S", "WRITTEN/S"] } as const;

const rates = (flow: Flow | undefined): readonly string[] =>
  flow === undefined ? ["-", "-"] : [bytesText(flow.inBytesPerSecond), bytesText(flow.outBytesPerSecond)];
