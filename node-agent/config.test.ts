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
  assert.equal(config.concurrency, 12);
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

test("join tells which flags `run` wants again: what it does not keep itself", () => {
  const more = ["--run-dir", "/run/x", "--eviction-hard", "memory.available<1Gi", "--refuse-vulnerable-runtime"];
  const invocation = parseInvocation(["join", "--server", "10.0.0.1", "--token", "t", "--label", "a=b", ...more], "h");
  assert.ok(invocation.kind === "join");
  assert.equal(
    invocation.forRun.join(" "),
    "--run-dir /run/x --eviction-hard 'memory.available<1Gi' --refuse-vulnerable-runtime",
  );
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

test("what is kept from pods is added up", () => {
  const config = run("--system-reserved", "cpu=500m,memory=1Gi", "--orch-reserved", "memory=256Mi");
  assert.deepEqual(config.reserved, { milliCpu: 500, memoryBytes: 2 ** 30 + 2 ** 28 });
});

test("thresholds of eviction are sizes or shares by signal; those not named stay", () => {
  const { eviction } = run(
    ...["--eviction-hard", "nodefs.available<15%,memory.available<1Gi", "--eviction-hard", "pid.available<0"],
    ...["--eviction-soft", "memory.available<2Gi", "--eviction-soft-grace-period", "memory.available=1m30s"],
    ...["--eviction-minimum-reclaim", "nodefs.available=500Mi", "--eviction-max-pod-grace-period", "5"],
  );
  const { hard, soft, softGraceMs, minimumReclaim, maxPodGraceMs } = eviction;
  assert.deepEqual(hard["nodefs.available"], { bytes: Number.POSITIVE_INFINITY, share: 0.15 });
  assert.deepEqual(hard["memory.available"], { bytes: 2 ** 30, share: 1 });
  assert.deepEqual(hard["pid.available"], { bytes: 0, share: 1 });
  assert.deepEqual(hard["imagefs.available"], { bytes: 2 ** 30, share: 0.1 });
  assert.deepEqual([Object.keys(soft), softGraceMs], [["memory.available"], { "memory.available": 90_000 }]);
  assert.deepEqual([minimumReclaim["nodefs.available"]?.bytes, maxPodGraceMs], [500 * 2 ** 20, 5_000]);
  for (const [flag, value, pattern] of [
    ["--system-reserved", "disk=1", /takes cpu=AMOUNT/],
    ["--eviction-hard", "memory<1Gi", /takes SIGNAL<VALUE with a signal of memory.available, nodefs.available/],
    ["--eviction-hard", "memory.available=1Gi", /takes SIGNAL<VALUE/],
    ["--eviction-hard", "nodefs.available<much", /takes an amount, as 2Gi, or a share/],
    ["--eviction-hard", "pid.available<200%", /share from 0% to 100%/],
    ["--eviction-soft", "memory.available<1Gi", /needs its --eviction-soft-grace-period/],
    ["--eviction-soft-grace-period", "memory.available=soon", /takes a time, as 1m30s/],
    ["--swap-behavior", "Some", /takes NoSwap, LimitedSwap/],
    ["--pod-pids-limit", "0", /takes a number from 1/],
    ["--max-restart-period", "0.5", /takes a number from 1 to 86400/],
  ] as const)
    assert.throws(
      () => run(flag, value),
      (thrown) =>
        Problem.is(thrown, "bad-request") && pattern.test(`${thrown.message} ${JSON.stringify(thrown.causes)}`),
      value,
    );
});

test("the longest wait before a restart is 5 minutes, or what the flag says", () => {
  assert.equal(run().maxRestartPeriodMs, 300_000);
  assert.equal(run("--max-restart-period", "10").maxRestartPeriodMs, 10_000);
});

test("logs are kept as the flags say; the kubelet's sizes where they say nothing", () => {
  assert.deepEqual(run().logLimits, {
    rotation: { maxBytes: 10 * 2 ** 20, maxFiles: 5 },
    gone: { maxAgeMs: 86_400_000, maxBytes: 2 ** 30 },
  });
  const sizes = ["--container-log-max-size", "1Mi", "--gone-logs-max-size", "64Mi"];
  assert.deepEqual(run(...sizes, "--container-log-max-files", "2", "--gone-logs-max-age", "60").logLimits, {
    rotation: { maxBytes: 2 ** 20, maxFiles: 2 },
    gone: { maxAgeMs: 60_000, maxBytes: 64 * 2 ** 20 },
  });
  assert.throws(() => run("--container-log-max-files", "101"), /from 1 to 100/);
  assert.throws(() => run("--gone-logs-max-size", "much"), /takes an amount above 0/);
});

test("images are collected above 85 % down to 80 %, or as the flags say", () => {
  assert.deepEqual(run().imageGarbage, { watermarks: { highPercent: 85, lowPercent: 80 }, minAgeMs: 120_000 });
  const low = run("--image-gc-high-threshold", "50%", "--image-gc-min-age", "5").imageGarbage;
  assert.deepEqual(low, { watermarks: { highPercent: 50, lowPercent: 50 }, minAgeMs: 5_000 });
  assert.throws(() => run("--image-gc-low-threshold", "90%"), /must not be above --image-gc-high-threshold/);
});
