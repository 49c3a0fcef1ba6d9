import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import { assertExposition } from "#test/support/exposition.ts";
import { silentLogger } from "../logger.ts";
import { ManualClock } from "../manual-clock.ts";
import { Problem } from "../problem.ts";
import { askHealth, type HealthCheck } from "./health.ts";
import { HttpEndpoint } from "./http-endpoint.ts";
import { Metrics } from "./metrics.ts";
import { addProcessMetrics } from "./process-metrics.ts";

test("counters, gauges and histograms in Prometheus' form, label values escaped", async () => {
  const metrics = new Metrics();
  const calls = metrics.counter("calls_total", "Calls.", ["verb", "code"]);
  calls.add(1, "GET", "200");
  calls.add(2, "GET", "200");
  calls.add(1, 'a"\\\n', "500");
  metrics.gauge("depth", "Depth.").set(4);
  const times = metrics.histogram("took_seconds", "Time.", ["step"], [0.1, 1]);
  for (const value of [0.05, 0.1, 0.5, 7]) times.observe(value, "pull");
  metrics.observed("gauge", "late", "Read when asked.", async () => [[1, "x"]], ["name"]);
  assertExposition(await metrics.text());
  assert.equal(
    await metrics.text(),
    `# HELP calls_total Calls.
# TYPE calls_total counter
calls_total{verb="GET",code="200"} 3
calls_total{verb="a\\"\\\\\\n",code="500"} 1
# HELP depth Depth.
# TYPE depth gauge
depth 4
# HELP took_seconds Time.
# TYPE took_seconds histogram
took_seconds_bucket{step="pull",le="0.1"} 2
took_seconds_bucket{step="pull",le="1"} 3
took_seconds_bucket{step="pull",le="+Inf"} 4
took_seconds_sum{step="pull"} 7.65
took_seconds_count{step="pull"} 4
# HELP late Read when asked.
# TYPE late gauge
late{name="x"} 1
`,
  );
});

test("series are bounded: what is beyond counts as one", async () => {
  const metrics = new Metrics();
  const calls = metrics.counter("calls_total", "Calls.", ["user"]);
  for (let user = 0; user < 10_000; user++) calls.add(1, `user-${user}`);
  const lines = (await metrics.text()).split("\n").filter((line) => line.startsWith("calls_total{"));
  assert.equal(lines.length, 501);
  assert.ok(lines.includes('calls_total{user="other"} 9500'));
});

test("a reading that fails leaves the others be", async () => {
  const metrics = new Metrics();
  metrics.observed("gauge", "broken", "Fails.", () => Promise.reject(new Error("no")));
  metrics.gauge("fine", "Works.").set(1);
  assert.match(await metrics.text(), /# broken could not be read\n# HELP fine/);
});

test("a process tells of itself, and how late its timers come", async () => {
  const metrics = new Metrics();
  const clock = new ManualClock();
  const stopping = new AbortController();
  addProcessMetrics(metrics, "1.2.3", clock, stopping.signal);
  clock.advance(15_000);
  const text = await metrics.text();
  assert.match(text, /orch_build_info\{version="1\.2\.3"\} 1/);
  assert.match(text, /process_resident_memory_bytes \d{7,}/);
  assert.match(text, /nodejs_eventloop_delay_seconds_count 3/);
  stopping.abort();
  clock.advance(15_000);
  assert.match(await metrics.text(), /nodejs_eventloop_delay_seconds_count 3/);
});

const checks: readonly HealthCheck[] = [
  { name: "loop", isVital: true, check: () => undefined },
  { name: "etcd", isVital: false, check: () => Promise.reject(new Error("no answer")) },
];

test("a process that lives may not be ready; the answer says what fails, and one may be left out", async () => {
  const ask = (kind: "live" | "ready", exclude: readonly string[] = [], verbose = false) =>
    askHealth(checks, { kind, exclude, verbose });
  assert.deepEqual(await ask("live"), { isWell: true, text: "ok" });
  assert.deepEqual(await ask("ready"), {
    isWell: false,
    text: "[+]loop ok\n[-]etcd failed: no answer\nreadyz check failed\n",
  });
  assert.deepEqual(await ask("ready", ["etcd"], true), {
    isWell: true,
    text: "[+]loop ok\n[+]etcd excluded: ok\nreadyz check passed\n",
  });
});

function get(port: number, path: string, more: { host?: string; method?: string } = {}): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const { host = `127.0.0.1:${port}`, method = "GET" } = more;
    const call = request({ host: "127.0.0.1", port, path, method, headers: { host }, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => resolve([response.statusCode ?? 0, text]));
    });
    call.on("error", reject).end();
  });
}

test("the endpoint answers by address only, and only GET; a failure is an answer", async () => {
  const endpoint = await HttpEndpoint.listen({
    host: "127.0.0.1",
    port: 0,
    flag: "--metrics-address",
    logger: silentLogger,
    handle: async (path, query) => {
      if (path === "/fail") throw new Problem("unavailable", "not now");
      return path === "/metrics" ? { status: 200, body: `x${query.get("a") ?? ""}` } : undefined;
    },
  });
  const { port } = endpoint;
  try {
    assert.deepEqual(await get(port, "/metrics?a=1"), [200, "x1"]);
    assert.deepEqual(await get(port, "/metrics", { host: "localhost:1" }), [200, "x"]);
    assert.equal((await get(port, "/metrics", { host: "evil.example" }))[0], 403);
    assert.equal((await get(port, "/metrics", { method: "POST" }))[0], 405);
    assert.equal((await get(port, "/nothing"))[0], 404);
    assert.deepEqual(await get(port, "/fail"), [503, "not now\n"]);
    const again = HttpEndpoint.listen({
      ...{ host: "127.0.0.1", port, flag: "--metrics-address", logger: silentLogger },
      handle: async () => undefined,
    });
    await assert.rejects(again, (thrown) => Problem.is(thrown) && /--metrics-address none/.test(thrown.hint ?? ""));
  } finally {
    await endpoint.stop();
  }
});

test("the reader that tests hold it against refuses what Prometheus would", () => {
  const gauge = "# HELP a x\n# TYPE a gauge\n";
  const histogram = "# HELP h x\n# TYPE h histogram\n";
  for (const text of [
    "a 1\n",
    `${gauge}a 1`,
    `${gauge}a 1\na 2\n`,
    `${gauge}a x\n`,
    `${gauge}a{b="c"d="e"} 1\n`,
    `${gauge}a{b="c",b="e"} 1\n`,
    `${gauge}${gauge}a 1\n`,
    "# HELP a x\n# TYPE a counter\na 1\n",
    `${histogram}h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n`,
    `${histogram}h_bucket{le="+Inf"} 2\nh_sum 1\nh_count 1\n`,
  ])
    assert.throws(() => assertExposition(text), assert.AssertionError, text);
});
