/** What a machine may hold against us: a second cluster, a taken port, a missing runtime, a full disk. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { after, before, test } from "node:test";
import { askSupervisor } from "#deploy/local-cluster/control.ts";
import { clusterPaths, hostAddress } from "#deploy/local-cluster/names.ts";
import { chooseSubnet } from "#deploy/local-cluster/network.ts";
import { auditHost } from "../support/audit.ts";
import { TestCluster } from "../support/cluster.ts";
import { pod } from "../support/manifests.ts";
import { eventually, programs, run } from "../support/programs.ts";
import { difference } from "../support/shared-cluster.ts";

const cluster = new TestCluster("second");
let clean: readonly string[] = [];

before(() => {
  clean = auditHost(cluster.name);
});

after(
  async () => {
    await cluster.down();
    assert.deepEqual(difference(clean, auditHost(cluster.name)), [], "the cluster left something behind");
  },
  { timeout: 120_000 },
);

test("a second cluster on one host has a network of its own, and both run pods", { timeout: 180_000 }, async () => {
  const first = TestCluster.shared();
  await cluster.up(1);
  await cluster.loadExampleImage();
  await cluster.apply(pod("here", "echo second; exec sleep 3600"), "--wait");
  assert.equal(await cluster.orchctl(["logs", "here"]), "second\n");
  assert.deepEqual(await cluster.readyNodes(), ["node-1"]);
  assert.equal((await first.readyNodes()).length, 3);
  const foreign = await run(`${programs}/bin/orchctl`, [
    "get",
    "nodes",
    "--config",
    first.config,
    "--context",
    cluster.name,
  ]);
  assert.equal(foreign.code, 3, "one cluster's contexts know nothing of the other");
});

test("running it again changes nothing", { timeout: 60_000 }, async () => {
  const before = await askSupervisor(cluster.name, { kind: "status" });
  await cluster.up(1);
  assert.deepEqual(await askSupervisor(cluster.name, { kind: "status" }), before);
});

test("a token that is used up, foreign or nonsense is refused with the reason", { timeout: 60_000 }, async () => {
  const address = `${hostAddressOf(cluster)}:7444`;
  const join = (token: string, name: string): ReturnType<typeof run> =>
    run(`${programs}/bin/orch-node-agent`, [
      "join",
      "--server",
      address,
      "--token",
      token,
      "--node-name",
      name,
      "--data-dir",
      cluster.file(name, "").replace(name, `data-${name}`),
    ]);
  const { token } = JSON.parse(await cluster.orchctl(["node", "join", "-o", "json"])) as { token: string };
  assert.equal((await join(token, "first")).code, 0);
  assert.match((await join(token, "second")).err, /used/i);
  const foreign = JSON.parse(await TestCluster.shared().orchctl(["node", "join", "-o", "json"])) as { token: string };
  assert.match((await join(foreign.token, "third")).err, /does not belong to the cluster/);
  assert.notEqual((await join("nonsense", "fourth")).code, 0);
});

test("after down the data is there again with up", { timeout: 120_000 }, async () => {
  await cluster.orchctl(["cluster", "down", "--name", cluster.name], { timeoutMs: 60_000 });
  await cluster.up(1);
  await eventually(
    "the pod runs again",
    async () => ((await cluster.pods())[0]?.status?.phase === "Running" ? true : undefined),
    60_000,
  );
});

test("a taken port is named with its address", { timeout: 60_000 }, async () => {
  const other = new TestCluster("porttaken");
  const address = hostAddress(chooseSubnet(other.name));
  await run("ip", ["addr", "add", `${address}/32`, "dev", "lo"]);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(7443, address, resolve));
  try {
    const ran = await run(
      `${programs}/bin/orch-control-plane`,
      [
        "--cluster",
        "porttaken",
        "--data-dir",
        `/tmp/orch-port-${process.pid}`,
        "--run-dir",
        `/tmp/orch-port-${process.pid}/run`,
        "--listen-address",
        address,
        "--advertise-address",
        address,
      ],
      { timeoutMs: 20_000 },
    );
    assert.notEqual(ran.code, 0);
    assert.match(`${ran.err}${ran.out}`, /7443.*(taken|in use)|(taken|in use).*7443/i);
  } finally {
    server.close();
    await run("ip", ["addr", "del", `${address}/32`, "dev", "lo"]);
    await run("rm", ["-rf", `/tmp/orch-port-${process.pid}`]);
    other.forget();
  }
});

function hostAddressOf(one: TestCluster): string {
  const text = JSON.parse(readFileSync(clusterPaths(one.name).state, "utf8")) as { subnet: string };
  return hostAddress(text.subnet);
}
