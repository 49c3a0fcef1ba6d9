/** Joins monitoring with what it tells of: store, cache, agents' sessions and the election. */
import type { Metrics } from "#proto/kit/observability/metrics.ts";
import type { CacheView } from "../cache/cache.ts";
import type { LeaderElection } from "../leadership/leader-election.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { StoreConnection } from "../store-connection.ts";
import { addClusterMetrics } from "./cluster-metrics.ts";
import { Monitoring } from "./monitoring.ts";
import { healthChecks } from "./serve-monitoring.ts";

export interface Monitored {
  readonly metrics: Metrics;
  readonly connection: Pick<StoreConnection, "status">;
  readonly cache: CacheView;
  readonly sessions: Pick<Sessions, "hub" | "operations">;
  readonly election: Pick<LeaderElection, "leadership" | "leader">;
  readonly signal: AbortSignal;
}

const agentMetricsDeadlineMs = 5000;

export function createMonitoring(monitored: Monitored): Monitoring {
  const { metrics, connection, cache, sessions, election, signal } = monitored;
  const store = (): ReturnType<StoreConnection["status"]> => connection.status();
  addClusterMetrics(metrics, {
    cache,
    store,
    leads: () => election.leadership !== undefined,
    sessions: () => sessions.hub.nodes.length,
  });
  const request = { kind: "metrics", payload: new Uint8Array(), deadlineMs: agentMetricsDeadlineMs };
  const leader = (): Promise<string | undefined> => election.leader();
  return new Monitoring({
    metrics,
    checks: healthChecks({ store, cacheResourceVersion: () => cache.resourceVersion, leader, signal }),
    nodes: () => cache.list("nodes").map(({ metadata }) => metadata.name),
    agentMetrics: async (node) => {
      sessions.hub.assertCan(node, "metrics", "metrics");
      return Buffer.from(await sessions.operations.request({ node, ...request }, signal)).toString("utf8");
    },
  });
}
