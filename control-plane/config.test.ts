import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { type ControlPlaneConfig, readInvocation } from "./config.ts";

const host = { hostname: "box", address: "192.0.2.7", searchPath: "/usr/bin" };

function configOf(args: string[]): ControlPlaneConfig {
  const invocation = readInvocation(args, host);
  assert.equal(invocation.kind, "run");
  return (invocation as { config: ControlPlaneConfig }).config;
}

test("without flags a local cluster with its own etcd is served on all addresses", () => {
  const config = configOf([]);
  assert.equal(config.settings.clusterName, "local");
  assert.equal(config.name, "box");
  assert.equal(config.dataDir, "/var/lib/orch/local/control-plane");
  assert.equal(config.runDir, "/run/orch/local/control-plane");
  assert.deepEqual([config.listenAddress, config.advertiseAddress, config.port], ["0.0.0.0", "192.0.2.7", 7443]);
  const ownEtcd = { kind: "embedded", clientPort: undefined, peerPort: undefined, searchPath: "/usr/bin" };
  assert.deepEqual(config.etcd, ownEtcd);
  assert.equal(config.etcdPrefix, "/orch/local/");
  assert.deepEqual([config.rootSocket, configOf(["--root-socket", "off"]).rootSocket], [true, false]);
});

test("folders, etcd prefix and advertised address follow from cluster and listen address", () => {
  const config = configOf(["--cluster", "blue", "--listen-address=10.0.0.1", "--plain-http-registry", "r:5000"]);
  assert.equal(config.dataDir, "/var/lib/orch/blue/control-plane");
  assert.equal(config.etcdPrefix, "/orch/blue/");
  assert.equal(config.advertiseAddress, "10.0.0.1");
  assert.deepEqual(config.settings.registries, [{ host: "r:5000", plainHttp: true }]);
});

test("every problem is told at once, each with its flag", () => {
  const args = [
    "--port",
    "99999",
    "--cluster",
    "Big Name",
    "--nonsense",
    "1",
    "--data-dir",
    "here",
    "--node-timeout=1s",
  ];
  assert.throws(
    () => readInvocation(args, host),
    (thrown) => {
      assert.ok(Problem.is(thrown, "invalid"));
      const paths = thrown.causes.map((cause) => cause.path);
      for (const path of ["--port", "--cluster", "--nonsense", "--data-dir"]) assert.ok(paths.includes(path), path);
      return true;
    },
  );
});

test("a flag without its value, and etcd files without endpoints, are refused", () => {
  const causesOf = (args: string[]): readonly (string | undefined)[] => {
    try {
      readInvocation(args, host);
      return [];
    } catch (thrown) {
      return Problem.from(thrown).causes.map(({ path, message }) => `${path} ${message}`);
    }
  };
  assert.deepEqual(causesOf(["--cluster"]), ["--cluster needs a value"]);
  assert.match(String(causesOf(["--etcd-ca", "/ca.pem"])), /--etcd-endpoints is needed/);
  assert.match(String(causesOf(["--node-timeout", "1s"])), /longer than --heartbeat-interval/);
});

test("your own etcd is used with its files", () => {
  const args = ["--etcd-endpoints", "https://10.0.0.1:2379,https://10.0.0.2:2379", "--etcd-ca", "/e/ca.pem"];
  const { etcd } = configOf([...args, "--etcd-cert", "/e/c.pem", "--etcd-key", "/e/k.pem", "--etcd-tls-name", "etcd"]);
  assert.deepEqual(etcd, {
    kind: "external",
    endpoints: ["https://10.0.0.1:2379", "https://10.0.0.2:2379"],
    authorityFile: "/e/ca.pem",
    certificateFile: "/e/c.pem",
    keyFile: "/e/k.pem",
    tlsName: "etcd",
  });
});

test("help lists every flag; version wins over nothing", () => {
  const help = readInvocation(["--help", "--port", "x"], host);
  assert.ok(help.kind === "help" && help.text.includes("--etcd-endpoints URL"));
  assert.equal(readInvocation(["--version"], host).kind, "version");
});
