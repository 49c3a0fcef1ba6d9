import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import type { NodeStatus } from "#proto/resources/node.ts";
import { toBytes } from "#proto/resources/quantity.ts";
import { defaultEvictionSettings, type Pressures } from "../eviction/signals.ts";
import { NodeReport, type NodeReportOptions } from "./node-report.ts";

const disk = { totalBytes: 1e12, availableBytes: 5e11, totalFiles: 0, availableFiles: 0 };
const well: Pressures = {
  ...{
    memoryAvailableBytes: 2 ** 31,
    memoryCapacityBytes: 2 ** 33,
    processes: { used: 1, limit: 1000, of: "machine" as const },
  },
  ...{ disk, imagesDisk: disk, hasImagesDisk: false },
};
const runtime = { name: "crun", version: "1.8.1" };
const options = (clock: ManualClock, change: Partial<NodeReportOptions> = {}): NodeReportOptions => ({
  nodeName: "n1",
  version: "1.0.0",
  machine: {
    ...{ bootId: "b", machineId: "m", systemUuid: "u", kernelVersion: "6", osImage: "Linux", architecture: "amd64" },
    ...{ milliCpu: 4000, memoryBytes: 8 * 2 ** 30, addresses: [], hugePages: new Map([[2 ** 21, 512]]) },
  },
  addresses: ["10.0.0.1"],
  milliCpu: 4000,
  memoryBytes: 8 * 2 ** 30,
  maxPods: 110,
  labels: { disk: "ssd" },
  taints: [{ key: "gpu", effect: "NoSchedule" }],
  reserved: { milliCpu: 500, memoryBytes: 2 ** 30 },
  runtime,
  programs: [runtime],
  layerStore: { kind: "erofs" },
  hasInitProgram: true,
  features: ["UserNamespaces"],
  eviction: defaultEvictionSettings,
  pressures: well,
  clock,
  ...change,
});

test("what is reserved is capacity, and not allocatable; labels and taints are the Node's when it is made", async () => {
  const report = new NodeReport(options(new ManualClock()));
  const { metadata, spec, status } = report.node();
  assert.equal(metadata.labels?.disk, "ssd");
  assert.deepEqual(spec, { taints: [{ key: "gpu", effect: "NoSchedule" }] });
  assert.deepEqual([status?.capacity?.cpu, status?.allocatable?.cpu], ["4", "3500m"]);
  assert.deepEqual([status?.capacity?.memory, status?.allocatable?.memory], ["8Gi", "6Gi"]);
});

test("huge pages are offered, and are no other memory; of the disk what is kept free is not", () => {
  const { status } = new NodeReport(options(new ManualClock())).node();
  assert.deepEqual([status?.capacity?.["hugepages-2Mi"], status?.allocatable?.["hugepages-2Mi"]], ["1Gi", "1Gi"]);
  assert.deepEqual([status?.capacity?.memory, status?.allocatable?.memory], ["8Gi", "6Gi"]);
  const [has, gives] = [status?.capacity, status?.allocatable].map((of) => toBytes(of?.["ephemeral-storage"]));
  assert.deepEqual([has, gives], [1e12, 1e12 - 2 ** 30]);
});

test("a pressure is told when it is seen", () => {
  const sent: NodeStatus[] = [];
  const report = new NodeReport(options(new ManualClock()));
  report.node();
  report.connected((status) => void sent.push(status));
  report.setPressures(well);
  assert.deepEqual(sent, []);
  report.setPressures({ ...well, memoryAvailableBytes: 1 });
  assert.ok(report.hasCondition("MemoryPressure"));
  assert.equal(sent.length, 1);
  report.disconnected();
});

test("a foreign rule that drops is told when it is seen, and no longer when it is gone", () => {
  const sent: NodeStatus[] = [];
  const report = new NodeReport(options(new ManualClock()));
  report.node();
  report.connected((status) => void sent.push(status));
  const isTold = (): boolean => sent.at(-1)?.conditions?.some(({ type }) => type === "ForeignFirewall") === true;
  report.setForeignDrops("chain ip filter FORWARD drops packets to pods");
  assert.equal(isTold(), true);
  report.setForeignDrops(undefined);
  assert.equal(isTold(), false);
  assert.equal(sent.length, 2);
  report.disconnected();
});

test("what changed between the hello and the welcome is told after it", () => {
  const sent: NodeStatus[] = [];
  const report = new NodeReport(options(new ManualClock()));
  report.node();
  report.setForeignDrops("chain ip filter FORWARD drops packets to pods");
  report.setNetworkProblem("no nft here");
  report.connected((status) => void sent.push(status));
  const held = sent.flatMap(({ conditions = [] }) => conditions.filter(({ status }) => status === "True"));
  assert.deepEqual(
    held.map(({ type }) => type),
    ["NetworkUnavailable", "ForeignFirewall"],
  );
});
