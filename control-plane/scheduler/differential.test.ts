/** The fast path (heap, shared tallies, incremental snapshot) against a naive one that counts everything anew for each pod. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Random, seededRandom } from "#proto/kit/random.ts";
import type { PodSpec } from "#proto/resources/pod.ts";
import type { NodeFacts } from "./node-state.ts";
import type { PodFacts } from "./pod-facts.ts";
import { resourcesFrom } from "./resources.ts";
import { filters, scores } from "./rules.ts";
import { type Placement, schedule } from "./schedule.ts";
import { aNodeFacts, aPodFacts, aSnapshot } from "./scheduler.fixture.ts";

const cases = 300;
const zone = "topology.kubernetes.io/zone";

/** One pod after the other, each time from nothing: all nodes, all rules, all counts. */
function naive(
  nodes: readonly NodeFacts[],
  placed: readonly Placement[],
  pending: readonly PodFacts[],
): readonly Placement[] {
  const made: Placement[] = [];
  for (const pod of pending) {
    const now = [...placed, ...made].map(({ pod: other, nodeName }) => [other, nodeName] as const);
    const snapshot = aSnapshot(nodes, now);
    const checks = filters.flatMap((filter) => filter.prepare(pod.shape, snapshot) ?? []);
    const ranks = scores.flatMap((score) => {
      const prepared = score.prepare(pod.shape, snapshot);
      return prepared ? [{ prepared, weight: score.weight }] : [];
    });
    const fitting = snapshot.nodes.filter((node) => checks.every((check) => check.refusals(node).length === 0));
    const rated = fitting.map((node) => ({
      node,
      score: ranks.reduce((sum, { prepared, weight }) => sum + weight * prepared.score(node), 0),
    }));
    const best = rated.reduce<(typeof rated)[number] | undefined>(
      (a, b) => (!a || b.score > a.score ? b : a),
      undefined,
    );
    if (best) made.push({ pod, nodeName: best.node.facts.name });
  }
  return made;
}

const chance = (random: Random, share: number): boolean => random.next() < share;
const pick = <T>(random: Random, items: readonly [T, ...T[]]): T =>
  items[Math.floor(random.next() * items.length)] ?? items[0];

function randomNode(random: Random, index: number): NodeFacts {
  return aNodeFacts(`n${index}`, {
    labels: chance(random, 0.8) ? { [zone]: pick(random, ["a", "b", "c"]), disk: pick(random, ["ssd", "hdd"]) } : {},
    taints: chance(random, 0.15)
      ? [{ key: "dedicated", effect: pick(random, ["NoSchedule", "PreferNoSchedule"]) }]
      : [],
    isReady: chance(random, 0.9),
    isUnschedulable: chance(random, 0.1),
    features: chance(random, 0.7) ? ["UserNamespaces"] : [],
    allocatable: resourcesFrom({ cpu: pick(random, ["1", "2", "4"]), memory: "8Gi", pods: pick(random, ["5", "110"]) }),
  });
}

function randomSpec(random: Random): Partial<PodSpec> {
  const spec: Partial<PodSpec> = {};
  const selector = { matchLabels: { app: pick(random, ["web", "db"]) } };
  const term = { labelSelector: selector, topologyKey: pick(random, ["kubernetes.io/hostname", zone]) };
  const weighted = [{ weight: 50, podAffinityTerm: term }];
  if (chance(random, 0.2)) spec.nodeSelector = { disk: "ssd" };
  if (chance(random, 0.2)) spec.tolerations = [{ key: "dedicated", operator: "Exists" }];
  if (chance(random, 0.2)) spec.topologySpreadConstraints = [spread(random, selector)];
  if (chance(random, 0.15)) spec.hostUsers = false;
  const kind = random.next();
  if (kind < 0.15) spec.affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
  else if (kind < 0.25) spec.affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
  else if (kind < 0.35) spec.affinity = { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: weighted } };
  else if (kind < 0.45)
    spec.affinity = { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: weighted } };
  return spec;
}

function spread(random: Random, labelSelector: { matchLabels: Record<string, string> }) {
  const whenUnsatisfiable = pick(random, ["DoNotSchedule", "ScheduleAnyway"] as const);
  return {
    maxSkew: pick(random, [1, 2]),
    topologyKey: pick(random, [zone, "kubernetes.io/hostname"]),
    whenUnsatisfiable,
    labelSelector,
  };
}

function randomGroup(random: Random, name: string, count: number): readonly PodFacts[] {
  const wish = {
    owner: name,
    labels: { app: pick(random, ["web", "db", "cache"]) },
    requests: { cpu: pick(random, ["100m", "300m", "1"]) },
    spec: randomSpec(random),
  };
  return Array.from({ length: count }, (_, index) => aPodFacts(`${name}-${index}`, wish));
}

test(`${cases} random clusters: the fast path chooses what the naive one chooses`, () => {
  for (let seed = 1; seed <= cases; seed++) {
    const random = seededRandom(seed);
    const nodes = Array.from({ length: 1 + Math.floor(random.next() * 8) }, (_, index) => randomNode(random, index));
    const snapshot = aSnapshot(nodes);
    let placed: readonly Placement[] = [];
    for (let round = 0; round < 4; round++) {
      const group = randomGroup(random, `set${round}`, 1 + Math.floor(random.next() * 6));
      const fast = schedule(snapshot, group).placements;
      const slow = naive(nodes, placed, group);
      assert.deepEqual(named(fast), named(slow), `seed ${seed}, round ${round}`);
      placed = [...placed, ...fast];
      // Some go again, so that tallies must shrink too.
      const gone = placed.filter(() => chance(random, 0.2));
      for (const { pod } of gone) snapshot.removePod(pod.uid);
      placed = placed.filter((placement) => !gone.includes(placement));
    }
  }
});

test("random clusters: no node is ever given more than it has", () => {
  for (let seed = 1; seed <= cases; seed++) {
    const random = seededRandom(seed * 7919);
    const nodes = Array.from({ length: 1 + Math.floor(random.next() * 5) }, (_, index) => randomNode(random, index));
    const pods = ["x", "y", "z"].flatMap((name) => randomGroup(random, name, 8));
    const { placements, unplaced } = schedule(aSnapshot(nodes), pods);
    assert.equal(placements.length + unplaced.length, pods.length, "every pod is placed or explained");
    for (const node of nodes) {
      const own = placements.filter(({ nodeName }) => nodeName === node.name);
      const milliCpu = own.reduce((sum, { pod }) => sum + pod.shape.requests.milliCpu, 0);
      assert.ok(milliCpu <= node.allocatable.milliCpu && own.length <= node.allocatable.pods, `seed ${seed}`);
      assert.ok(own.length === 0 || (node.isReady && !node.isUnschedulable), `seed ${seed}`);
    }
    for (const { sentence } of unplaced) assert.match(sentence, /^0\/\d+ nodes are available: .+\.$/);
  }
});

test("the order in which pods are handed over does not matter", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = seededRandom(seed * 104_729);
    const nodes = Array.from({ length: 4 }, (_, index) => randomNode(random, index));
    const pods = ["x", "y"].flatMap((name) => randomGroup(random, name, 5));
    const shuffled = [...pods].sort((a, b) => (a.uid < b.uid ? 1 : -1));
    assert.deepEqual(
      named(schedule(aSnapshot(nodes), pods).placements),
      named(schedule(aSnapshot(nodes), shuffled).placements),
    );
  }
});

const named = (placements: readonly Placement[]): readonly string[] =>
  placements.map(({ pod, nodeName }) => `${pod.name} ${nodeName}`).sort();
