/** The answer of ClusterStatus: what is there, and in sentences what is not as it should be and what to do. Pure. */
import { certificateDigest, readCertificate } from "#proto/identity/certificate.ts";
import type { ClusterStatus, ControlPlaneStatus, NodeSummary, StoreStatus } from "#proto/resources/cluster-status.ts";
import { getCondition } from "#proto/resources/conditions.ts";
import type { Node } from "#proto/resources/node.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod } from "#proto/resources/pod.ts";
import type { CacheView } from "../cache/cache.ts";

export interface ClusterFacts {
  readonly cluster: string;
  readonly version: string;
  readonly controlPlanes: readonly ControlPlaneStatus[];
  readonly store: StoreStatus;
  readonly authorityPem: string;
  /** Nodes whose agent is connected, here or to another control plane. */
  readonly isConnected: (node: string) => boolean;
}

/** From this share of its quota on the store is nearly full. */
const nearlyFull = 0.8;

export function clusterStatus(facts: ClusterFacts, cache: Pick<CacheView, "list" | "byIndex">): ClusterStatus {
  const nodes = (cache.list("nodes") as readonly Node[]).map((node) => summary(node, facts, cache));
  const pods = countPhases(cache.list("pods"));
  const authority = readCertificate(facts.authorityPem);
  return {
    cluster: facts.cluster,
    version: facts.version,
    controlPlanes: facts.controlPlanes,
    store: facts.store,
    nodes,
    pods,
    authority: {
      fingerprint: certificateDigest(facts.authorityPem),
      expiresAt: new Date(authority.notAfterMs).toISOString(),
    },
    warnings: warnings(facts, nodes),
  };
}

function summary(node: Node, facts: ClusterFacts, cache: Pick<CacheView, "byIndex">): NodeSummary {
  const { name } = node.metadata;
  const ready = getCondition(node.status?.conditions, "Ready");
  const address = node.status?.addresses?.find(({ type }) => type === "InternalIP")?.address;
  const connected = facts.isConnected(name) ? "" : "its agent is not connected";
  const message = ready?.status === "True" ? connected : (ready?.message ?? (connected || "not judged yet"));
  return {
    name,
    ready: ready?.status === "True",
    unschedulable: node.spec?.unschedulable === true,
    version: node.status?.nodeInfo?.kubeletVersion ?? "",
    pods: cache.byIndex("pods", "node", name).length,
    ...(address !== undefined && { address }),
    ...(message !== "" && { message }),
  };
}

function countPhases(pods: readonly KubeObject[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const pod of pods as readonly Pod[]) {
    const phase = pod.metadata.deletionTimestamp === undefined ? (pod.status?.phase ?? "Pending") : "Terminating";
    counts[phase] = (counts[phase] ?? 0) + 1;
  }
  return counts;
}

function warnings(facts: ClusterFacts, nodes: readonly NodeSummary[]): string[] {
  const { store, controlPlanes, version } = facts;
  const found: string[] = [];
  if (!store.healthy)
    found.push(`etcd is not well: ${store.message ?? "it does not answer"}; nothing can be changed until it is.`);
  if (
    store.sizeBytes !== undefined &&
    store.quotaBytes !== undefined &&
    store.sizeBytes > nearlyFull * store.quotaBytes
  ) {
    found.push(
      `etcd holds ${Math.round((100 * store.sizeBytes) / store.quotaBytes)} % of its quota; delete what is not needed.`,
    );
  }
  if (!controlPlanes.some(({ leader }) => leader))
    found.push("No control plane leads: nothing is scheduled or repaired.");
  if (nodes.length === 0) found.push("No node has joined yet: run `orchctl node join` and its command on a machine.");
  for (const node of nodes) found.push(...nodeWarnings(node, version));
  return found;
}

function nodeWarnings(node: NodeSummary, version: string): readonly string[] {
  const { name, ready, message } = node;
  const advice = "check its machine and orch-node-agent.";
  if (!ready) return [`Node ${name} is not ready: ${message ?? "no reason is known"}; ${advice}`];
  if (message !== undefined) return [`Node ${name}: ${message}; ${advice}`];
  const outdated = node.version !== "" && node.version !== version;
  return outdated ? [`Node ${name} runs version ${node.version}; upgrade it to ${version}.`] : [];
}
