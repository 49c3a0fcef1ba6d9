import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { type Invocation, parseInvocation } from "./config.ts";

function run(...argv: string[]): Extract<Invocation, { kind: "run" }>["config"] {
  const invocation = parseInvocation(["run", ...argv], "Host-1");
  assert.equal(invocation.kind, "run");
  return invocation.kind === "run" ? invocation.config : assert.fail();
}

test("run needs no flag: joining has said the rest", () => {
  const config = run();
  assert.deepEqual(config.controlPlane, []);
  assert.equal(config.maxPods, 110);
  assert.equal(config.concurrency, 6);
  assert.equal(config.logLevel, "info");
});

test("amounts, endpoints, addresses and labels are read", () => {
  const config = run("--cpus", "500m", "--memory", "2Gi", "--control-plane", "cp-1,[::1]:9000", "--label", "disk=ssd");
  assert.equal(config.milliCpu, 500);
  assert.equal(config.memoryBytes, 2 ** 31);
  assert.deepEqual(config.controlPlane, ["cp-1:7443", "[::1]:9000"]);
  assert.deepEqual(config.labels, { disk: "ssd" });
  assert.equal(config.layerStore, undefined);
  assert.equal(run("--layer-store", "erofs-loop").layerStore, "erofs-loop");
});

test("all wrong flags are told together", () => {
  assert.throws(
    () =>
      run(
        "--cpus",
        "many",
        "--data-dir",
        "here",
        "--node-address",
        "x",
        "--concurrency",
        "0",
        "--log-level",
        "loud",
        "--layer-store",
        "zip",
      ),
    (thrown) => Problem.is(thrown, "bad-request") && thrown.causes.length === 6,
  );
});

test("an unknown flag or command is refused", () => {
  for (const argv of [["run", "--nope"], ["jump"], [], ["run", "twice"]]) {
    assert.throws(
      () => parseInvocation(argv, "h"),
      (thrown) => Problem.is(thrown, "bad-request"),
      argv.join(" "),
    );
  }
});

test("join dials the server's API port unless told otherwise, and takes the host's name", () => {
  const invocation = parseInvocation(["join", "--server", "10.0.0.1", "--token", "t"], "Host-1");
  assert.ok(invocation.kind === "join");
  assert.deepEqual(invocation.config.server, { host: "10.0.0.1", port: 7444 });
  assert.deepEqual(invocation.config.controlPlane, ["10.0.0.1:7443"]);
  assert.equal(invocation.config.nodeName, "host-1");
});

test("join without server and token names both", () => {
  assert.throws(
    () => parseInvocation(["join"], "h"),
    (thrown) => Problem.is(thrown, "bad-request") && /--server.*--token/.test(thrown.message),
  );
});

test("help and version ask for nothing else", () => {
  assert.equal(parseInvocation(["--help"], "h").kind, "help");
  assert.equal(parseInvocation(["version"], "h").kind, "version");
});

test("join takes labels and taints, and refuses those that a machine may not give itself", () => {
  const join = (...more: string[]) =>
    parseInvocation(["join", "--server", "10.0.0.1", "--token", "t", ...more], "host-1");
  const invocation = join("--label", "disk=ssd", "--taint", "gpu=yes:NoSchedule", "--taint", "slow:PreferNoSchedule");
  assert.ok(invocation.kind === "join");
  assert.deepEqual(invocation.config.labels, { disk: "ssd" });
  assert.deepEqual(invocation.config.taints, [
    { key: "gpu", value: "yes", effect: "NoSchedule" },
    { key: "slow", effect: "PreferNoSchedule" },
  ]);
  for (const [flags, reason] of [
    [["--label", "node-role.kubernetes.io/control-plane="], /may not give itself labels of kubernetes\.io/],
    [["--label", "_x=1"], /no label key/],
    [["--taint", "gpu=yes:Never"], /NoSchedule, PreferNoSchedule or NoExecute/],
  ] as const)
    assert.throws(() => join(...flags), reason);
});

test("leave is run's flags and a time to stop in", () => {
  const invocation = parseInvocation(["leave", "--data-dir", "/d", "--force", "--timeout", "5"], "h");
  assert.ok(invocation.kind === "leave");
  assert.equal(invocation.config.run.dataDirectory, "/d");
  assert.deepEqual([invocation.config.force, invocation.config.timeoutMs], [true, 5_000]);
});

test("what is kept from pods is added up; limits are sizes or shares", () => {
  const config = run(
    "--system-reserved",
    "cpu=500m,memory=1Gi",
    "--orch-reserved",
    "memory=256Mi",
    "--min-free-disk",
    "15%",
  );
  assert.deepEqual(config.reserved, { milliCpu: 500, memoryBytes: 2 ** 30 + 2 ** 28 });
  assert.deepEqual(config.limits.minFreeDisk, { bytes: Number.POSITIVE_INFINITY, share: 0.15 });
  assert.deepEqual(config.limits.minFreeImagesDisk, config.limits.minFreeDisk);
  assert.throws(
    () => run("--system-reserved", "disk=1", "--min-free-disk", "much", "--min-free-pids", "200%"),
    (thrown) => Problem.is(thrown, "bad-request") && thrown.causes.length === 3,
  );
});

test("images are collected above 85 % down to 80 %, or as the flags say", () => {
  assert.deepEqual(run().imageGarbage, { watermarks: { highPercent: 85, lowPercent: 80 }, minAgeMs: 120_000 });
  const low = run("--image-gc-high-threshold", "50%", "--image-gc-min-age", "5").imageGarbage;
  assert.deepEqual(low, { watermarks: { highPercent: 50, lowPercent: 50 }, minAgeMs: 5_000 });
  assert.throws(() => run("--image-gc-low-threshold", "90%"), /must not be above --image-gc-high-threshold/);
});
