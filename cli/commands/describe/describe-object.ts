/** One object as text. Pure. */
import type { Deployment } from "#proto/resources/deployment.ts";
import { formatAge } from "#proto/resources/duration.ts";
import { imagePinsAnnotation } from "#proto/resources/image-pins.ts";
import type { Node } from "#proto/resources/node.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod } from "#proto/resources/pod.ts";
import type { ReplicaSet } from "#proto/resources/replica-set.ts";
import { visible } from "../../printers/table.ts";
import { yamlOf } from "../../printers/yaml.ts";
import { deletingSince, type Holder, holderText } from "../../waiting/holders.ts";
import { nodeLines } from "./node-story.ts";
import { podLines } from "./pod-story.ts";
import { type Line, pairs, renderLines } from "./story.ts";
import { deploymentLines, replicaSetLines } from "./workload-story.ts";

/** kubectl keeps a whole manifest in it: noise, and for a Secret its values. */
const unshownAnnotations = ["kubectl.kubernetes.io/last-applied-configuration", imagePinsAnnotation];

/** What else of the cluster belongs to an object's story. */
export interface Surroundings {
  /** Who holds an object that is being deleted. */
  readonly holders?: readonly Holder[];
  /** Of a workload's namespace: ReplicaSets, and pods with its labels. */
  readonly dependents?: readonly KubeObject[];
  /** Of a namespace: how many objects stand in it, by kind. */
  readonly counts?: ReadonlyMap<string, number>;
}

/** Secrets show sizes, never values. */
export function describeObject(object: KubeObject, nowMs: number, around: Surroundings = {}): string {
  const special = specialLines(object, nowMs, around);
  const lines = [...identity(object, nowMs), ...(special ?? [])];
  const rest = special === undefined ? remainder(object) : "";
  return renderLines(lines) + deletion(object, around.holders ?? [], nowMs) + conditions(object, nowMs) + rest;
}

/** Undefined for kinds whose spec speaks for itself. */
function specialLines(object: KubeObject, nowMs: number, around: Surroundings): readonly Line[] | undefined {
  const { dependents = [], counts } = around;
  switch (object.kind) {
    case "Pod":
      return podLines(object as unknown as Pod, nowMs);
    case "Node":
      return nodeLines(object as unknown as Node);
    case "Deployment":
      return deploymentLines(object as unknown as Deployment, dependents, nowMs);
    case "ReplicaSet":
      return replicaSetLines(object as unknown as ReplicaSet, dependents, nowMs);
    case "Namespace": {
      const { phase = "Active" } = (object.status ?? {}) as { readonly phase?: string };
      const content = [...(counts ?? [])].map(([plural, count]) => `${count} ${plural}`).join(", ") || "nothing";
      return [
        ["Status", phase],
        ["Holds", content],
      ];
    }
    default:
      return undefined;
  }
}

function identity({ metadata, kind }: KubeObject, nowMs: number): readonly Line[] {
  const owner = metadata.ownerReferences?.find((reference) => reference.controller);
  return [
    ["Name", metadata.name],
    ["Kind", kind],
    ...(metadata.namespace ? ([["Namespace", metadata.namespace]] as const) : []),
    ["Age", `${formatAge(metadata.creationTimestamp, nowMs)} (${metadata.creationTimestamp ?? "unknown"})`],
    ["Labels", pairs(metadata.labels)],
    ["Annotations", pairs(metadata.annotations, unshownAnnotations)],
    ...(owner ? ([["Controlled by", `${owner.kind}/${owner.name}`]] as const) : []),
  ];
}

function deletion(object: KubeObject, holders: readonly Holder[], nowMs: number): string {
  if (object.metadata.deletionTimestamp === undefined) return "";
  const lines = holders.map((holder) => `  held by ${visible(holderText(holder))}\n`);
  return `Deleting: for ${deletingSince(object, nowMs)}\n${lines.join("")}`;
}

interface ConditionLike {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

function conditions(object: KubeObject, nowMs: number): string {
  const status = object.status as { readonly conditions?: readonly ConditionLike[] } | undefined;
  if (!status?.conditions?.length) return "";
  const lines = status.conditions.map((one) => {
    const since = one.lastTransitionTime ? ` for ${formatAge(one.lastTransitionTime, nowMs)}` : "";
    const reason = one.reason ? ` (${one.reason})` : "";
    return `  ${visible(`${one.type}=${one.status}${since}${reason}${one.message ? `: ${one.message}` : ""}`)}\n`;
  });
  return `Conditions:\n${lines.join("")}`;
}

/** What the kind has besides, as YAML. */
function remainder(object: KubeObject): string {
  const {
    apiVersion: _version,
    kind,
    metadata: _metadata,
    status: _status,
    data,
    stringData: _plain,
    ...parts
  } = object as KubeObject & Record<string, unknown>;
  if (data !== undefined) parts.data = kind === "Secret" ? sizes(data as Record<string, string>) : data;
  if (Object.keys(parts).length === 0) return "";
  return yamlOf(parts)
    .split("\n")
    .map((line) => (line === "" ? "" : `${visible(line)}\n`))
    .join("");
}

const sizes = (data: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, `${Buffer.from(value, "base64").length} bytes`]));
