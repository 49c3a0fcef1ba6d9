/** One object as text. Pure. */
import { formatAge } from "#proto/resources/duration.ts";
import type { Node } from "#proto/resources/node.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { ContainerStatus, Pod } from "#proto/resources/pod.ts";
import { visible } from "../../printers/table.ts";
import { yamlOf } from "../../printers/yaml.ts";

/** kubectl keeps a whole manifest in it: noise, and for a Secret its values. */
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

type Line = readonly [label: string, value: string];

/** Secrets show sizes, never values. */
export function describeObject(object: KubeObject, nowMs: number): string {
  const lines: Line[] = [...identity(object, nowMs)];
  if (object.kind === "Pod") lines.push(...podLines(object as unknown as Pod, nowMs));
  if (object.kind === "Node") lines.push(...nodeLines(object as unknown as Node));
  const rest = remainder(object);
  const width = Math.max(...lines.map(([label]) => label.length)) + 2;
  const head = lines.map(([label, value]) => `${`${label}:`.padEnd(width)} ${visible(value)}\n`).join("");
  return head + conditions(object) + (rest === "" ? "" : rest);
}

function identity({ metadata, kind }: KubeObject, nowMs: number): readonly Line[] {
  const pairs = (map: Readonly<Record<string, string>> | undefined): string =>
    Object.entries(map ?? {})
      .filter(([key]) => key !== lastApplied)
      .map(([key, value]) => `${key}=${value.length > 120 ? `${value.slice(0, 117)}…` : value}`)
      .join(", ") || "none";
  const owner = metadata.ownerReferences?.find((reference) => reference.controller);
  return [
    ["Name", metadata.name],
    ["Kind", kind],
    ...(metadata.namespace ? ([["Namespace", metadata.namespace]] as const) : []),
    ["Age", `${formatAge(metadata.creationTimestamp, nowMs)} (${metadata.creationTimestamp ?? "unknown"})`],
    ["Labels", pairs(metadata.labels)],
    ["Annotations", pairs(metadata.annotations)],
    ...(owner ? ([["Controlled by", `${owner.kind}/${owner.name}`]] as const) : []),
    ...(metadata.deletionTimestamp
      ? ([
          [
            "Deleting",
            `since ${metadata.deletionTimestamp}${metadata.finalizers?.length ? `, held by ${metadata.finalizers.join(", ")}` : ""}`,
          ],
        ] as const)
      : []),
  ];
}

function nodeLines({ spec, status }: Node): readonly Line[] {
  const amounts = (given: Readonly<Record<string, string>> | undefined): string =>
    Object.entries(given ?? {})
      .map(([name, amount]) => `${name} ${amount}`)
      .join(", ") || "unknown";
  return [
    ["New pods", spec?.unschedulable ? "no: it is cordoned" : "yes"],
    [
      "Taints",
      spec?.taints?.map(({ key, value, effect }) => `${key}${value ? `=${value}` : ""}:${effect}`).join(", ") || "none",
    ],
    ["Addresses", status?.addresses?.map(({ type, address }) => `${type} ${address}`).join(", ") || "unknown"],
    ["Pod network", spec?.podCIDR ?? "none yet"],
    ["Capacity", amounts(status?.capacity)],
    ["Allocatable", amounts(status?.allocatable)],
    [
      "System",
      [status?.nodeInfo?.osImage, status?.nodeInfo?.kernelVersion, status?.nodeInfo?.architecture]
        .filter(Boolean)
        .join(", "),
    ],
  ];
}

function podLines(pod: Pod, nowMs: number): readonly Line[] {
  const { spec, status } = pod;
  const lines: Line[] = [
    ["Node", spec.nodeName ?? "none yet"],
    ["Status", status?.phase ?? "Pending"],
    ["Address", status?.podIP ?? "none yet"],
    ["Restart policy", spec.restartPolicy ?? "Always"],
    ["QoS", status?.qosClass ?? ""],
  ];
  const pending = status?.conditions?.find(
    (condition) => condition.type === "PodScheduled" && condition.status === "False",
  );
  if (pending?.message) lines.push(["Why pending", pending.message]);
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const inits = (spec.initContainers ?? []).map((container) => ["Init container", container] as const);
  const mains = spec.containers.map((container) => ["Container", container] as const);
  for (const [title, container] of [...inits, ...mains]) {
    const known = statuses.find((one) => one.name === container.name);
    lines.push(
      [`${title} ${container.name}`, container.image ?? ""],
      ["  State", stateText(known, nowMs)],
      ["  Ready", `${known?.ready ? "yes" : "no"}, ${known?.restartCount ?? 0} restarts`],
    );
    const last = known?.lastState?.terminated;
    if (last)
      lines.push([
        "  Last exit",
        `code ${last.exitCode}, ${last.reason ?? ""}${last.message ? `: ${last.message}` : ""} at ${last.finishedAt ?? "unknown"}`,
      ]);
  }
  return lines;
}

function stateText(status: ContainerStatus | undefined, nowMs: number): string {
  const state = status?.state;
  if (state?.running) return `running for ${formatAge(state.running.startedAt, nowMs)}`;
  if (state?.terminated)
    return `ended with code ${state.terminated.exitCode} (${state.terminated.reason ?? ""}) ${state.terminated.message ?? ""}`;
  return `waiting: ${state?.waiting?.reason ?? "not begun"}${state?.waiting?.message ? `: ${state.waiting.message}` : ""}`;
}

interface ConditionLike {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

function conditions(object: KubeObject): string {
  const status = object.status as { readonly conditions?: readonly ConditionLike[] } | undefined;
  if (!status?.conditions?.length) return "";
  const lines = status.conditions.map(
    (one) =>
      `  ${one.type}=${one.status}${one.reason ? ` (${one.reason})` : ""}${one.message ? `: ${visible(one.message)}` : ""}\n`,
  );
  return `Conditions:\n${lines.join("")}`;
}

/** What the kind has besides, as YAML. */
function remainder(object: KubeObject): string {
  const {
    apiVersion: _version,
    kind,
    metadata: _metadata,
    status: _status,
    spec,
    data,
    stringData: _plain,
    ...others
  } = object;
  const parts: Record<string, unknown> =
    kind === "Pod" || kind === "Node" ? {} : { ...(spec !== undefined && { spec }), ...others };
  if (data !== undefined) parts.data = kind === "Secret" ? sizes(data as Record<string, string>) : data;
  if (Object.keys(parts).length === 0) return "";
  return yamlOf(parts)
    .split("\n")
    .map((line) => (line === "" ? "" : `${visible(line)}\n`))
    .join("");
}

const sizes = (data: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, `${Buffer.from(value, "base64").length} bytes`]));
