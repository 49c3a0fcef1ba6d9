import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "#proto/resources/pod.ts";
import { exceeded, hasStorageLimit, headroom, type PodStorage } from "./local-limits.ts";
import { pressureMessage, readable } from "./messages.ts";
import type { Relief } from "./plan.ts";
import { type PodLoad, rankPods } from "./rank.ts";

const mib = 2 ** 20;

interface LoadChanges {
  readonly memory?: number;
  readonly asked?: number;
  readonly disk?: number;
  readonly askedDisk?: number;
  readonly files?: number;
  readonly processes?: number;
  readonly priority?: number;
}

function load(name: string, changes: LoadChanges = {}): PodLoad {
  const { memory = 0, asked = 0, disk = 0, askedDisk = 0, files = 0, processes = 0, priority = 0 } = changes;
  const usage = { memoryBytes: memory * mib, storageBytes: disk * mib };
  const requests = { memoryBytes: asked * mib, storageBytes: askedDisk * mib };
  return {
    ...{ uid: name, namespace: "default", name, priority, requests },
    usage: { ...usage, files, processes },
    containers: [{ name: "main", usage, requests }],
  };
}

const order = (signal: Relief["signal"], ...pods: readonly PodLoad[]): string =>
  rankPods({ signal, wanted: 0, level: { available: 0, capacity: 0 } }, pods.toReversed())
    .map(({ name }) => name)
    .join(" ");

test("memory: above its request first, then low priority, then by how far above", () => {
  const modest = load("modest", { memory: 500, asked: 600 });
  const little = load("little", { memory: 60, asked: 50 });
  const much = load("much", { memory: 300 });
  const dear = load("dear", { memory: 900, priority: 10 });
  assert.equal(order("memory.available", modest, little, much, dear), "much little dear modest");
  assert.equal(order("memory.available", load("a", { memory: 5 }), load("b", { memory: 5 })), "a b");
});

test("what the node cannot do without, and what takes nothing, stays", () => {
  const critical = load("critical", { memory: 900, priority: 2_000_000_000 });
  assert.equal(order("memory.available", critical, load("idle")), "");
  const missing = { signal: "nodefs.available", wanted: 1024 * mib, level: { available: 0, capacity: 0 } } as const;
  const ranked = rankPods(missing, [load("innocent", { disk: 10 }), load("guilty", { disk: 11 })]);
  assert.deepEqual(
    ranked.map(({ name }) => name),
    ["guilty"],
  );
});

test("disk goes by bytes over request, inodes and process ids by count", () => {
  const pods = [
    load("a", { disk: 100, askedDisk: 90, files: 5, processes: 3 }),
    load("b", { disk: 80, files: 50, processes: 1 }),
    load("c", { disk: 500, askedDisk: 600, files: 1, processes: 30 }),
  ];
  assert.equal(order("nodefs.available", ...pods), "b a c");
  assert.equal(order("imagefs.available", ...pods), "b a c");
  assert.equal(order("nodefs.inodesFree", ...pods), "b a c");
  assert.equal(order("pid.available", ...pods), "c a b");
});

test("messages are the kubelet's with the numbers", () => {
  const relief = (signal: Relief["signal"], available: number, threshold: number): Relief => {
    return { signal, isHard: true, level: { available, capacity: 0 }, threshold, wanted: 0 };
  };
  const pod = load("p", { memory: 300, asked: 64, disk: 200, files: 7, processes: 9 });
  assert.equal(
    pressureMessage(relief("memory.available", 50 * mib, 100 * mib), pod),
    "The node was low on resource: memory. Threshold quantity: 100Mi, available: 50Mi. Container main was using 300Mi, request is 64Mi, has larger consumption of memory. ",
  );
  assert.equal(
    pressureMessage(relief("nodefs.available", 50 * mib, 100 * mib), pod),
    "The node was low on resource: ephemeral-storage. Threshold quantity: 100Mi, available: 50Mi. Container main was using 200Mi, request is 0, has larger consumption of ephemeral-storage. ",
  );
  assert.match(pressureMessage(relief("pid.available", 5, 10), pod), /resource: pids.*The pod had 9 processes/);
  assert.match(pressureMessage(relief("nodefs.inodesFree", 5, 9.5), pod), /quantity: 10,.*The pod had 7 files/);
  assert.deepEqual([5, 20_000, 6 * mib, 8.19 * mib, 30 * 2 ** 30].map(readable), ["5", "19Ki", "6Mi", "8.1Mi", "30Gi"]);
});

const limited = (limit: string | undefined) => (limit === undefined ? {} : { limits: { "ephemeral-storage": limit } });
const pod = (limits: readonly (string | undefined)[], sizeLimit?: string): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p" },
  spec: {
    containers: limits.map((limit, at) => ({ name: `c${at}`, image: "i", resources: limited(limit) })),
    volumes: [{ name: "v", emptyDir: sizeLimit === undefined ? {} : { sizeLimit } }],
  },
});
const used = (volume: number, ...containers: readonly number[]): PodStorage => ({
  volumes: new Map([["v", volume * mib]]),
  containers: new Map(containers.map((bytes, at) => [`c${at}`, bytes * mib])),
});

test("a pod above a limit of its own is told which, by how much", () => {
  assert.equal(
    exceeded(pod(["10Mi"]), used(0, 12)),
    "Pod ephemeral local storage usage exceeds the total limit of containers 10Mi: it uses 12Mi. ",
  );
  assert.equal(
    exceeded(pod(["10Mi", undefined]), used(0, 12, 99)),
    'Container c0 exceeded its local ephemeral storage limit "10Mi": it uses 12Mi. ',
  );
  assert.equal(
    exceeded(pod([undefined], "20Mi"), used(21, 0)),
    'Usage of EmptyDir volume "v" exceeds the limit "20Mi": it holds 21Mi. ',
  );
  assert.match(exceeded(pod(["10Mi", "10Mi"]), used(12, 5, 5)) ?? "", /total limit of containers 20Mi: it uses 22Mi/);
  assert.equal(exceeded(pod(["10Mi", "10Mi"], "12Mi"), used(10, 5, 5)), undefined);
});

test("how much more a pod may write is the least of its limits", () => {
  assert.equal(headroom(pod(["10Mi", undefined], "12Mi"), used(5, 4)), 6 * mib);
  assert.equal(headroom(pod(["10Mi"], "12Mi"), used(9, 0)), mib);
  assert.equal(headroom(pod([undefined]), used(9, 9)), Number.POSITIVE_INFINITY);
  assert.deepEqual([pod(["1Mi"]), pod([undefined], "1Mi"), pod([undefined])].map(hasStorageLimit), [true, true, false]);
});
