import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import type { NodeStatus } from "#proto/resources/node.ts";
import { defaultPressureLimits } from "./node-conditions.ts";
import { NodeReport, type NodeReportOptions } from "./node-report.ts";

const disk = { totalBytes: 1e12, availableBytes: 5e11, totalFiles: 0, availableFiles: 0 };
const runtime = { name: "crun", version: "1.8.1" };
const options = (clock: ManualClock, change: Partial<NodeReportOptions> = {}): NodeReportOptions => ({
  nodeName: "n1",
  version: "1.0.0",
  machine: {
    ...{ bootId: "b", machineId: "m", systemUuid: "u", kernelVersion: "6", osImage: "Linux", architecture: "amd64" },
    ...{ milliCpu: 4000, memoryBytes: 8 * 2 ** 30, addresses: [] },
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
  limits: defaultPressureLimits,
  readPressures: async () => ({
    memoryAvailableBytes: 2 ** 31,
    disk,
    imagesDisk: disk,
    processes: 1,
    maxProcesses: 1000,
  }),
  foreignDrops: async () => undefined,
  makeRoom: async () => undefined,
  clock,
  logger: silentLogger,
  ...change,
});
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
};

test("what is reserved is capacity, and not allocatable; labels and taints are the Node's when it is made", async () => {
  const report = await NodeReport.open(options(new ManualClock()));
  const { metadata, spec, status } = report.node();
  assert.equal(metadata.labels?.disk, "ssd");
  assert.deepEqual(spec, { taints: [{ key: "gpu", effect: "NoSchedule" }] });
  assert.deepEqual([status?.capacity?.cpu, status?.allocatable?.cpu], ["4", "3500m"]);
  assert.deepEqual([status?.capacity?.memory, status?.allocatable?.memory], ["8Gi", "7Gi"]);
});

test("while the disk is full images are asked to make room, once a minute", async () => {
  const clock = new ManualClock();
  const asked: number[] = [];
  const minFreeImagesDisk = { bytes: 1000, share: 1 };
  const limits = {
    ...defaultPressureLimits,
    minFreeDisk: { bytes: Number.POSITIVE_INFINITY, share: 1 },
    minFreeImagesDisk,
  };
  const report = await NodeReport.open(options(clock, { limits, makeRoom: async (bytes) => void asked.push(bytes) }));
  assert.ok(report.hasCondition("DiskPressure"));
  report.connected(() => undefined);
  for (let second = 0; second < 65; second += 5) {
    clock.advance(5_000);
    await turns();
  }
  assert.deepEqual(asked, [1300]);
  clock.advance(10_000);
  await turns();
  assert.deepEqual(asked, [1300, 1300]);
  report.disconnected();
});

test("a foreign rule that drops is told when it is seen, and no longer when it is gone", async () => {
  const clock = new ManualClock();
  let drops: string | undefined = "chain ip filter FORWARD drops packets to pods";
  const sent: NodeStatus[] = [];
  const report = await NodeReport.open(options(clock, { foreignDrops: async () => drops }));
  report.connected((status) => void sent.push(status));
  const look = async (): Promise<boolean> => {
    for (let check = 0; check < 7; check++) {
      clock.advance(10_000);
      await turns();
    }
    return sent.at(-1)?.conditions?.some(({ type }) => type === "ForeignFirewall") === true;
  };
  assert.equal(await look(), true);
  drops = undefined;
  assert.equal(await look(), false);
  report.disconnected();
});
