/** What monitoring sees of a real cluster: metrics of every program, health, and logs that a program can read. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { get } from "node:http";
import { clusterPaths, nodePaths } from "#deploy/local-cluster/names.ts";
import type { ClusterStatus } from "#proto/resources/cluster-status.ts";
import { assertExposition } from "../../support/exposition.ts";
import { inNamespace } from "../support/in-namespace.ts";
import { pod } from "../support/manifests.ts";

function fetchText(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => resolve(text));
    }).on("error", reject);
  });
}

const sampleOf = (text: string, series: string): number =>
  Number(
    text
      .split("\n")
      .find((line) => line.startsWith(`${series} `))
      ?.split(" ")[1] ?? Number.NaN,
  );

inNamespace("metrics, health and logs of a running cluster", async ({ cluster, namespace }) => {
  await cluster.apply(pod("seen", "exec sleep 3600"), "-n", namespace, "--wait");
  const status = JSON.parse((await cluster.run(["cluster", "status", "-o", "json"])).out) as ClusterStatus;
  assert.match(status.monitoringAddress ?? "", /^127\.\d+\.\d+\.1:7446$/);
  const text = await fetchText(`http://${status.monitoringAddress}/metrics`);
  assert.ok(assertExposition(text) > 100);
  assert.ok(sampleOf(text, 'apiserver_request_total{verb="PATCH",resource="pods",code="200"}') >= 1);
  assert.ok(sampleOf(text, 'etcd_request_duration_seconds_count{operation="txn"}') > 1);
  assert.ok(sampleOf(text, 'scheduler_schedule_attempts_total{result="scheduled"}') >= 1);
  assert.equal(sampleOf(text, 'leader_election_master_status{name="control-plane"}'), 1);
  assert.ok(sampleOf(text, "process_resident_memory_bytes") > 1e7);

  const targets = JSON.parse(await fetchText(`http://${status.monitoringAddress}/nodes`)) as {
    readonly labels: { readonly node: string; readonly __metrics_path__: string };
  }[];
  assert.equal(targets.length, 3);
  const started = await Promise.all(
    targets.map(async ({ labels }) => {
      const agent = await fetchText(`http://${status.monitoringAddress}${labels.__metrics_path__}`);
      assert.ok(assertExposition(agent) > 50);
      assert.equal(sampleOf(agent, "node_agent_connected"), 1);
      const series = 'node_agent_runtime_operations_duration_seconds_count{operation_type="start-container"}';
      return sampleOf(agent, series) || 0;
    }),
  );
  assert.ok(started.reduce((sum, count) => sum + count, 0) >= 1);
  assert.match(await cluster.orchctl(["node", "metrics", "node-1"]), /^orch_build_info\{version="/m);

  assert.equal(await cluster.orchctl(["get", "--raw", "/livez"]), "ok");
  assert.match(await cluster.orchctl(["get", "--raw", "/readyz?verbose"]), /\[\+\]etcd ok\n[\s\S]*readyz check passed/);
  assert.equal((await cluster.run(["get", "--raw", "/nowhere"])).code, 3);

  const { logs } = clusterPaths(cluster.name);
  for (const path of [nodePaths(cluster.name, "node-1").log, `${logs}/supervisor.log`]) {
    const records = readFileSync(path, "utf8")
      .trim()
      .split("\n")
      .filter((line) => line.startsWith("{"));
    assert.ok(records.length > 0, path);
    for (const line of records) {
      const record = JSON.parse(line) as Readonly<Record<"level" | "time" | "component", string>>;
      assert.match(record.level, /^(debug|info|warn|error)$/);
      assert.ok(!Number.isNaN(Date.parse(record.time)) && record.component !== "", line);
      for (const key of ["component", "part", "node"]) assert.ok(line.split(`"${key}":`).length <= 2, `twice: ${line}`);
    }
  }
});
