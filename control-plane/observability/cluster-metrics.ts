/** How the cluster is, read when it is asked for. */
import type { Metrics } from "#proto/kit/observability/metrics.ts";
import { catalog } from "#proto/resources/catalog.ts";
import type { StoreStatus } from "#proto/resources/cluster-status.ts";
import { isConditionTrue } from "#proto/resources/conditions.ts";
import type { Node } from "#proto/resources/node.ts";
import type { CacheView } from "../cache/cache.ts";

export interface ClusterMetricsOptions {
  readonly cache: Pick<CacheView, "count" | "list">;
  readonly store: () => Promise<StoreStatus>;
  readonly leads: () => boolean;
  readonly sessions: () => number;
}

export function addClusterMetrics(metrics: Metrics, { cache, store, leads, sessions }: ClusterMetricsOptions): void {
  metrics.observed(
    "gauge",
    "apiserver_storage_objects",
    "Objects stored, by kind.",
    () =>
      catalog.filter(({ kind }) => kind !== "Event").map(({ resource }) => [cache.count(resource), resource] as const),
    ["resource"],
  );
  metrics.observed("gauge", "etcd_up", "Whether etcd answers.", async () => [[(await store()).healthy ? 1 : 0]]);
  metrics.observed("gauge", "etcd_mvcc_db_total_size_in_bytes", "Size of etcd's file.", async () => {
    const { sizeBytes } = await store();
    return sizeBytes === undefined ? [] : [[sizeBytes]];
  });
  metrics.observed("gauge", "etcd_server_quota_backend_bytes", "Size that etcd's file may have.", async () => {
    const { quotaBytes } = await store();
    return quotaBytes === undefined ? [] : [[quotaBytes]];
  });
  metrics.observed("gauge", "orch_store_full", "Whether etcd takes no writes for want of space.", async () => [
    [(await store()).isFull === true ? 1 : 0],
  ]);
  metrics.observed(
    "gauge",
    "leader_election_master_status",
    "Whether this control plane leads.",
    () => [[leads() ? 1 : 0, "control-plane"]],
    ["name"],
  );
  metrics.observed("gauge", "orch_agent_sessions", "Agents connected to this control plane.", () => [[sessions()]]);
  metrics.observed(
    "gauge",
    "orch_nodes",
    "Nodes by whether they are ready.",
    () => {
      const nodes = cache.list("nodes") as readonly Node[];
      const ready = nodes.filter((node) => isConditionTrue(node.status?.conditions, "Ready")).length;
      return [
        [ready, "true"],
        [nodes.length - ready, "false"],
      ];
    },
    ["ready"],
  );
}
