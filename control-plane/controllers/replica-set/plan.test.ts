import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { seededRandom } from "#proto/kit/random.ts";
import { replaceRequestedAnnotation } from "#proto/resources/replace-request.ts";
import type { Pod, ReplicaSet } from "../model/kinds.ts";
import { controllerReference } from "../model/ownership.ts";
import { nodeLostAnnotation, nodeReturnedAnnotation } from "../model/pod-state.ts";
import { ReadySightings } from "../model/ready-sightings.ts";
import { aPod, aReplicaSet } from "../objects.fixture.ts";
import { maxPodsPerPlan, plan } from "./plan.ts";

const nowMs = Date.UTC(2026, 0, 1, 1);

/** A pod of the set, running and ready on a node unless told otherwise. */
function copy(set: ReplicaSet, name: string, change: Partial<Pod> = {}): Pod {
  const base = aPod(name, {
    spec: { containers: [{ name: "main", image: "example" }], nodeName: "n1" },
    status: {
      phase: "Running",
      conditions: [{ type: "Ready", status: "True", lastTransitionTime: "2026-01-01T00:00:10Z" }],
    },
    ...change,
  });
  return {
    ...base,
    metadata: {
      ...base.metadata,
      labels: { app: set.metadata.name },
      ownerReferences: [controllerReference(set)],
      ...change.metadata,
    },
  };
}

function decide(replicaSet: ReplicaSet, pods: readonly Pod[], orphans: readonly Pod[] = []) {
  let next = 0;
  return plan({ replicaSet, pods, orphans, suffix: () => `s${next++}` }, nowMs);
}

const names = (steps: ReturnType<typeof decide>["steps"], kind: "create" | "delete" | "update"): readonly string[] =>
  steps.flatMap((step) => (step.kind === kind && step.resource === "pods" ? [step.object.metadata.name] : []));

const pending = { spec: { containers: [] }, status: { phase: "Pending" as const } };
const unready = { status: { phase: "Running" as const, conditions: [{ type: "Ready", status: "False" as const }] } };
const on = (nodeName: string): Partial<Pod> => ({ spec: { containers: [], nodeName } });

test("missing pods are made from the template, owned, and with fresh names", () => {
  const set = aReplicaSet("web", 3);
  const { steps } = decide(set, [copy(set, "a")]);
  assert.deepEqual(names(steps, "create"), ["web-s0", "web-s1"]);
  const made = steps.find((step) => step.kind === "create");
  assert.deepEqual(made?.object.metadata.labels, { app: "web" });
  assert.equal(made?.object.metadata.ownerReferences?.[0]?.uid, set.metadata.uid);
});

test("a plan makes a bounded number of pods", () => {
  assert.equal(names(decide(aReplicaSet("web", 5000), []).steps, "create").length, maxPodsPerPlan);
});

test("pods that end, or are being deleted, are replaced", () => {
  const set = aReplicaSet("web", 2);
  const leaving = copy(set, "b", { metadata: { name: "b", deletionTimestamp: "2026-01-01T00:00:00Z" } });
  const merged = { ...leaving, metadata: { ...copy(set, "b").metadata, ...leaving.metadata } };
  const { steps } = decide(set, [copy(set, "a", { status: { phase: "Failed" } }), merged]);
  assert.equal(names(steps, "create").length, 2);
});

test("a copy on a lost node is replaced and left alone", () => {
  const set = aReplicaSet("web", 1);
  const lost = copy(set, "a", {
    metadata: { ...copy(set, "a").metadata, annotations: { [nodeLostAnnotation]: "2026-01-01T00:59:00Z" } },
  });
  const { steps } = decide(set, [lost]);
  assert.deepEqual(names(steps, "create"), ["web-s0"]);
  assert.deepEqual(names(steps, "delete"), []);
});

test("surplus goes in Kubernetes' order", async (t) => {
  const set = aReplicaSet("web", 1);
  const at = (name: string, createdAt: string, change: Partial<Pod> = {}): Pod =>
    copy(set, name, {
      ...change,
      metadata: { ...copy(set, name).metadata, creationTimestamp: createdAt, ...change.metadata },
    });
  const cost = (value: string) => ({
    metadata: { ...copy(set, "b").metadata, annotations: { "controller.kubernetes.io/pod-deletion-cost": value } },
  });
  const readySince = (time: string) => ({
    status: {
      phase: "Running" as const,
      conditions: [{ type: "Ready", status: "True" as const, lastTransitionTime: time }],
    },
  });
  const cases: readonly (readonly [string, Pod, Pod])[] = [
    ["unassigned before assigned", copy(set, "a", pending), copy(set, "b")],
    ["pending before running", copy(set, "a", { ...on("n1"), status: { phase: "Pending" } }), copy(set, "b")],
    ["not ready before ready", copy(set, "a", unready), copy(set, "b")],
    ["cheaper before dearer", copy(set, "a"), copy(set, "b", cost("10"))],
    ["ready for a shorter time before longer", copy(set, "a", readySince("2026-01-01T00:30:00Z")), copy(set, "b")],
    ["newer before older", at("a", "2026-01-01T00:10:00Z"), at("b", "2026-01-01T00:00:00Z")],
  ];
  for (const [name, goes, stays] of cases) {
    await t.test(name, () => {
      assert.deepEqual(names(decide(set, [stays, goes]).steps, "delete"), [goes.metadata.name]);
      assert.deepEqual(names(decide(set, [goes, stays]).steps, "delete"), [goes.metadata.name]);
    });
  }
  await t.test("where copies crowd, one of them goes", () => {
    const two = aReplicaSet("web", 2);
    const pods = [copy(two, "a", on("n1")), copy(two, "b", on("n2")), copy(two, "c", on("n2"))].map((pod) => ({
      ...pod,
      status: copy(two, "x").status,
    }));
    const [gone] = names(decide(two, pods).steps, "delete");
    assert.ok(gone === "b" || gone === "c");
  });
});

test("after a partition the oldest ready copy stays, wherever copies crowd", () => {
  const set = aReplicaSet("web", 3);
  const back = (name: string, node: string, createdAt: string, isBack: boolean): Pod => {
    const pod = copy(set, name, on(node));
    const annotations = isBack ? { [nodeReturnedAnnotation]: "2026-01-01T00:59:50Z" } : {};
    return {
      ...pod,
      status: copy(set, name).status,
      metadata: { ...pod.metadata, creationTimestamp: createdAt, annotations },
    };
  };
  const old = ["a", "b", "c"].map((name) => back(name, "n1", "2026-01-01T00:00:00Z", true));
  const replacements = ["d", "e", "f"].map((name, index) => back(name, `n${index + 2}`, "2026-01-01T00:59:00Z", false));
  assert.deepEqual([...names(decide(set, [...replacements, ...old]).steps, "delete")].sort(), ["d", "e", "f"]);
});

test("after a partition a ready replacement is kept over an old copy that is not ready", () => {
  const set = aReplicaSet("web", 1);
  const old = copy(set, "old", { ...unready, ...on("n1") });
  const marked = {
    ...old,
    metadata: { ...old.metadata, annotations: { [nodeReturnedAnnotation]: "2026-01-01T00:59:50Z" } },
  };
  assert.deepEqual(
    names(
      decide(
        set,
        [marked, copy(set, "new", on("n2"))].map((pod) => pod),
      ).steps,
      "delete",
    ),
    ["old"],
  );
});

test("orphans that match are adopted, own pods that no longer match are released", () => {
  const set = aReplicaSet("web", 2);
  const orphan = aPod("orphan", { metadata: { name: "orphan", labels: { app: "web" } } });
  const relabelled = { ...copy(set, "b"), metadata: { ...copy(set, "b").metadata, labels: { app: "debug" } } };
  const { steps } = decide(set, [copy(set, "a"), relabelled], [orphan]);
  assert.deepEqual([...names(steps, "update")].sort(), ["b", "orphan"]);
  assert.deepEqual(names(steps, "create"), []);
});

test("a ReplicaSet on its way out makes and removes nothing", () => {
  const set = aReplicaSet("web", 3, { metadata: { name: "web", deletionTimestamp: "2026-01-01T00:00:00Z" } });
  assert.deepEqual(names(decide(set, []).steps, "create"), []);
});

test("status counts pods, and minReadySeconds asks to be called again", () => {
  const base = aReplicaSet("web", 2);
  const set = { ...base, spec: { ...base.spec, minReadySeconds: 30 } };
  const justReady = {
    ...copy(set, "b"),
    status: {
      phase: "Running" as const,
      conditions: [{ type: "Ready", status: "True" as const, lastTransitionTime: "2026-01-01T00:59:50Z" }],
    },
  };
  const { steps, recheckAtMs } = decide(set, [copy(set, "a"), justReady]);
  const update = steps.find((step) => step.kind === "update" && step.resource === "replicasets.apps");
  assert.ok(update?.kind === "update");
  const { status } = update.object as unknown as ReplicaSet;
  assert.deepEqual([status?.replicas, status?.readyReplicas, status?.availableReplicas], [2, 2, 1]);
  assert.equal(recheckAtMs, Date.UTC(2026, 0, 1, 1, 0, 20));
});

test("laws: the count comes out right, every pod is kept or removed once, input order does not matter", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = seededRandom(seed);
    const set = aReplicaSet("web", Math.floor(random.next() * 8));
    const states: readonly Partial<Pod>[] = [{}, pending, unready, { status: { phase: "Failed" } }];
    const pods = Array.from({ length: Math.floor(random.next() * 10) }, (_, index) =>
      Object.freeze(copy(set, `p${index}`, states[Math.floor(random.next() * states.length)])),
    );
    const { steps } = decide(set, pods);
    const active = pods.filter((pod) => pod.status?.phase !== "Failed").length;
    const removed = names(steps, "delete");
    assert.equal(active + names(steps, "create").length - removed.length, set.spec.replicas, `seed ${seed}`);
    assert.equal(new Set(removed).size, removed.length);
    assert.deepEqual(names(decide(set, [...pods].reverse()).steps, "delete"), removed, `seed ${seed}`);
  }
});

const toLeave = (name: string): Partial<Pod> => ({
  metadata: { name, annotations: { [replaceRequestedAnnotation]: "2026-01-01T00:00:00Z" } },
});

test("a pod that is to be replaced serves until another copy is available, and counts once", () => {
  const set = aReplicaSet("web", 2);
  const leaving = copy(set, "b", toLeave("b"));
  const first = decide(set, [copy(set, "a"), leaving]);
  assert.deepEqual(names(first.steps, "create"), ["web-s0"]);
  assert.deepEqual(names(first.steps, "delete"), []);

  const waiting = decide(set, [copy(set, "a"), leaving, copy(set, "c", unready)]);
  assert.deepEqual(names(waiting.steps, "delete"), []);
  const status = waiting.steps.find((step) => step.kind === "update");
  assert.deepEqual((status?.object as ReplicaSet | undefined)?.status, {
    replicas: 2,
    fullyLabeledReplicas: 2,
    readyReplicas: 2,
    availableReplicas: 2,
    terminatingReplicas: 0,
    observedGeneration: 1,
  });

  assert.deepEqual(names(decide(set, [copy(set, "a"), leaving, copy(set, "c")]).steps, "delete"), ["b"]);
});

test("a pod that is to be replaced and ready stays until others are available, though it does not count as available itself", () => {
  const base = aReplicaSet("web", 2);
  const set = { ...base, spec: { ...base.spec, minReadySeconds: 10 } };
  // 40 s after `nowMs`: the clock of whoever looks is behind, or was set back.
  const readyAhead = {
    phase: "Running" as const,
    conditions: [{ type: "Ready", status: "True" as const, lastTransitionTime: "2026-01-01T01:00:40Z" }],
  };
  const leaving = copy(set, "b", { ...toLeave("b"), status: readyAhead });
  const removed = (...others: readonly Pod[]): readonly string[] =>
    names(decide(set, [leaving, ...others]).steps, "delete");
  assert.deepEqual(removed(copy(set, "a")), []);
  assert.deepEqual(removed(copy(set, "a"), copy(set, "c", unready)), []);
  assert.deepEqual(removed(copy(set, "a"), copy(set, "c", { status: readyAhead })), []);
  assert.deepEqual(removed(copy(set, "a"), copy(set, "c")), ["b"]);
});

test("all pods of a set may be replaced at once: each goes as its copy comes", () => {
  const set = aReplicaSet("web", 2);
  const leaving = ["a", "b"].map((name) => copy(set, name, toLeave(name)));
  assert.deepEqual(names(decide(set, leaving).steps, "create"), ["web-s0", "web-s1"]);
  assert.deepEqual(names(decide(set, [...leaving, copy(set, "c"), copy(set, "d", unready)]).steps, "delete"), ["a"]);
});

test("a pod that is to be replaced and serves nobody goes at once; one too many goes without a copy", () => {
  const set = aReplicaSet("web", 1);
  const idle = copy(set, "b", { ...unready, ...toLeave("b") });
  assert.deepEqual(names(decide(set, [idle]).steps, "delete"), ["b"]);
  assert.deepEqual(names(decide(aReplicaSet("web", 0), [copy(set, "c", toLeave("c"))]).steps, "delete"), ["c"]);
});

test("pods that their namespace refuses are not made: condition and one event say why, until it lets them in", () => {
  const refusal = 'level "baseline" of namespace default forbids it';
  const refused = (set: ReplicaSet, pods: readonly Pod[], why: string | undefined) =>
    plan({ replicaSet: set, pods, orphans: [], refusal: () => why, suffix: () => "s" }, nowMs);
  const set = aReplicaSet("web", 2);
  const first = refused(set, [copy(set, "a")], refusal);
  assert.deepEqual(names(first.steps, "create"), []);
  const events = first.steps.flatMap((step) => (step.kind === "event" ? [`${step.type} ${step.reason}`] : []));
  assert.deepEqual(events, ["Warning FailedCreate"]);
  const written = first.steps.find((step) => step.kind === "update")?.object as ReplicaSet;
  assert.deepEqual(
    written.status?.conditions?.map(({ type, reason, message }) => [type, reason, message]),
    [["ReplicaFailure", "FailedCreate", refusal]],
  );

  assert.deepEqual(refused(written, [copy(set, "a")], refusal).steps, [], "it is said once");
  const opened = refused(written, [copy(set, "a")], undefined);
  assert.deepEqual(names(opened.steps, "create"), ["web-s"]);
  const after = opened.steps.find((step) => step.kind === "update")?.object as ReplicaSet;
  assert.equal(after.status?.conditions, undefined);
  // What runs already is left alone.
  assert.deepEqual(names(refused(set, [copy(set, "a"), copy(set, "b")], refusal).steps, "delete"), []);
});

test("a pod whose stamp is of a clock that is ahead becomes available when it has been seen ready for long enough", () => {
  const base = aReplicaSet("web", 1);
  const set = { ...base, spec: { ...base.spec, minReadySeconds: 10 } };
  const lastTransitionTime = "2026-01-01T01:00:40Z"; // 40 s after `nowMs`
  const status = {
    phase: "Running" as const,
    conditions: [{ type: "Ready", status: "True" as const, lastTransitionTime }],
  };
  const clock = new ManualClock(nowMs);
  const sightings = new ReadySightings(clock);
  const available = (pod: Pod): number | undefined => {
    const readySince = (one: Pod): number | undefined => sightings.sinceMs(one);
    const { steps, recheckAtMs } = plan(
      { replicaSet: set, pods: [pod], orphans: [], readySince, suffix: () => "s" },
      clock.nowMs(),
    );
    assert.ok(recheckAtMs === undefined || recheckAtMs <= clock.nowMs() + 10_000);
    const written = steps.find(({ kind }) => kind === "update");
    return written?.kind === "update" ? (written.object as ReplicaSet).status?.availableReplicas : undefined;
  };
  const pod = copy(set, "a", { status });
  assert.equal(available(pod), 0);
  clock.advance(9_000);
  assert.equal(available(pod), 0);
  const later = {
    ...pod,
    status: {
      ...status,
      conditions: [
        { ...status.conditions[0], type: "Ready", status: "True" as const, lastTransitionTime: "2026-01-01T01:00:50Z" },
      ],
    },
  };
  assert.equal(available(later), 0, "it was not ready in between: counted anew");
  clock.advance(9_999);
  assert.equal(available(later), 0);
  clock.advance(1);
  assert.equal(available(later), 1);
  sightings.forget(pod.metadata.uid ?? "");
  assert.equal(available(later), 0, "another process begins anew");
});

test("a pod that is available stays so when the clock is set back", () => {
  const base = aReplicaSet("web", 1);
  const set = { ...base, spec: { ...base.spec, minReadySeconds: 10 } };
  const clock = new ManualClock(nowMs);
  const sightings = new ReadySightings(clock);
  const available = (name: string, lastTransitionTime: string): number | undefined => {
    const status = { phase: "Running" as const, conditions: [{ type: "Ready", status: "True", lastTransitionTime }] };
    const pods = [copy(set, name, { status } as Partial<Pod>)];
    const readySince = (one: Pod): number | undefined => sightings.sinceMs(one);
    const { steps } = plan({ replicaSet: set, pods, orphans: [], readySince, suffix: () => "s" }, clock.nowMs());
    const written = steps.find(({ kind }) => kind === "update");
    return written?.kind === "update" ? (written.object as ReplicaSet).status?.availableReplicas : undefined;
  };
  const longAgo = "2026-01-01T00:59:00Z";
  const justNow = "2026-01-01T00:59:55Z"; // 5 s before `nowMs`
  assert.deepEqual([available("a", longAgo), available("b", justNow)], [1, 0]);
  clock.stepWall(-3_600_000);
  assert.deepEqual([available("a", longAgo), available("b", justNow)], [1, 0]);
  clock.advance(5_000);
  assert.equal(available("b", justNow), 1, "what it had waited already counts");
});
