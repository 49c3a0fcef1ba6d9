/**
 * Who checks the checkers: each rule of the simulation is shown a history that breaks it. The history is that of a whole world in which nothing
 * goes wrong but what the test does to its store, its machines and its clients.
 */
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { resourceKeyOf } from "#control-plane/controllers/engine/apply.ts";
import { leaderKey, resourceKey, sessionKey } from "#control-plane/store/keyspace.ts";
import type { Fence, Kv, TransactResult } from "#control-plane/store/kv.ts";
import type { Deployment } from "#proto/resources/deployment.ts";
import type { Node } from "#proto/resources/node.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { replaceRequestedAnnotation } from "#proto/resources/replace-request.ts";
import type { ReplicaSet } from "#proto/resources/replica-set.ts";
import { FenceWatch } from "./fence-watch.ts";
import { Person, update } from "./person.ts";
import { unsettled } from "./settled.ts";
import type { SimAgent } from "./sim-agent.ts";
import { SimWorld } from "./sim-world.ts";
import { WatchReader } from "./watch-reader.ts";

/** Longer than the rules allow for a decision to be on its way. */
const forLongMs = 20_000;

let world: SimWorld;
let hand: Person;

/** A world of one Deployment that promises all of its copies, in which nothing fails. */
async function settle(seed: number): Promise<SimWorld | undefined> {
  const made = new SimWorld({ seed });
  if (Object.values(made.chaos.rates).some((rate) => rate > 0)) return undefined;
  made.start(1);
  await made.run(3_000);
  void made.users.create();
  await made.run(4_000);
  const [deployment] = made.truth.list<Deployment>("deployments.apps");
  if ((deployment?.spec.replicas ?? 0) < 3 || deployment?.spec.strategy?.rollingUpdate?.maxUnavailable !== 0)
    return undefined;
  await made.run(forLongMs);
  return made;
}

/** The first seed that is like this. */
async function findCalmSeed(): Promise<number> {
  let seed = 1;
  while (!(await settle(seed))) seed++;
  return seed;
}

const calmSeed = findCalmSeed();

async function calm(): Promise<SimWorld> {
  const made = await settle(await calmSeed);
  assert.ok(made);
  assert.deepEqual([made.violations, unsettled(made)], [[], []], "the rules are quiet");
  return made;
}

beforeEach(async () => {
  world = await calm();
  hand = new Person(world);
});

const pods = (): readonly Pod[] => world.truth.list<Pod>("pods");
const nodes = (): readonly Node[] => world.truth.list<Node>("nodes");

function first<T>(items: readonly T[]): T {
  const [item] = items;
  assert.ok(item !== undefined);
  return item;
}

/** What nobody of the cluster would write. */
async function write<T extends KubeObject>(resource: string, object: T, change: (object: T) => T): Promise<void> {
  const key = resourceKeyOf(resource, object);
  void hand.change(key, (current) => update(key, current, change(current as T)));
  await world.run(world.clock.monotonicMs() + 50);
}

/** Decided apart from each other, stored in one transaction, in this order. */
async function writeTogether(...changes: readonly (readonly [resource: string, object: KubeObject])[]): Promise<void> {
  const writes = changes.map(([resource, object]) => {
    const key = resourceKeyOf(resource, object);
    return { kind: "put", key: resourceKey(key), value: world.codec.encode(key, object) } as const;
  });
  world.etcd.transact(writes);
  await world.run(world.clock.monotonicMs() + 50);
}

async function remove(resource: string, object: KubeObject): Promise<void> {
  const key = resourceKeyOf(resource, object);
  void hand.write({ kind: "delete", key, guard: object.metadata.resourceVersion ?? "" });
  await world.run(world.clock.monotonicMs() + 50);
}

async function create(resource: string, object: KubeObject): Promise<void> {
  void hand.create(resourceKeyOf(resource, object), object);
  await world.run(world.clock.monotonicMs() + 50);
}

const copyOf = (pod: Pod, name: string, more: Partial<Pod["spec"]> = {}): Pod => ({
  ...pod,
  metadata: { ...pod.metadata, name, uid: `uid-of-${name}` },
  spec: { ...pod.spec, ...more },
});

const withRestarts = (pod: Pod, restartCount: number): Pod => ({
  ...pod,
  status: {
    ...pod.status,
    containerStatuses: (pod.status?.containerStatuses ?? []).map((one) => ({ ...one, restartCount })),
  },
});

const marked =
  (mark: Partial<Pod["metadata"]>) =>
  (pod: Pod): Pod => ({ ...pod, metadata: { ...pod.metadata, ...mark } });

const sized =
  (replicas: number) =>
  (replicaSet: ReplicaSet): ReplicaSet => ({ ...replicaSet, spec: { ...replicaSet.spec, replicas } });

const assertViolated = (what: RegExp): void => assert.match(world.violations.join("\n"), what);

function agentOf(pod: Pod): SimAgent {
  return first(world.agents.filter(({ name }) => name === pod.spec.nodeName));
}

const elsewhere = (pod: Pod): string => first(world.agents.filter(({ name }) => name !== pod.spec.nodeName)).name;

describe("the rules of the simulation see", () => {
  it("I1: what was asked for and is not so", () => {
    const pod = first(pods());
    agentOf(pod).containers.delete(pod.metadata.uid ?? "");
    assert.deepEqual(unsettled(world), [`pod ${pod.metadata.uid} on ${pod.spec.nodeName} does not run`]);
  });

  it("I1: a pod of nobody", async () => {
    const strange = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "x", uid: "gone", controller: true };
    const pod = first(pods());
    const orphan = copyOf(pod, "orphan");
    void hand.create(resourceKeyOf("pods", orphan), {
      ...orphan,
      metadata: { ...orphan.metadata, ownerReferences: [strange] },
    } as Pod);
    await world.run(world.clock.monotonicMs() + 20);
    assert.match(unsettled(world).join("\n"), /Pod orphan has no owner any more/);
  });

  it("I2: a copy too many", async () => {
    await create("pods", copyOf(first(pods()), "extra"));
    assertViolated(/ReplicaSet .* active pods, \d are allowed/);
  });

  it("I2: a copy too few, taken by no person", async () => {
    const pod = first(pods());
    const deletionTimestamp = "2026-01-01T01:00:00Z";
    await write("pods", pod, (current) => ({ ...current, metadata: { ...current.metadata, deletionTimestamp } }));
    assertViolated(/a ready pod of Deployment .* was removed/);
  });

  it("I2: nothing when a person evicts one", async () => {
    const pod = first(pods());
    world.evicted(pod);
    const deletionTimestamp = "2026-01-01T01:00:00Z";
    await write("pods", pod, (current) => ({ ...current, metadata: { ...current.metadata, deletionTimestamp } }));
    assert.deepEqual(world.violations, []);
  });

  it("I2: a drained copy that leaves before another is ready in its place", async () => {
    const pod = first(pods());
    const deletionTimestamp = "2026-01-01T01:00:00Z";
    const annotations = { [replaceRequestedAnnotation]: "2026-01-01T00:00:00Z" };
    // Nobody decides meanwhile.
    first(world.controlPlanes).freeze(forLongMs);
    await write("pods", pod, (current) => ({ ...current, metadata: { ...current.metadata, annotations } }));
    assert.deepEqual(world.violations, []);
    await write("pods", pod, (current) => ({ ...current, metadata: { ...current.metadata, deletionTimestamp } }));
    assertViolated(/was drained before its time: \d ready are left, \d are asked for/);
  });

  for (const [what, growth, isKept] of [
    ["nothing when the ReplicaSet of a drained copy asked for fewer until the very write that takes it", 0, true],
    ["a drained copy too few, though its ReplicaSet grows in the very write that takes it", 1, false],
  ] as const) {
    it(`I2: ${what}`, async () => {
      const pod = first(pods());
      const replicaSet = first(world.truth.list<ReplicaSet>("replicasets.apps"));
      const former = pods().length - 1 + growth;
      first(world.controlPlanes).freeze(2 * forLongMs);
      await write("pods", pod, marked({ annotations: { [replaceRequestedAnnotation]: "2026-01-01T00:00:00Z" } }));
      await write("replicasets.apps", replicaSet, sized(former));
      await world.run(world.clock.monotonicMs() + forLongMs);
      assert.deepEqual(world.violations, []);
      const left = marked({ deletionTimestamp: "2026-01-01T01:00:00Z" })(first(pods()));
      const grown = sized(former + 1)(first(world.truth.list<ReplicaSet>("replicasets.apps")));
      await writeTogether(["pods", left], ["replicasets.apps", grown]);
      if (isKept) assert.deepEqual(world.violations, []);
      else assertViolated(/was drained before its time: \d ready are left, \d are asked for/);
    });
  }

  it("I2: a node that holds more than it has", async () => {
    const [node] = nodes();
    const containers = [{ name: "main", image: "x", resources: { requests: { cpu: "64" } } }];
    const pod = { ...copyOf(first(pods()), "large", { nodeName: node?.metadata.name, containers }) };
    await create("pods", { ...pod, metadata: { ...pod.metadata, ownerReferences: [] } });
    assertViolated(/is overcommitted: 64\d\d\d milli CPU/);
  });

  it("I3: a pod that moves", async () => {
    const pod = first(pods());
    const nodeName = elsewhere(pod);
    await write("pods", pod, (current) => ({ ...current, spec: { ...current.spec, nodeName } }));
    assertViolated(/moved from n\d to n\d/);
  });

  it("I3: a container in two places", () => {
    const pod = first(pods());
    world.isAboutToStart(elsewhere(pod), pod, "10.0.0.1");
    assertViolated(/starts .* of n\d/);
    assertViolated(/which n\d runs already/);
  });

  it("I4: what moves back", async () => {
    const pod = first(pods());
    await write("pods", pod, (current) => withRestarts(current, 7));
    assert.deepEqual(world.violations, []);
    await write("pods", pod, (current) => withRestarts(current, 6));
    assertViolated(/the restart count went back/);
  });

  it("I4: an end that is none", async () => {
    const pod = first(pods());
    const phase = (value: string) => (current: Pod) =>
      ({ ...current, status: { ...current.status, phase: value } }) as Pod;
    world.evicted(pod);
    await write("pods", pod, phase("Succeeded"));
    await write("pods", pod, phase("Running"));
    assertViolated(/was over and is not any more/);
  });

  it("I4: a generation that goes back, a deletion that is taken back, another object in place", async () => {
    const deployment = first(world.truth.list<Deployment>("deployments.apps"));
    const change = (metadata: object) => (current: Deployment) =>
      ({ ...current, metadata: { ...current.metadata, ...metadata } }) as Deployment;
    await write("deployments.apps", deployment, change({ generation: 0 }));
    assertViolated(/the generation went back/);
    world = await calm();
    hand = new Person(world);
    const own = first(world.truth.list<Deployment>("deployments.apps"));
    await write("deployments.apps", own, change({ deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["x/y"] }));
    await write("deployments.apps", own, change({ deletionTimestamp: undefined, uid: "another" }));
    assertViolated(/came back from its deletion/);
    assertViolated(/became another object in place/);
  });

  it("I4: a status that its own agent never said", async () => {
    const pod = first(pods());
    const stranger = copyOf(pod, "stranger");
    await create("pods", { ...stranger, metadata: { ...stranger.metadata, ownerReferences: [] } });
    assertViolated(/stranger is called ready, which n\d never said/);
  });

  it("I5: the end of a container that nobody deleted", () => {
    const pod = first(pods());
    world.isAboutToStop(elsewhere(pod), pod.metadata.uid ?? "");
    assert.deepEqual(world.violations, [], "another node may end its own");
    world.isAboutToStop(pod.spec.nodeName ?? "", pod.metadata.uid ?? "");
    assertViolated(/ends a container of .*, which nobody deleted/);
  });

  it("I6: an object taken away before its containers have ended", async () => {
    const pod = first(pods());
    world.evicted(pod);
    await remove("pods", pod);
    assertViolated(/was taken out of the API while n\d, which is well, still runs it/);
  });

  it("I7: an acknowledged write that the store never had", () => {
    const pod = first(pods());
    const key = resourceKey(resourceKeyOf("pods", pod));
    world.acknowledged(key, pod.metadata.resourceVersion ?? "");
    assert.deepEqual(world.violations, []);
    world.acknowledged(key, String(Number(pod.metadata.resourceVersion) + 1_280_000));
    assertViolated(/was acknowledged as \d+, which the store never had/);
  });

  it("I8: a cache, and a client, that do not know what the store holds", async () => {
    const pod = first(pods());
    void hand.write(update(resourceKeyOf("pods", pod), pod, withRestarts(pod, 3)));
    await new Promise((resolve) => setImmediate(resolve));
    while (first([...world.truth.list<Pod>("pods")]).metadata.resourceVersion === pod.metadata.resourceVersion) {
      world.clock.fireNext();
      await new Promise((resolve) => setImmediate(resolve));
      for (const _ of world.truth.catchUp());
    }
    assert.match(unsettled(world).join("\n"), /the cache of cp1\.1 differs from the store in pods/);
    assert.match(unsettled(world).join("\n"), /a watching client was not told of everything/);
  });

  for (const [what, changes, found] of [
    ["goes back", [change("modified", "10"), change("modified", "9")], /from version 10 back to 9/],
    ["tells twice", [change("modified", "10"), change("modified", "10")], /from version 10 back to 10/],
    ["adds what is there", [change("added", "10")], /said added of a, which it had told of/],
    ["changes what is not there", [{ ...change("modified", "10"), name: "b" }], /said modified of b, which it had not/],
  ] as const) {
    it(`I8: a watch that ${what}`, async () => {
      const cache = {
        list: () => [{ metadata: { name: "a", resourceVersion: "5" } }],
        resourceVersion: "5",
        changesAfter: async function* () {
          yield* changes;
        },
      };
      const seen = { ...world, ready: [{ cache, life: new AbortController().signal }], clock: world.clock };
      const violations: string[] = [];
      const violated = (message: string): void => void violations.push(message);
      new WatchReader({ ...seen, chaos: world.chaos, isOver: false, violated } as unknown as SimWorld, true).start();
      await new Promise((resolve) => setImmediate(resolve));
      assert.match(violations.join("\n"), found);
    });
  }

  it("I9: a write of a deposed leader, and one of nobody", async () => {
    const violations: string[] = [];
    const fences = new FenceWatch(
      (message) => violations.push(message),
      () => undefined,
    );
    let revision = 0;
    const kv = { transact: async () => ({ fenceHeld: true, revision }) as unknown as TransactResult } as unknown as Kv;
    const accepted = async (term: number, at: number): Promise<void> => {
      revision = at;
      await fences.watched(kv).transact([], { key: leaderKey, createRevision: term } as Fence);
    };
    await accepted(5, 6);
    await accepted(10, 12);
    await accepted(5, 9);
    assert.deepEqual(violations, [], "an answer that came late is no write that did");
    await accepted(5, 13);
    assert.match(violations.join("\n"), /deposed term 5 was accepted at revision 13/);
    const write = { kind: "delete", key: "registry/apps/replicasets/default/x", guard: 1 } as const;
    await fences.watched(kv).transact([write]);
    assert.match(violations.join("\n"), /replicasets\/default\/x was written without a fence/);
  });

  it("I11: an address of two pods, a range of two nodes", async () => {
    const pod = first(pods());
    const [address] = [...agentOf(pod).containers.values()].map((container) => container.address);
    world.isAboutToStart(elsewhere(pod), copyOf(pod, "other"), address ?? "");
    assertViolated(/other on n\d gets 10\.\d+\.\d+\.\d+, which .* has/);
    world = await calm();
    hand = new Person(world);
    const [one, two] = nodes();
    await write("nodes", first(nodes()), (current) => ({
      ...current,
      spec: { ...current.spec, podCIDR: two?.spec?.podCIDR },
    }));
    assertViolated(new RegExp(`${one?.metadata.name} and ${two?.metadata.name} share 10\\.`));
  });

  it("I12: sessions and leaders of nobody", () => {
    const value = Buffer.from("{}");
    world.etcd.transact([{ kind: "put", key: sessionKey("ghost"), value }]);
    assert.match(unsettled(world).join("\n"), /the store holds \d sessions of \d agents/);
    world.etcd.transact([{ kind: "put", key: `${leaderKey}/ghost`, value }]);
    assert.match(unsettled(world).join("\n"), /not one control plane leads/);
  });

  it("I1: an agent that is told to stay away", async () => {
    const node = first(nodes()).metadata.name;
    const { instance } = JSON.parse(Buffer.from(world.etcd.get(sessionKey(node))?.value ?? "{}").toString());
    const value = Buffer.from(JSON.stringify({ controlPlane: "other", instance: "other", superseded: [instance] }));
    world.etcd.transact([{ kind: "put", key: sessionKey(node), value }]);
    await world.run(world.clock.monotonicMs() + 1_000);
    assertViolated(new RegExp(`${node} was sent away for good`));
  });

  it("a pod put on a node that has been cordoned for long", async () => {
    const node = first(nodes());
    await write("nodes", node, (current) => ({ ...current, spec: { ...current.spec, unschedulable: true } }) as Node);
    await world.run(world.clock.monotonicMs() + forLongMs);
    const late = copyOf(first(pods()), "late", { nodeName: node.metadata.name });
    await create("pods", { ...late, metadata: { ...late.metadata, ownerReferences: [] }, status: {} } as Pod);
    assertViolated(/late was put on n\d, which has been cordoned for long/);
  });
});

function change(type: "added" | "modified", resourceVersion: string) {
  return { type, resourceVersion, name: "a", object: undefined };
}
