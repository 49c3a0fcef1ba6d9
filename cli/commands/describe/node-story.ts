/** A node: what it has, what is asked of it, and whether it takes pods. Pure. */

import type { Node } from "#proto/resources/node.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { addQuantities, toBytes, toMilliCpu } from "#proto/resources/quantity.ts";
import { renderTable } from "../../printers/table.ts";
import { amounts, type Line } from "./story.ts";

export function nodeLines({ spec, status }: Node): readonly Line[] {
  const { osImage, kernelVersion, architecture, containerRuntimeVersion, kubeletVersion } = status?.nodeInfo ?? {};
  return [
    ["New pods", newPods(spec)],
    [
      "Taints",
      spec?.taints?.map(({ key, value, effect }) => `${key}${value ? `=${value}` : ""}:${effect}`).join(", ") || "none",
    ],
    ["Addresses", status?.addresses?.map(({ type, address }) => `${type} ${address}`).join(", ") || "unknown"],
    ["Pod network", spec?.podCIDR ?? "none yet"],
    ["Capacity", amounts(status?.capacity, "unknown")],
    ["Allocatable", amounts(status?.allocatable, "unknown")],
    ["System", [osImage, kernelVersion, architecture].filter(Boolean).join(", ")],
    ["Runtime", [containerRuntimeVersion, kubeletVersion && `agent ${kubeletVersion}`].filter(Boolean).join(", ")],
  ];
}

const ended = new Set(["Succeeded", "Failed"]);

/** What runs on it, and the share of it that pods asked for. */
export function podsOfNode({ status }: Node, pods: readonly KubeObject[]): string {
  if (pods.length === 0) return "Pods:  none\n";
  const rows = (pods as unknown as readonly Pod[]).map((pod) => [
    pod.metadata.namespace ?? "",
    pod.metadata.name,
    pod.status?.phase ?? "Pending",
    sum([pod], "requests", "cpu"),
    sum([pod], "requests", "memory"),
    sum([pod], "limits", "memory"),
  ]);
  const living = (pods as unknown as readonly Pod[]).filter((pod) => !ended.has(pod.status?.phase ?? ""));
  const share = (resource: string, amount: (text: string | undefined) => number): string => {
    const asked = sum(living, "requests", resource);
    const all = amount(status?.allocatable?.[resource]);
    return `${resource} ${asked}${all > 0 ? ` (${Math.round((amount(asked) / all) * 100)} %)` : ""}`;
  };
  const table = renderTable(["NAMESPACE", "NAME", "PHASE", "CPU ASKED", "MEMORY ASKED", "MEMORY LIMIT"], rows);
  return `Asked of it: ${share("cpu", toMilliCpu)}, ${share("memory", toBytes)}\nPods:\n${table.replace(/^/gm, "  ").trimEnd()}\n`;
}

function sum(pods: readonly Pod[], part: "requests" | "limits", resource: string): string {
  return pods
    .flatMap(({ spec }) => spec.containers.map((container) => container.resources?.[part]?.[resource]))
    .reduce<string>((total, amount) => (amount === undefined ? total : addQuantities(total, amount)), "0");
}

function newPods(spec: Node["spec"]): string {
  if (spec?.unschedulable) return "no: it is cordoned";
  const keepsOff = spec?.taints?.some(({ effect }) => effect !== "PreferNoSchedule") === true;
  return keepsOff ? "only those that tolerate its taints" : "yes";
}
