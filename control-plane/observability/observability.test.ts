import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Metrics } from "#proto/kit/observability/metrics.ts";
import { Problem } from "#proto/kit/problem.ts";
import { MemoryKv } from "../store/memory-kv.ts";
import { apiMetrics } from "./api-metrics.ts";
import { engineMetrics } from "./engine-metrics.ts";
import { measuredKv } from "./measured-kv.ts";
import { Monitoring } from "./monitoring.ts";
import { healthChecks } from "./serve-monitoring.ts";

const lines = async (metrics: Metrics, name: string): Promise<readonly string[]> =>
  (await metrics.text()).split("\n").filter((line) => line.startsWith(name));

test("requests are counted by verb, kind and code; a caller's words make no series; watches are no latencies", async () => {
  const metrics = new Metrics();
  const clock = new ManualClock();
  const observer = apiMetrics(metrics, clock);
  const get = observer.begun("/orch.v1.Api/Get", { resource: "pods" });
  const watch = observer.begun("/orch.v1.Api/Watch", { resource: "pods" });
  const create = observer.begun("/orch.v1.Api/Create", { resource: "x".repeat(1000) });
  assert.deepEqual(await lines(metrics, "apiserver_current_inflight"), [
    'apiserver_current_inflight_requests{request_kind="readOnly"} 1',
    'apiserver_current_inflight_requests{request_kind="mutating"} 1',
  ]);
  clock.advance(20);
  get(undefined);
  create("conflict");
  assert.deepEqual(await lines(metrics, "apiserver_longrunning"), ['apiserver_longrunning_requests{verb="WATCH"} 1']);
  watch("canceled");
  assert.deepEqual(await lines(metrics, "apiserver_request_total{"), [
    'apiserver_request_total{verb="GET",resource="pods",code="200"} 1',
    'apiserver_request_total{verb="POST",resource="",code="409"} 1',
    'apiserver_request_total{verb="WATCH",resource="pods",code="499"} 1',
  ]);
  assert.deepEqual(await lines(metrics, "apiserver_request_duration_seconds_sum"), [
    'apiserver_request_duration_seconds_sum{verb="GET",resource="pods"} 0.02',
    'apiserver_request_duration_seconds_sum{verb="POST",resource=""} 0.02',
  ]);
});

test("etcd's time is measured, and its failures are counted", async () => {
  const metrics = new Metrics();
  const clock = new ManualClock();
  const kv = measuredKv(new MemoryKv({ clock }), metrics, clock);
  await kv.get("a");
  await assert.rejects(kv.keepLeaseAlive("7"));
  assert.deepEqual(await lines(metrics, "etcd_requests_total{"), [
    'etcd_requests_total{operation="get"} 1',
    'etcd_requests_total{operation="lease_keepalive"} 1',
  ]);
  assert.deepEqual(await lines(metrics, "etcd_request_errors_total{"), [
    'etcd_request_errors_total{operation="lease_keepalive"} 1',
  ]);
  await kv.close();
});

test("controllers and the scheduler tell what they did", async () => {
  const metrics = new Metrics();
  const engine = engineMetrics(metrics);
  engine.queued("deployment", 3);
  engine.worked("deployment", "conflict", 5, 2);
  engine.scheduled({ placed: 4, unplaced: 1, tookMs: 2, waiting: 7 });
  const text = await metrics.text();
  for (const line of [
    'workqueue_depth{name="deployment"} 3',
    'controller_reconcile_total{controller="deployment",result="conflict"} 1',
    'scheduler_schedule_attempts_total{result="unschedulable"} 1',
    'scheduler_pending_pods{queue="unschedulable"} 7',
  ])
    assert.ok(text.includes(line), line);
});

const stopping = new AbortController();
const monitoring = (etcdMessage?: string): Monitoring =>
  new Monitoring({
    metrics: new Metrics(),
    nodes: () => ["node-1"],
    agentMetrics: async (node) => {
      if (node === "node 1") return "up 1\n";
      throw new Problem("unavailable", `the agent of node ${node} is not connected`);
    },
    checks: healthChecks({
      store: async () => ({
        ...{ kind: "embedded", endpoints: [], healthy: etcdMessage === undefined },
        ...(etcdMessage !== undefined && { message: etcdMessage }),
      }),
      cacheResourceVersion: () => "128",
      leader: async () => "cp",
      signal: stopping.signal,
    }),
  });
const ask = (of: Monitoring, path: string) => {
  const url = new URL(path, "http://localhost");
  return of.answer(url.pathname, url.searchParams, "127.0.0.1:7446");
};

test("a control plane without etcd lives and is not ready, and says why", async () => {
  assert.deepEqual(await ask(monitoring(), "/readyz"), { status: 200, body: "ok" });
  const ill = monitoring("no space");
  assert.equal((await ask(ill, "/livez"))?.status, 200);
  const answer = await ask(ill, "/readyz");
  assert.equal(answer?.status, 500);
  assert.match(answer?.body ?? "", /\[\+\]ping ok\n\[-\]etcd failed: no space\n\[\+\]cache ok/);
  assert.equal((await ask(ill, "/readyz?exclude=etcd"))?.status, 200);
});

test("agents' metrics come through their sessions, and Prometheus finds them", async () => {
  assert.equal((await ask(monitoring(), "/nodes/node%201/metrics"))?.body, "up 1\n");
  await assert.rejects(ask(monitoring(), "/nodes/gone/metrics"), (thrown) => Problem.is(thrown, "unavailable"));
  const targets = JSON.parse((await ask(monitoring(), "/nodes"))?.body ?? "");
  const labels = { __metrics_path__: "/nodes/node-1/metrics", node: "node-1" };
  assert.deepEqual(targets, [{ targets: ["127.0.0.1:7446"], labels }]);
  assert.equal(await ask(monitoring(), "/nodes/a/b/metrics"), undefined);
});
