import assert from "node:assert/strict";
import { test } from "node:test";
import { Metrics } from "#proto/kit/observability/metrics.ts";
import { addLimitMetrics } from "./limit-metrics.ts";

test("each port's connections and refusals are told, by reason", async () => {
  const metrics = new Metrics();
  const counters = { running: 1, streams: 2, refusedByRate: 3, refusedByCount: 4, connections: 9, handshakes: 2 };
  const quiet = { running: 0, streams: 0, refusedByRate: 0, refusedByCount: 0, connections: 0, handshakes: 0 };
  addLimitMetrics(metrics, {
    api: { counters: { ...counters, dropped: { identity: 5 } } },
    enrollment: { counters: { ...quiet, dropped: {} } },
  });
  const text = await metrics.text();
  for (const line of [
    'apiserver_flowcontrol_rejected_requests_total{port="api",reason="rate"} 3',
    'apiserver_flowcontrol_rejected_requests_total{port="api",reason="concurrency"} 4',
    'apiserver_flowcontrol_rejected_requests_total{port="enrollment",reason="rate"} 0',
    'orch_connections{port="api",state="established"} 7',
    'orch_connections{port="api",state="handshake"} 2',
    'orch_connections_dropped_total{port="api",reason="identity"} 5',
  ]) {
    assert.ok(text.split("\n").includes(line), `${line}\n${text}`);
  }
});
