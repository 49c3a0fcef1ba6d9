import assert from "node:assert/strict";
import { test } from "node:test";
import { resourcesFrom } from "./resources.ts";
import { schedule } from "./schedule.ts";
import { aNodeFacts, aPodFacts, aSnapshot, type PodWish, placeOne, spreadOf } from "./scheduler.fixture.ts";

const replicas = (count: number, wish: PodWish = {}) =>
  Array.from({ length: count }, (_, index) =>
    aPodFacts(`web-${String(index).padStart(3, "0")}`, { owner: "set", ...wish }),
  );

const three = () => [aNodeFacts("n1"), aNodeFacts("n2"), aNodeFacts("n3")];

test("replicas of one owner are spread evenly", () => {
  const result = schedule(aSnapshot(three()), replicas(9));
  assert.deepEqual(spreadOf(result), { n1: 3, n2: 3, n3: 3 });
});

test("a placement is assumed at once: the next pod sees the space taken", () => {
  const snapshot = aSnapshot([
    aNodeFacts("n1", { allocatable: resourcesFrom({ cpu: "1", memory: "1Gi", pods: "10" }) }),
  ]);
  const result = schedule(snapshot, replicas(3, { requests: { cpu: "400m" } }));
  assert.equal(result.placements.length, 2);
  assert.equal(result.unplaced.length, 1);
});

test("a forgotten assumption frees its place", () => {
  const snapshot = aSnapshot([
    aNodeFacts("n1", { allocatable: resourcesFrom({ cpu: "1", memory: "1Gi", pods: "10" }) }),
  ]);
  const [first, second] = replicas(2, { requests: { cpu: "800m" } });
  assert.ok(first && second);
  assert.equal(placeOne(snapshot, first), "n1");
  assert.match(placeOne(snapshot, second), /insufficient cpu/);
  snapshot.removePod(first.uid);
  assert.equal(placeOne(snapshot, second), "n1");
});

test("the sentence tells what is short, how much is asked and how much is free, most frequent reason first", () => {
  const small = resourcesFrom({ cpu: "1200m", memory: "8Gi", pods: "110" });
  const nodes = [
    aNodeFacts("n1", { allocatable: small }),
    aNodeFacts("n2", { allocatable: resourcesFrom({ cpu: "1", memory: "8Gi", pods: "110" }) }),
    aNodeFacts("n3", { taints: [{ key: "dedicated", value: "db", effect: "NoSchedule" }] }),
  ];
  assert.equal(
    placeOne(aSnapshot(nodes), aPodFacts("big", { requests: { cpu: "4" } })),
    "0/3 nodes are available: 2 insufficient cpu (asks 4, at most 1.2 free), " +
      "1 node has taint {dedicated: db} that the pod does not tolerate.",
  );
});

test("the sentence names all that is short on a node, and amounts of memory in units", () => {
  const sentence = placeOne(
    aSnapshot([aNodeFacts("n1")]),
    aPodFacts("big", { requests: { cpu: "100", memory: "100Gi", "example.com/gpu": "1" } }),
  );
  assert.equal(
    sentence,
    "0/1 nodes are available: 1 insufficient cpu (asks 100, at most 4 free), " +
      "1 insufficient example.com/gpu (asks 1, at most 0 free), 1 insufficient memory (asks 100Gi, at most 8Gi free).",
  );
});

test("without nodes the sentence says so", () => {
  assert.equal(placeOne(aSnapshot([]), aPodFacts("web")), "0/0 nodes are available: no node has joined the cluster.");
});

test("cordoned, silent and full nodes are told apart", () => {
  const nodes = [
    aNodeFacts("n1", { isUnschedulable: true }),
    aNodeFacts("n2", { isReady: false }),
    aNodeFacts("n3", { allocatable: resourcesFrom({ cpu: "4", memory: "8Gi", pods: "0" }) }),
  ];
  assert.equal(
    placeOne(aSnapshot(nodes), aPodFacts("web")),
    "0/3 nodes are available: 1 node is cordoned, 1 node is not ready, 1 node is full of pods.",
  );
});

test("higher priority is placed first, then the older", () => {
  const snapshot = aSnapshot([
    aNodeFacts("n1", { allocatable: resourcesFrom({ cpu: "1", memory: "1Gi", pods: "10" }) }),
  ]);
  const low = aPodFacts("low", { requests: { cpu: "700m" } });
  const high = aPodFacts("high", { requests: { cpu: "700m" }, spec: { priority: 1000 } });
  const result = schedule(snapshot, [low, high]);
  assert.deepEqual(
    result.placements.map(({ pod }) => pod.name),
    ["high"],
  );
});

test("preferences decide between nodes that fit", async (t) => {
  const nodes = () => [
    aNodeFacts("n1", { taints: [{ key: "busy", effect: "PreferNoSchedule" }] }),
    aNodeFacts("n2", { labels: { disk: "ssd" } }),
    aNodeFacts("n3"),
  ];
  await t.test("a taint with PreferNoSchedule is avoided", () => {
    assert.notEqual(placeOne(aSnapshot(nodes()), aPodFacts("web")), "n1");
  });
  await t.test("preferred node affinity attracts", () => {
    const preference = { matchExpressions: [{ key: "disk", operator: "In" as const, values: ["ssd"] }] };
    const nodeAffinity = { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, preference }] };
    assert.equal(placeOne(aSnapshot(nodes()), aPodFacts("web", { spec: { affinity: { nodeAffinity } } })), "n2");
  });
  await t.test("the emptier node is taken", () => {
    const load = aPodFacts("load", { requests: { cpu: "3", memory: "6Gi" } });
    assert.equal(placeOne(aSnapshot([aNodeFacts("n1"), aNodeFacts("n2")], [[load, "n1"]]), aPodFacts("web")), "n2");
  });
  await t.test("preferred anti-affinity pushes away, preferred affinity pulls", () => {
    const term = { labelSelector: { matchLabels: { app: "db" } }, topologyKey: "kubernetes.io/hostname" };
    const preferred = { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] };
    const database = aPodFacts("db", { labels: { app: "db" } });
    const two = () => aSnapshot([aNodeFacts("n1"), aNodeFacts("n2")], [[database, "n1"]]);
    assert.equal(placeOne(two(), aPodFacts("web", { spec: { affinity: { podAffinity: preferred } } })), "n1");
    assert.equal(placeOne(two(), aPodFacts("web", { spec: { affinity: { podAntiAffinity: preferred } } })), "n2");
  });
});

test("a thousand replicas on a thousand nodes are placed in a fraction of a second of work", () => {
  const nodes = Array.from({ length: 1000 }, (_, index) => aNodeFacts(`n${index}`));
  const snapshot = aSnapshot(nodes);
  const before = process.cpuUsage();
  const result = schedule(snapshot, replicas(1000, { requests: { cpu: "100m" } }));
  const used = process.cpuUsage(before);
  assert.equal(result.placements.length, 1000);
  assert.equal(Math.max(...Object.values(spreadOf(result))), 1);
  assert.ok((used.user + used.system) / 1000 < 2_000);
});

test("a used-up sample is widened: nobody waits while some node has room", () => {
  const tiny = resourcesFrom({ cpu: "100m", memory: "1Gi", pods: "10" });
  const nodes = Array.from({ length: 300 }, (_, index) => aNodeFacts(`n${index}`, { allocatable: tiny }));
  const result = schedule(aSnapshot(nodes), replicas(300, { requests: { cpu: "100m" } }));
  assert.equal(result.placements.length, 300);
});
