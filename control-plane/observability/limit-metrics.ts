/** What the limits of the two ports have to do: how full they are, and who was turned away and why. */
import type { Metrics, Sample } from "#proto/kit/observability/metrics.ts";
import type { RpcServer } from "#proto/kit/rpc/server.ts";

type Counters = RpcServer["counters"];

/** By port, as `api`. */
export type LimitedServers = Readonly<Record<string, Pick<RpcServer, "counters">>>;

export function addLimitMetrics(metrics: Metrics, servers: LimitedServers): void {
  const each = (read: (counters: Counters) => readonly Sample[]) => (): readonly Sample[] =>
    Object.entries(servers).flatMap(([port, { counters }]) =>
      read(counters).map(([value, ...labels]): Sample => [value, port, ...labels]),
    );
  metrics.observed(
    "counter",
    "apiserver_flowcontrol_rejected_requests_total",
    "Calls refused by a limit: of their rate, or of how many are under way.",
    each(({ refusedByRate, refusedByCount }) => [
      [refusedByRate, "rate"],
      [refusedByCount, "concurrency"],
    ]),
    ["port", "reason"],
  );
  metrics.observed(
    "gauge",
    "orch_connections",
    "Connections that are open, and of these TLS handshakes under way.",
    each(({ connections, handshakes }) => [
      [connections - handshakes, "established"],
      [handshakes, "handshake"],
    ]),
    ["port", "state"],
  );
  metrics.observed(
    "counter",
    "orch_connections_dropped_total",
    "Connections cut off by a limit.",
    each(({ dropped }) => Object.entries(dropped).map(([why, count]): Sample => [count, why])),
    ["port", "reason"],
  );
}
