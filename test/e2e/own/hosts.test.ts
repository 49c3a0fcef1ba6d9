/** What a machine may hold against us: a second cluster, a taken port, a missing runtime, a full disk. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join as pathTo } from "node:path";
import { after, before, test } from "node:test";
import { type Context, chooseContext, emptyConfig, readConfig, writeConfig } from "#cli/context/config-file.ts";
import { askSupervisor } from "#deploy/local-cluster/control.ts";
import { clusterPaths, hostAddress } from "#deploy/local-cluster/names.ts";
import { chooseSubnet } from "#deploy/local-cluster/network.ts";
import { auditHost } from "../support/audit.ts";
import { TestCluster } from "../support/cluster.ts";
import { pod } from "../support/manifests.ts";
import { eventually, programs, run } from "../support/programs.ts";
import { difference } from "../support/shared-cluster.ts";

const cluster = new TestCluster("second");
const first = TestCluster.shared();
/** Data directories of machines that join, or try to. */
const folder = mkdtempSync(pathTo(tmpdir(), "orch-joining-"));
let clean: readonly string[] = [];

before(() => {
  clean = auditHost(cluster.name);
});

after(
  async () => {
    await cluster.down();
    first.forget();
    rmSync(folder, { recursive: true, force: true });
    assert.deepEqual(difference(clean, auditHost(cluster.name)), [], "the cluster left something behind");
  },
  { timeout: 120_000 },
);

test("a second cluster on one host has a network of its own, and both run pods", { timeout: 180_000 }, async () => {
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

const dataDirectory = (name: string): string => pathTo(folder, name);

const join = (token: string, name: string): ReturnType<typeof run> =>
  run(`${programs}/bin/orch-node-agent`, [
    ...["join", "--server", `${hostAddressOf(cluster)}:7444`, "--token", token],
    ...["--node-name", name, "--data-dir", dataDirectory(name)],
  ]);

async function newToken(...flags: string[]): Promise<string> {
  const printed = await cluster.orchctl(["node", "join", "-o", "json", ...flags]);
  return (JSON.parse(printed) as { token: string }).token;
}

test("a token that is used up, foreign or nonsense is refused with the reason", { timeout: 60_000 }, async () => {
  const token = await newToken();
  assert.equal((await join(token, "first")).code, 0);
  assert.match((await join(token, "second")).err, /used/i);
  const foreign = JSON.parse(await first.orchctl(["node", "join", "-o", "json"])) as { token: string };
  assert.match((await join(foreign.token, "third")).err, /does not belong to the cluster/);
  assert.notEqual((await join("nonsense", "fourth")).code, 0);
});

test("a token that has expired is refused with the reason", { timeout: 60_000 }, async () => {
  const token = await newToken("--lifetime", "1s");
  await new Promise((resolve) => setTimeout(resolve, 1100)); // Its end is what this is about.
  const refused = await join(token, "late");
  assert.equal(refused.code, 1);
  assert.match(refused.err, /token expired at \d{4}-/);
});

test("certificates of another cluster are refused with a sentence, on both sides", { timeout: 60_000 }, async () => {
  const [own, foreign] = [await contextOf(cluster), await contextOf(first)];
  const getNodes = (context: Context): ReturnType<typeof run> => {
    const config = cluster.file("mixed", "");
    writeConfig(config, { ...emptyConfig, currentContext: context.name, contexts: [context] });
    return cluster.run(["get", "nodes", "--config", config, "--context", context.name, "--request-timeout", "5s"]);
  };
  assert.equal((await getNodes(own)).code, 0);
  const wrongServer = await getNodes({ ...foreign, server: own.server });
  assert.equal(wrongServer.code, 7, wrongServer.err);
  assert.match(wrongServer.err, /certificate/);
  const wrongClient = await getNodes({
    ...own,
    clientCertificate: foreign.clientCertificate,
    clientKey: foreign.clientKey,
  });
  // A server that refuses a client only ends the connection: the client cannot know more.
  assert.equal(wrongClient.code, 7, wrongClient.err);
  assert.match(wrongClient.err, /^error: the control plane of cluster "second" at .* does not answer/);
});

/** A command on a machine without these programs, as its mounts show it. */
const without = (missing: readonly string[], command: readonly string[]): ReturnType<typeof run> => {
  const hide =
    "for p in $1; do for d in /usr/local/bin /usr/sbin /usr/bin; do [ ! -e $d/$p ] || mount --bind /dev/null $d/$p; done; done";
  return run(
    "unshare",
    ["--mount", "--net", "sh", "-ec", `${hide}; shift; exec "$@"`, "sh", missing.join(" "), ...command],
    {
      variables: cluster.variables,
      timeoutMs: 20_000,
    },
  );
};

test("without crun and runc, or conmon, an agent says what to install, and a new cluster is not begun", {
  timeout: 60_000,
}, async () => {
  assert.equal((await join(await newToken(), "bare")).code, 0);
  const agent = [`${programs}/bin/orch-node-agent`, "run", "--data-dir", dataDirectory("bare")].concat(
    ["--run-dir", `${dataDirectory("bare")}/run`, "--cgroup-root", `/orch/${cluster.name}/bare`],
    ["--log-level", "error"],
  );
  for (const [missing, expected] of [
    [
      ["crun", "runc"],
      /cannot run containers: (crun|runc) or (crun|runc) is not installed\napt-get install (crun|runc)\n$/,
    ],
    [["conmon"], /cannot run containers: conmon is not installed\napt-get install conmon\n$/],
  ] as const) {
    const ran = await without(missing, agent);
    assert.equal(ran.code, 1, ran.err);
    assert.match(ran.err, expected);
  }
  const up = ["cluster", "up", "--name", "faults-bare", "--nodes", "1"];
  const refused = await without(["crun", "runc", "etcd"], [`${programs}/bin/orchctl`, ...up]);
  assert.equal(refused.code, 7, refused.err);
  assert.match(refused.err, /missing on this machine: etcd, crun[\s\S]*packages\.sh run/);
  assert.ok(!existsSync(clusterPaths("faults-bare").data), "nothing was made");
});

test("after down the data is there again with up, though etcd's port is somebody else's now", {
  timeout: 120_000,
}, async () => {
  await cluster.orchctl(["cluster", "down", "--name", cluster.name], { timeoutMs: 60_000 });
  const portsFile = `${clusterPaths(cluster.name).controlPlaneData}/etcd-ports.json`;
  const { clientPort } = JSON.parse(readFileSync(portsFile, "utf8")) as { readonly clientPort: number };
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(clientPort, "127.0.0.1", resolve));
  try {
    await cluster.up(1);
    await eventually(
      "the pod runs again",
      async () => ((await cluster.pods())[0]?.status?.phase === "Running" ? true : undefined),
      60_000,
    );
  } finally {
    squatter.close();
  }
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

/** As on another machine: its certificate is what counts. */
async function contextOf(one: TestCluster): Promise<Context> {
  const { socket: _, ...context } = chooseContext(await readConfig(one.config), one.name, one.config);
  return context;
}

function hostAddressOf(one: TestCluster): string {
  const text = JSON.parse(readFileSync(clusterPaths(one.name).state, "utf8")) as { subnet: string };
  return hostAddress(text.subnet);
}
