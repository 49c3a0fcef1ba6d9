/** The node table. */
import type { Node } from "../node.ts";
import { ageColumn, type Column, nameColumn, normal, orNone, wide } from "./column.ts";

const rolePrefix = "node-role.kubernetes.io/";

export function nodeStatusText(node: Node): string {
  const ready = node.status?.conditions?.find((condition) => condition.type === "Ready")?.status;
  const words = [
    ready === "True" ? "Ready" : ready === "False" ? "NotReady" : ready === undefined ? "Unknown" : "NotReady",
  ];
  if (node.spec?.unschedulable === true) words.push("SchedulingDisabled");
  return words.join(",");
}

function roles(node: Node): string {
  const labels = Object.entries(node.metadata.labels ?? {});
  const found = labels.flatMap(([key, value]) => {
    if (key.startsWith(rolePrefix)) return key.slice(rolePrefix.length);
    return key === "kubernetes.io/role" ? value : [];
  });
  return orNone(
    found
      .filter((role) => role !== "")
      .sort()
      .join(","),
  );
}

const address = (node: Node, type: string): string =>
  orNone(node.status?.addresses?.find((candidate) => candidate.type === type)?.address);
const unknown = (text: string | undefined): string => (text === undefined || text === "" ? "<unknown>" : text);

export const nodeColumns: readonly Column[] = [
  nameColumn,
  normal<Node>("STATUS", nodeStatusText),
  normal<Node>("ROLES", roles),
  ageColumn,
  normal<Node>("VERSION", (node) => node.status?.nodeInfo?.kubeletVersion),
  wide<Node>("INTERNAL-IP", (node) => address(node, "InternalIP")),
  wide<Node>("EXTERNAL-IP", (node) => address(node, "ExternalIP")),
  wide<Node>("OS-IMAGE", (node) => unknown(node.status?.nodeInfo?.osImage)),
  wide<Node>("KERNEL-VERSION", (node) => unknown(node.status?.nodeInfo?.kernelVersion)),
  wide<Node>("CONTAINER-RUNTIME", (node) => unknown(node.status?.nodeInfo?.containerRuntimeVersion)),
];
