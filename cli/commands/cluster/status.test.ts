import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "#proto/kit/clock.ts";
import type { ClusterStatus } from "#proto/resources/cluster-status.ts";
import { localHint } from "./local-hint.ts";
import { renderStatus } from "./status.ts";

const well: ClusterStatus = {
  ...{ cluster: "local", version: "0.1.0", warnings: [] },
  controlPlanes: [
    { name: "cp", address: "10.0.0.1:7443", version: "0.1.0", leader: true, startedAt: "2026-01-01T00:00:00Z" },
  ],
  store: { kind: "embedded", endpoints: [], healthy: true, version: "3.4.23", sizeBytes: 12_300_000, quotaBytes: 2e9 },
  nodes: [{ name: "node-1", ready: true, unschedulable: true, version: "0.1.0", address: "10.0.0.11", pods: 3 }],
  pods: { Running: 3 },
  podTroubles: [],
};

test("one screen: cluster, leader, store, pods, nodes, and that nothing is wrong", () => {
  assert.equal(
    renderStatus(well, "10.0.0.1:7443"),
    `Cluster         local at 10.0.0.1:7443
Control plane   0.1.0, led by cp
Store           embedded etcd 3.4.23, healthy, 12.3 MB of 2000.0 MB
Pods            3 Running

NODE     STATUS                     VERSION   PODS   ADDRESS
node-1   Ready,SchedulingDisabled   0.1.0     3      10.0.0.11

Nothing is wrong.
`,
  );
});

test("what is wrong is said, whoever says it cannot rule the terminal", () => {
  const ill: ClusterStatus = {
    ...well,
    controlPlanes: [],
    store: { kind: "external", endpoints: [], healthy: false, message: "no quorum" },
    nodes: [
      {
        name: "node-1",
        ready: false,
        unschedulable: false,
        version: "",
        pods: 0,
        troubles: ["DiskPressure"],
        message: "\u001b[2Jsilent",
      },
    ],
    warnings: ["Node node-1 is not ready: \u001b[2J"],
  };
  const text = renderStatus(ill, "x:1");
  assert.match(text, /led by nobody/);
  assert.match(text, /node-1 +NotReady,DiskPressure/);
  assert.match(text, /NOT healthy: no quorum/);
  assert.match(text, /! Node node-1 is not ready: \\x1b\[2J\n$/);
  assert.doesNotMatch(text, /[^\P{Cc}\n]/u);
  assert.match(renderStatus({ ...well, nodes: [] }, "x:1"), /orchctl node join/);
});

test("a control plane that does not answer and is not of this machine is looked for on its own", async () => {
  assert.match(await localHint("no-such-cluster-here", systemClock), /systemctl status orch-control-plane/);
  assert.match(await localHint("../../etc", systemClock), /systemctl status orch-control-plane/);
});
