import assert from "node:assert/strict";
import { test } from "node:test";
import { type DiskSpace, defaultEvictionSettings, type Pressures } from "../eviction/signals.ts";
import { knownHoles } from "./known-holes.ts";
import { NodeConditions } from "./node-conditions.ts";
import { PressureGauge } from "./pressure-gauge.ts";

const gib = 2 ** 30;
const space: DiskSpace = {
  totalBytes: 100 * gib,
  availableBytes: 50 * gib,
  totalFiles: 1_000_000,
  availableFiles: 500_000,
};
const well: Pressures = {
  memoryAvailableBytes: 2 * gib,
  memoryCapacityBytes: 8 * gib,
  hasImagesDisk: false,
  disk: space,
  imagesDisk: space,
  processes: { used: 100, limit: 32_768, of: "machine" },
};

const told = (pressures: Pressures, limits = defaultEvictionSettings): readonly string[] =>
  new NodeConditions(limits, [])
    .judge(pressures, {}, 0)
    .filter(({ status }) => status === "True")
    .map(({ type, message }) => `${type}: ${message}`);

test("a node that is well says so of each pressure", () => {
  const conditions = new NodeConditions(defaultEvictionSettings, []).judge(well, {}, 0);
  assert.deepEqual(
    conditions.map(({ type, status }) => `${type}=${status}`),
    ["MemoryPressure=False", "DiskPressure=False", "PIDPressure=False"],
  );
});

test("what runs out is named with what is left and what should be", () => {
  const disk = (change: Partial<DiskSpace>): Pressures => ({ ...well, disk: { ...space, ...change } });
  const cases: readonly (readonly [Pressures, RegExp])[] = [
    [
      { ...well, memoryAvailableBytes: 57 * 2 ** 20 },
      /^MemoryPressure: the node has about 50 MiB of memory left; it keeps about 100 MiB/,
    ],
    [
      disk({ availableBytes: gib / 2 }),
      /^DiskPressure: the disk under the node's data directory has about 510 MiB left/,
    ],
    [disk({ availableFiles: 40_000 }), /^DiskPressure: .* room for 40000 more files; the node keeps 50000 free/],
    [
      { ...well, imagesDisk: { ...space, availableBytes: 0 } },
      /^DiskPressure: the disk under the node's images has 0 MiB/,
    ],
    [
      { ...well, processes: { used: 32_000, limit: 32_768, of: "machine" } },
      /^PIDPressure: the machine has 768 of 32768 process ids left; 3277 are kept free$/,
    ],
    [
      { ...well, processes: { used: 101, limit: 100, of: "node" } },
      /^PIDPressure: the node's cgroup \(pids\.max\) has 0 of 100 process ids left; 10 are kept free$/,
    ],
  ];
  for (const [pressures, pattern] of cases) {
    const [first = "", ...more] = told(pressures);
    assert.match(first, pattern);
    assert.deepEqual(more, []);
  }
  assert.deepEqual(
    told(disk({ totalBytes: 2 * gib, availableBytes: gib / 2 })),
    [],
    "a tenth of a small disk is enough",
  );
  assert.deepEqual(told(disk({ totalFiles: 0, availableFiles: 0 })), [], "a file system that counts no files");
});

test("limits are settings", () => {
  const known = defaultEvictionSettings;
  const high = { bytes: Number.POSITIVE_INFINITY, share: 0.6 };
  assert.equal(told(well, { ...known, hard: { ...known.hard, "nodefs.available": high } }).length, 1);
  assert.equal(told(well, { ...known, soft: { "nodefs.inodesFree": high } }).length, 1, "a soft one, before its grace");
  const much = { bytes: 2 * gib, share: 1 };
  const memory = told({ ...well, memoryAvailableBytes: gib }, { ...known, soft: { "memory.available": much } });
  assert.match(memory[0] ?? "", /Memory/);
  const off = { ...known.hard, "memory.available": { bytes: 0, share: 1 } };
  assert.deepEqual(told({ ...well, memoryAvailableBytes: 0 }, { ...known, hard: off }), []);
});

test("a pressure begins at once, and ends when the level stayed well above its limit for a while", () => {
  const gauge = new PressureGauge({ holdMs: 1_000 });
  assert.equal(gauge.judge(100, 100, 0), false);
  assert.equal(gauge.judge(99, 100, 1), true);
  assert.equal(gauge.judge(110, 100, 5_000), true, "a little above is not enough");
  assert.equal(gauge.judge(125, 100, 6_000), true);
  assert.equal(gauge.judge(124, 100, 6_500), true, "the hold begins anew");
  assert.equal(gauge.judge(125, 100, 7_000), true);
  assert.equal(gauge.judge(125, 100, 7_999), true);
  assert.equal(gauge.judge(125, 100, 8_000), false);
});

test("troubles of the pod network are conditions of their own", () => {
  const conditions = new NodeConditions(defaultEvictionSettings, [{ name: "runc", version: "1.1.5+ds1" }]).judge(
    well,
    { network: "no addresses", firewall: "chain x drops" },
    0,
  );
  assert.deepEqual(
    conditions.slice(3).map(({ type, reason }) => `${type} ${reason}`),
    ["RuntimeVulnerable KnownVulnerabilities", "NetworkUnavailable NoPodNetwork", "ForeignFirewall PodTrafficDropped"],
  );
});

test("versions with known holes are named, and only those", () => {
  const isNamed = (name: string, version: string): boolean => knownHoles([{ name, version }]).length > 0;
  const bad = {
    runc: ["1.0.0-rc6", "1.1.5+ds1", "1.2.7", "1.3.2"],
    crun: ["0.10.4", "1.4.3", "1.19", "1.26.1"],
    conmon: ["2.0.28", "2.1.9"],
  };
  const good = {
    runc: ["1.2.8", "1.3.3", "1.4.0"],
    crun: ["1.8.1", "1.18.2", "1.27"],
    conmon: ["2.1.6", "2.1.10", "2.2.1"],
  };
  for (const [name, versions] of Object.entries(bad))
    for (const version of versions) assert.ok(isNamed(name, version), `${name} ${version}`);
  for (const [name, versions] of Object.entries(good))
    for (const version of versions) assert.ok(!isNamed(name, version), `${name} ${version}`);
  assert.ok(!isNamed("runc", "unknown"));
  const text = knownHoles([{ name: "runc", version: "1.1.5" }])[0] ?? "";
  assert.match(text, /CVE-2024-21626.*CVE-2025-31133/);
});

test("a pressure that is over and still held says so", () => {
  const conditions = new NodeConditions(defaultEvictionSettings, []);
  conditions.judge({ ...well, memoryAvailableBytes: 0 }, {}, 0);
  const [memory] = conditions.judge(well, {}, 1_000);
  assert.match(memory?.message ?? "", /has about 2000 MiB of memory left.*; enough again, so this ends soon$/);
});
