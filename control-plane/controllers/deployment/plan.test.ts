import assert from "node:assert/strict";
import { test } from "node:test";
import { type Random, seededRandom } from "#proto/kit/random.ts";
import type { Deployment, ReplicaSet } from "../model/kinds.ts";
import { ModelCluster } from "../model-cluster.fixture.ts";
import { aDeployment } from "../objects.fixture.ts";
import { plan } from "./plan.ts";
import { rollingBounds, total } from "./plan-view.ts";

/** A Deployment in a model whose ReplicaSets do what they are told when asked to. */
class Bench {
  readonly cluster = new ModelCluster();
  readonly events: string[] = [];

  constructor(deployment: Deployment) {
    this.cluster.put("deployments.apps", deployment);
  }

  get deployment(): Deployment {
    const found = this.cluster.get<Deployment>("deployments.apps", "web");
    assert.ok(found);
    return found;
  }

  get sets(): readonly ReplicaSet[] {
    return [...this.cluster.controlledBy<ReplicaSet>("replicasets.apps", this.deployment)].sort((a, b) =>
      (a.metadata.creationTimestamp ?? "") < (b.metadata.creationTimestamp ?? "") ? -1 : 1,
    );
  }

  /** One decision, applied. Returns how many steps it took. */
  decide(): number {
    const { cluster } = this;
    const decided = plan(
      {
        deployment: this.deployment,
        replicaSets: this.sets,
        orphans: [],
        podsOf: () => [],
        replicaSetNamed: (name) => cluster.get<ReplicaSet>("replicasets.apps", name),
      },
      cluster.nowMs,
    );
    cluster.nowMs += 1000;
    const stamp = new Date(cluster.nowMs).toISOString();
    cluster.apply(
      decided.steps.map((step) =>
        step.kind === "create"
          ? { ...step, object: { ...step.object, metadata: { creationTimestamp: stamp, ...step.object.metadata } } }
          : step,
      ),
    );
    for (const step of decided.steps) if (step.kind === "event") this.events.push(step.message);
    return decided.steps.filter((step) => step.kind !== "event").length;
  }

  /** The ReplicaSet controller and the agents at work: `available` of its pods serve. */
  run(set: ReplicaSet, available = set.spec.replicas ?? 1): void {
    const replicas = set.spec.replicas ?? 1;
    const status = {
      replicas,
      readyReplicas: available,
      availableReplicas: available,
      observedGeneration: set.metadata.generation,
    };
    this.cluster.put("replicasets.apps", { ...set, status });
  }

  settle(rounds = 60): void {
    for (let round = 0; round < rounds; round++) {
      const steps = this.decide();
      const behind = this.sets.filter(
        (set) =>
          set.status?.availableReplicas !== set.spec.replicas ||
          set.status?.observedGeneration !== set.metadata.generation,
      );
      for (const set of behind) this.run(set);
      if (steps === 0 && behind.length === 0) return;
    }
    assert.fail("does not settle");
  }

  change(spec: Partial<Deployment["spec"]>): void {
    const { metadata } = this.deployment;
    const generation = (metadata.generation ?? 0) + 1;
    this.cluster.put("deployments.apps", {
      ...this.deployment,
      metadata: { ...metadata, generation },
      spec: { ...this.deployment.spec, ...spec },
    });
  }

  image(image: string): void {
    const { template } = this.deployment.spec;
    this.change({ template: { ...template, spec: { containers: [{ name: "main", image }] } } });
  }

  condition(type: string) {
    return this.deployment.status?.conditions?.find((condition) => condition.type === type);
  }
}

const sizes = (bench: Bench): readonly (number | undefined)[] => bench.sets.map((set) => set.spec.replicas);

const rolling = (maxSurge: number | string, maxUnavailable: number | string) => ({
  type: "RollingUpdate" as const,
  rollingUpdate: { maxSurge, maxUnavailable },
});

test("the first ReplicaSet has the size, the hash label and revision 1", () => {
  const bench = new Bench(aDeployment("web", 3));
  bench.decide();
  const [set] = bench.sets;
  assert.equal(set?.spec.replicas, 3);
  const hash = set?.metadata.labels?.["pod-template-hash"];
  assert.equal(set?.metadata.name, `web-${hash}`);
  assert.equal(set?.spec.selector.matchLabels?.["pod-template-hash"], hash);
  assert.equal(set?.spec.template.metadata?.labels?.["pod-template-hash"], hash);
  assert.equal(set?.metadata.annotations?.["deployment.kubernetes.io/revision"], "1");
  assert.equal(bench.deployment.metadata.annotations?.["deployment.kubernetes.io/revision"], "1");
});

test("a new template is rolled out step by step within surge and floor", () => {
  const bench = new Bench(aDeployment("web", 4, { spec: { ...aDeployment("web", 4).spec, strategy: rolling(1, 0) } }));
  bench.settle();
  bench.image("example:2");
  bench.decide();
  assert.deepEqual(sizes(bench), [4, 1]);
  bench.decide();
  assert.deepEqual(sizes(bench), [4, 1], "nothing moves until the new pod serves");
  bench.settle();
  assert.deepEqual(sizes(bench), [0, 4]);
  assert.equal(bench.condition("Progressing")?.reason, "NewReplicaSetAvailable");
  assert.equal(bench.condition("Available")?.status, "True");
});

test("going back to an earlier template takes its ReplicaSet again, with a new revision and a history", () => {
  const bench = new Bench(aDeployment("web", 2));
  bench.settle();
  bench.image("example:2");
  bench.settle();
  bench.image("example");
  bench.settle();
  assert.deepEqual(sizes(bench), [2, 0]);
  const annotations = bench.sets[0]?.metadata.annotations;
  assert.equal(annotations?.["deployment.kubernetes.io/revision"], "3");
  assert.equal(annotations?.["deployment.kubernetes.io/revision-history"], "1");
});

test("old pods that do not serve go at once, so that a stuck rollout can be corrected", () => {
  const bench = new Bench(aDeployment("web", 3, { spec: { ...aDeployment("web", 3).spec, strategy: rolling(0, 1) } }));
  bench.settle();
  const [broken] = bench.sets;
  assert.ok(broken);
  bench.run(broken, 0);
  bench.image("example:2");
  for (let round = 0; round < 4; round++) {
    bench.decide();
    for (const set of bench.sets)
      bench.run(set, set.metadata.name === broken.metadata.name ? 0 : (set.spec.replicas ?? 0));
  }
  bench.settle();
  assert.deepEqual(sizes(bench), [0, 3]);
});

test("Recreate makes no new pod before the last old one is gone", () => {
  const bench = new Bench(
    aDeployment("web", 2, { spec: { ...aDeployment("web", 2).spec, strategy: { type: "Recreate" } } }),
  );
  bench.settle();
  bench.image("example:2");
  bench.decide();
  assert.deepEqual(sizes(bench), [0], "only the old one, told to go");
  for (const set of bench.sets) bench.run(set);
  bench.settle();
  assert.deepEqual(sizes(bench), [0, 2]);
});

test("a paused Deployment scales but does not roll out", () => {
  const bench = new Bench(aDeployment("web", 2));
  bench.settle();
  bench.change({ paused: true });
  bench.image("example:2");
  bench.change({ replicas: 5 });
  bench.settle();
  assert.deepEqual(sizes(bench), [5]);
  assert.equal(bench.condition("Progressing")?.reason, "DeploymentPaused");
  bench.change({ paused: false });
  bench.settle();
  assert.deepEqual(sizes(bench), [0, 5]);
});

test("scaling in the middle of a rollout is shared in proportion", () => {
  const bench = new Bench(
    aDeployment("web", 10, { spec: { ...aDeployment("web", 10).spec, strategy: rolling(3, 2) } }),
  );
  bench.settle();
  bench.image("example:2");
  bench.decide();
  assert.deepEqual(sizes(bench), [8, 3], "Kubernetes' own example begins here: 8 old, 3 new");
  for (const set of bench.sets) bench.run(set, set === bench.sets[0] ? 8 : 0);
  bench.decide();
  const before = sizes(bench);
  bench.change({ replicas: 15 });
  bench.decide();
  const after = sizes(bench);
  assert.ok((after[0] ?? 0) > (before[0] ?? 0) && (after[1] ?? 0) > (before[1] ?? 0), `${before} → ${after}`);
  assert.equal((after[0] ?? 0) + (after[1] ?? 0), 18);
});

test("growth in the middle of a rollout waits for those that have not heard yet that they shrink", () => {
  const bench = new Bench(aDeployment("web", 4, { spec: { ...aDeployment("web", 4).spec, strategy: rolling(1, 1) } }));
  bench.settle();
  bench.image("example:2");
  bench.decide();
  const before = sizes(bench);
  assert.ok((before[0] ?? 0) < 4, "the old one is told to shrink");
  bench.change({ replicas: 8 });
  bench.decide();
  assert.deepEqual(sizes(bench), before, "it may still be making pods");
  for (const [index, set] of bench.sets.entries()) bench.run(set, before[index] ?? 0);
  bench.decide();
  const [old = 0, next = 0] = sizes(bench);
  assert.equal(old + next, 9);
});

test("a paused one grows only when the ReplicaSet before has heard that it shrinks to nothing", () => {
  const bench = new Bench(aDeployment("web", 1, { spec: { ...aDeployment("web", 1).spec, strategy: rolling(1, 0) } }));
  bench.settle();
  bench.image("example:2");
  bench.decide();
  const [old, next] = bench.sets;
  assert.ok(old && next);
  bench.run(old, 1);
  bench.run(next, 1);
  bench.decide();
  assert.deepEqual(sizes(bench), [0, 1], "the old one is told, and has not heard of it");
  bench.change({ replicas: 3, paused: true });
  bench.decide();
  assert.deepEqual(sizes(bench), [0, 1]);
  bench.run(bench.sets[0] ?? old, 0);
  bench.decide();
  assert.deepEqual(sizes(bench), [0, 3]);
});

test("no progress within the deadline is told, and progress later takes it back", () => {
  const bench = new Bench(
    aDeployment("web", 2, { spec: { ...aDeployment("web", 2).spec, progressDeadlineSeconds: 60 } }),
  );
  bench.settle();
  bench.image("broken");
  bench.decide();
  bench.cluster.nowMs += 61_000;
  bench.decide();
  bench.cluster.nowMs += 61_000;
  bench.decide();
  assert.equal(bench.condition("Progressing")?.reason, "ProgressDeadlineExceeded");
  bench.settle();
  assert.equal(bench.condition("Progressing")?.reason, "NewReplicaSetAvailable");
});

test("old ReplicaSets are kept up to the history limit", () => {
  const bench = new Bench(aDeployment("web", 1, { spec: { ...aDeployment("web", 1).spec, revisionHistoryLimit: 2 } }));
  for (let version = 1; version <= 5; version++) {
    bench.image(`example:${version}`);
    bench.settle();
  }
  assert.deepEqual(sizes(bench), [0, 0, 1]);
});

test("a name taken by somebody else moves the hash on", () => {
  const bench = new Bench(aDeployment("web", 1));
  const other = new Bench(aDeployment("web", 1));
  other.decide();
  const [theirs] = other.sets;
  assert.ok(theirs);
  bench.cluster.put("replicasets.apps", { ...theirs, metadata: { ...theirs.metadata, ownerReferences: [] } });
  bench.settle();
  assert.equal(bench.deployment.status?.collisionCount, 1);
  assert.equal(bench.sets.length, 1);
  assert.notEqual(bench.sets[0]?.metadata.name, theirs.metadata.name);
});

test("a Deployment on its way out is left alone", () => {
  const bench = new Bench(
    aDeployment("web", 3, { metadata: { name: "web", deletionTimestamp: "2026-01-01T00:00:00Z" } }),
  );
  bench.decide();
  assert.deepEqual(sizes(bench), []);
});

/** Some ReplicaSet does a part of what it was told. */
function nudge(bench: Bench, random: Random): void {
  const set = bench.sets[Math.floor(random.next() * bench.sets.length)];
  if (!set) return;
  const asked = set.spec.replicas ?? 1;
  const before = Math.min(set.status?.availableReplicas ?? 0, asked);
  bench.run(set, Math.min(asked, before + Math.floor(random.next() * 3)));
}

/** Pods that are available and stay: of a ReplicaSet that shrinks those that are not go first. */
const serving = (bench: Bench): number =>
  total(bench.sets, (set) => Math.min(set.spec.replicas ?? 0, set.status?.availableReplicas ?? 0));

test("laws: whatever happens in between, bounds hold at every decision, and it settles", () => {
  for (let seed = 1; seed <= 150; seed++) {
    const random = seededRandom(seed);
    const replicas = 1 + Math.floor(random.next() * 8);
    const maxSurge = Math.floor(random.next() * 3);
    const maxUnavailable = maxSurge === 0 ? 1 : Math.floor(random.next() * 2);
    const base = aDeployment("web", replicas);
    const bench = new Bench({ ...base, spec: { ...base.spec, strategy: rolling(maxSurge, maxUnavailable) } });
    bench.settle();
    for (let step = 0; step < 30; step++) {
      const dice = random.next();
      const servedBefore = serving(bench);
      if (dice < 0.08) bench.image(`example:${Math.floor(random.next() * 4)}`);
      else if (dice < 0.6) nudge(bench, random);
      else bench.decide();
      const bounds = rollingBounds(bench.deployment);
      const least = Math.min(servedBefore, replicas - bounds.maxUnavailable);
      assert.ok(serving(bench) >= least, `seed ${seed}: ${serving(bench)} go on serving, ${least} must`);
      const most = replicas + bounds.maxSurge;
      const may = total(bench.sets, (set) => Math.max(set.spec.replicas ?? 0, set.status?.replicas ?? 0));
      assert.ok(may <= most, `seed ${seed}: ${may} pods may exist, ${most} are allowed`);
    }
    bench.settle();
    assert.equal(
      total(bench.sets, (set) => set.spec.replicas ?? 0),
      replicas,
      `seed ${seed}`,
    );
    assert.equal(bench.decide(), 0, `seed ${seed}: a settled Deployment needs nothing`);
  }
});
