/** The answer of ClusterStatus: what is there, and in sentences what is not as it should be and what to do. Pure. */
import { certificateDigest, readCertificate } from "#proto/identity/certificate.ts";
import type {
  ClusterStatus,
  ControlPlaneStatus,
  NodeSummary,
  PodTrouble,
  StoreStatus,
} from "#proto/resources/cluster-status.ts";
import { getCondition } from "#proto/resources/conditions.ts";
import type { Node } from "#proto/resources/node.ts";
import type { Pod } from "#proto/resources/pod.ts";
import type { CacheView } from "../cache/cache.ts";
import { massLossText } from "../mass-loss-text.ts";
import { troublesOf } from "./node-troubles.ts";
import { PodTally } from "./pod-troubles.ts";

export interface ClusterFacts {
  readonly cluster: string;
  readonly version: string;
  readonly controlPlanes: readonly ControlPlaneStatus[];
  readonly store: StoreStatus;
  readonly authorityPem: string;
  /** Nodes whose agent is connected, here or to another control plane. */
  readonly isConnected: (node: string) => boolean;
  /** Above this share of lost nodes eviction is slowed down, to one node per interval. */
  readonly massLossShare: number;
  readonly slowEvictionIntervalMs: number;
  readonly monitoringAddress?: string | undefined;
  readonly nowMs: number;
  /** Sentences about certificates that need a person. */
  readonly certificateWarnings?: readonly string[];
  /** About the key that seals Secrets. */
  readonly sealingWarnings?: readonly string[];
}

/** From this share of its quota on the store is nearly full. */
const nearlyFull = 0.8;

export function clusterStatus(facts: ClusterFacts, cache: Pick<CacheView, "list" | "byIndex">): ClusterStatus {
  const nodeObjects = cache.list("nodes") as readonly Node[];
  const nodes = nodeObjects.map((node) => summary(node, facts, cache));
  const tally = new PodTally(facts.nowMs);
  for (const pod of cache.list("pods") as readonly Pod[]) tally.add(pod);
  const { phases, troubles } = tally.summary();
  const authority = readCertificate(facts.authorityPem);
  return {
    cluster: facts.cluster,
    version: facts.version,
    controlPlanes: facts.controlPlanes,
    store: facts.store,
    nodes,
    pods: phases,
    podTroubles: troubles,
    ...(facts.monitoringAddress !== undefined && { monitoringAddress: facts.monitoringAddress }),
    authority: {
      fingerprint: certificateDigest(facts.authorityPem),
      expiresAt: new Date(authority.notAfterMs).toISOString(),
    },
    warnings: [...warnings(facts, nodes), ...nodeObjects.flatMap(conditionWarnings), ...podWarnings(troubles)],
  };
}

function summary(node: Node, facts: ClusterFacts, cache: Pick<CacheView, "byIndex">): NodeSummary {
  const { name } = node.metadata;
  const ready = getCondition(node.status?.conditions, "Ready");
  const address = node.status?.addresses?.find(({ type }) => type === "InternalIP")?.address;
  const troubles = troublesOf(node).map(({ type }) => type);
  const connected = facts.isConnected(name) ? "" : "its agent is not connected";
  const message = ready?.status === "True" ? connected : (ready?.message ?? (connected || "not judged yet"));
  return {
    name,
    ready: ready?.status === "True",
    unschedulable: node.spec?.unschedulable === true,
    version: node.status?.nodeInfo?.kubeletVersion ?? "",
    pods: cache.byIndex("pods", "node", name).length,
    ...(troubles.length > 0 && { troubles }),
    ...(address !== undefined && { address }),
    ...(message !== "" && { message }),
  };
}

function warnings(facts: ClusterFacts, nodes: readonly NodeSummary[]): string[] {
  const { store, controlPlanes, version } = facts;
  const found: string[] = [];
  if (!store.healthy)
    found.push(
      `etcd is not well: ${store.message ?? "it does not answer"}; containers run on, but nothing can be changed until it is. ${whereToLook(store)}`,
    );
  if (store.isFull) {
    const then =
      store.kind === "external"
        ? "then compact and defragment it and disarm its NOSPACE alarm, or raise its quota"
        : "its space comes back within seconds";
    found.push(`etcd is full and takes no writes but deletions: delete what is not needed; ${then}.`);
  } else if (
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
  const lost = nodes.filter(({ ready }) => !ready).length;
  if (nodes.length > 1 && lost / nodes.length > facts.massLossShare)
    found.push(
      `${massLossText(lost, nodes.length, facts.slowEvictionIntervalMs)}: check the network of this control plane first.`,
    );
  for (const node of nodes) found.push(...nodeWarnings(node, version));
  found.push(...(facts.certificateWarnings ?? []), ...(facts.sealingWarnings ?? []));
  return found;
}

function whereToLook({ kind, endpoints }: StoreStatus): string {
  if (kind === "external") return `See how its members are: ${endpoints.join(", ")}.`;
  return "It is started again when it ends; etcd.log in the control plane's data directory says what ails it.";
}

/** What to do about each condition that does not say so itself. */
const adviceFor: Readonly<Record<string, string>> = {
  MemoryPressure: "move pods away (orchctl top pods) or give the node more memory",
  DiskPressure: "free space, or remove images that nothing uses",
  PIDPressure: "find what starts so many processes (orchctl stats) and limit or remove it",
  NetworkUnavailable: "its pods wait for addresses until this is mended",
};

function conditionWarnings(node: Node): readonly string[] {
  return troublesOf(node).map(({ type, message = "" }) => {
    const advice = adviceFor[type];
    return `Node ${node.metadata.name}: ${type}: ${message}${advice ? `; ${advice}` : ""}.`;
  });
}

function podWarnings(troubles: readonly PodTrouble[]): readonly string[] {
  return troubles.map(({ reason, count, example, message }) => {
    const [namespace, name] = example.split("/");
    const who = count === 1 ? `Pod ${example}` : `${count} pods, as ${example}`;
    return `${who}: ${reason}: ${message} (orchctl describe pod ${name} -n ${namespace}).`;
  });
}

function nodeWarnings(node: NodeSummary, version: string): readonly string[] {
  const { name, ready, message } = node;
  const advice = "see that its machine runs and reaches this control plane (on it: systemctl status orch-node-agent).";
  if (!ready) return [`Node ${name} is not ready: ${message ?? "no reason is known"}; ${advice}`];
  if (message !== undefined) return [`Node ${name}: ${message}; ${advice}`];
  const outdated = node.version !== "" && node.version !== version;
  return outdated ? [`Node ${name} runs version ${node.version}; upgrade it to ${version}.`] : [];
}
