import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import type { Eviction } from "../reconciler/view.ts";
import { NodePressure } from "./node-pressure.ts";
import type { PodLoad } from "./rank.ts";
import { defaultEvictionSettings, type EvictionSettings, type Pressures } from "./signals.ts";
import type { Excess } from "./storage-limits.ts";
import type { MeasuredPod } from "./storage-meter.ts";

const gib = 2 ** 30;
const disk = { totalBytes: 100 * gib, availableBytes: 50 * gib, totalFiles: 1_000, availableFiles: 900 };
const well: Pressures = {
  ...{
    memoryAvailableBytes: 4 * gib,
    memoryCapacityBytes: 8 * gib,
    processes: { used: 1, limit: 32_768, of: "machine" as const },
  },
  ...{ disk, imagesDisk: disk, hasImagesDisk: false },
};
const noMemory: Pressures = { ...well, memoryAvailableBytes: gib / 64 };
const fullDisk: Pressures = { ...well, disk: { ...disk, availableBytes: gib / 2 } };

/** A node whose pods go when they are told to, or stay. */
class Bench {
  readonly clock = new ManualClock();
  readonly evicted: string[] = [];
  readonly graces: number[] = [];
  readonly rooms: number[] = [];
  readonly warnings: string[] = [];
  readonly alive = new Set(["small", "large"]);
  reads = 0;
  pressures = well;
  excess: Excess[] = [];
  makeRoom: () => Promise<void> = async () => undefined;
  freeDisk: () => Promise<void> = async () => undefined;
  readPressures: () => Promise<Pressures> = async () => this.pressures;
  readonly pressure: NodePressure;

  constructor(settings: EvictionSettings = defaultEvictionSettings) {
    this.pressure = new NodePressure({
      settings,
      readPressures: () => this.readPressures(),
      loads: {
        read: async (pods) => {
          this.reads++;
          return pods.map(load);
        },
      },
      limits: { check: async () => this.excess.splice(0), least: () => Number.POSITIVE_INFINITY },
      onLook: () => undefined,
      makeRoom: async (bytes) => {
        this.rooms.push(bytes);
        await this.makeRoom();
      },
      warn: (reason, message) => void this.warnings.push(`${reason}: ${message}`),
      clock: this.clock,
      logger: silentLogger,
    });
    this.pressure.start({
      pods: () => [...this.alive].map(measured),
      evict: ({ uid }, { graceMs }: Eviction) => {
        this.evicted.push(uid);
        this.graces.push(graceMs);
      },
      isGone: (uid) => !this.alive.has(uid),
      freeDisk: () => this.freeDisk(),
      removeOldLogs: async () => undefined,
    });
  }

  async pass(seconds: number): Promise<void> {
    for (let step = 0; step < seconds * 10; step++) {
      this.clock.advance(100);
      for (let turn = 0; turn < 8; turn++) await new Promise(setImmediate);
    }
  }
}

function measured(uid: string): MeasuredPod {
  const spec = { containers: [{ name: "c", image: "i" }] };
  return { uid, pod: { apiVersion: "v1", kind: "Pod", metadata: { name: uid }, spec }, rootfses: [] };
}

function load({ uid }: MeasuredPod): PodLoad {
  const size = uid === "large" ? gib : gib / 4;
  const usage = { memoryBytes: size, storageBytes: size, files: 100, processes: 1_000 };
  return { uid, namespace: "default", name: uid, priority: 0, usage, requests: usage, containers: [] };
}

let bench = new Bench();
afterEach(() => bench.pressure.stop());

test("a node that is well evicts nobody and says nothing", async () => {
  bench = new Bench();
  await bench.pass(30);
  assert.deepEqual([bench.evicted, bench.warnings, bench.rooms], [[], [], []]);
});

test("one pod goes at a time; the next only when the first is gone and it was not enough", async () => {
  bench = new Bench();
  bench.pressures = noMemory;
  await bench.pass(15);
  assert.equal(bench.evicted.length, 1);
  assert.match(bench.warnings[0] ?? "", /^EvictionThresholdMet: Attempting to reclaim memory: memory.available is/);
  const [first = ""] = bench.evicted;
  bench.alive.delete(first);
  await bench.pass(5);
  assert.equal(bench.evicted.length, 2);
  assert.deepEqual(new Set(bench.evicted), new Set(["small", "large"]));
});

test("what was read while the first one went is not held against the next", async () => {
  bench = new Bench();
  bench.pressures = noMemory;
  await bench.pass(1);
  assert.equal(bench.evicted.length, 1);
  bench.readPressures = async () => {
    const before = bench.pressures;
    bench.alive.delete(bench.evicted[0] ?? "");
    bench.pressures = well;
    return before;
  };
  await bench.pass(20);
  assert.equal(bench.evicted.length, 1);
});

test("a disk is full until the files of who was evicted are deleted: nobody goes for that, but not for ever", async () => {
  bench = new Bench();
  bench.pressures = fullDisk;
  const deleted = Promise.withResolvers<void>();
  await bench.pass(1);
  assert.equal(bench.evicted.length, 1);
  bench.freeDisk = () => deleted.promise;
  bench.alive.delete(bench.evicted[0] ?? "");
  await bench.pass(20);
  assert.equal(bench.evicted.length, 1);
  await bench.pass(15);
  assert.equal(bench.evicted.length, 2, "they are not deleted in time");
  bench.alive.clear();
  deleted.resolve();
  await bench.pass(2);
});

test("one that does not go is not waited for forever; when it is over nobody else goes", async () => {
  bench = new Bench();
  bench.pressures = noMemory;
  await bench.pass(5);
  assert.equal(bench.evicted.length, 1);
  await bench.pass(31);
  assert.equal(bench.evicted.length, 2);
  bench.pressures = well;
  await bench.pass(60);
  assert.equal(bench.evicted.length, 2);
});

test("for a disk what nobody needs goes first, once a minute and not waited for too long", async () => {
  bench = new Bench();
  bench.pressures = fullDisk;
  bench.makeRoom = async () => {
    bench.pressures = well;
  };
  await bench.pass(5);
  assert.deepEqual(bench.evicted, [], "that was enough");
  assert.equal(bench.rooms.length, 1);
  bench.makeRoom = () => new Promise(() => undefined);
  bench.pressures = fullDisk;
  await bench.pass(80);
  assert.ok(bench.evicted.length > 0);
  assert.equal(bench.rooms.length, 2);
});

test("a disk of their own is filled by images, not by pods", async () => {
  bench = new Bench();
  bench.pressures = { ...well, imagesDisk: { ...disk, availableBytes: 1 }, hasImagesDisk: true };
  await bench.pass(20);
  assert.deepEqual([bench.evicted, bench.rooms.length], [[], 1]);
});

test("what nothing can be done about does not keep others waiting, and is not looked into all the time", async () => {
  bench = new Bench();
  const imagesDisk = { ...disk, availableBytes: 1 };
  bench.pressures = { ...well, imagesDisk, hasImagesDisk: true, processes: { ...well.processes, used: 32_000 } };
  await bench.pass(3);
  assert.equal(bench.evicted.length, 1, "for process ids");
  bench.alive.clear();
  await bench.pass(3);
  const looks = bench.reads;
  await bench.pass(30);
  assert.ok(bench.reads - looks <= 6, `${bench.reads - looks} looks`);
});

test("a soft threshold leaves pods time to stop; a hard one does not", async () => {
  const settings = {
    ...defaultEvictionSettings,
    soft: { "memory.available": { bytes: gib, share: 1 } },
    softGraceMs: { "memory.available": 5_000 },
    maxPodGraceMs: 7_000,
  };
  bench = new Bench(settings);
  bench.pressures = { ...well, memoryAvailableBytes: gib / 2 };
  await bench.pass(4);
  assert.deepEqual(bench.evicted, []);
  await bench.pass(5);
  assert.deepEqual(bench.graces, [7_000]);
  bench.alive.clear();
  bench.alive.add("small");
  bench.pressures = noMemory;
  await bench.pass(5);
  assert.deepEqual(bench.graces, [7_000, 0]);
});

test("a pod above its own limit goes, whatever the node has left; a node without pods says so", async () => {
  bench = new Bench();
  bench.excess.push({ pod: measured("small"), message: "too much" });
  await bench.pass(2);
  assert.deepEqual([bench.evicted, bench.graces], [["small"], [0]]);
  bench.alive.clear();
  bench.pressures = noMemory;
  await bench.pass(12);
  assert.match(bench.warnings.join("\n"), /EvictionNoPod: memory runs out, and no pod of this node takes enough/);
});
