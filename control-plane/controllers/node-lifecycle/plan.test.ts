import assert from "node:assert/strict";
import { test } from "node:test";
import { massLossText } from "../../mass-loss-text.ts";
import type { Node, Pod } from "../model/kinds.ts";
import { nodeLostAnnotation, nodeReturnedAnnotation, podCondition } from "../model/pod-state.ts";
import type { Step } from "../model/step.ts";
import { aNode, aPod } from "../objects.fixture.ts";
import { MassLoss } from "./mass-loss.ts";
import { plan } from "./plan.ts";
import type { Verdict } from "./plan-view.ts";

const nowMs = Date.UTC(2026, 0, 1, 1);
const time = (ms: number): string => new Date(ms).toISOString();
const unreachable = "node.kubernetes.io/unreachable";

function decide(node: Node, verdict: Verdict, pods: readonly Pod[] = [], mayEvict = true) {
  return plan(
    {
      node,
      verdict,
      pods,
      mayEvict,
      evictAgainAtMs: nowMs + 30_000,
      defaultTolerationMs: 300_000,
      nodeGoneMs: 300_000,
    },
    nowMs,
  );
}

function change<T>(steps: readonly Step[], name: string): T | undefined {
  for (const step of steps)
    if (step.kind === "update" && step.object.metadata.name === name) return step.object as unknown as T;
  return undefined;
}

const deleted = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap((step) => (step.kind === "delete" ? [`${step.object.metadata.name}${step.now ? " now" : ""}`] : []));

const owner = (kind: string) => ({ apiVersion: "apps/v1", kind, name: "web", uid: "uid-web", controller: true });

function onNode(name: string, change: Partial<Pod> = {}): Pod {
  return aPod(name, {
    spec: { containers: [], nodeName: "n1" },
    status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
    ...change,
  });
}

const replica = (name: string, change: Partial<Pod> = {}): Pod => {
  const pod = onNode(name, change);
  return { ...pod, metadata: { ...pod.metadata, ownerReferences: [owner("ReplicaSet")] } };
};

/** Lost `forMs` ago, judged so before. */
const lostNode = (forMs: number): Node =>
  aNode("n1", {
    spec: {
      taints: [
        { key: unreachable, effect: "NoSchedule", timeAdded: time(nowMs - forMs) },
        { key: unreachable, effect: "NoExecute", timeAdded: time(nowMs - forMs) },
      ],
    },
    status: {
      conditions: [
        {
          type: "Ready",
          status: "Unknown",
          reason: "NodeStatusUnknown",
          message: "the node's agent is not heard of",
          lastTransitionTime: time(nowMs - forMs),
        },
      ],
    },
  });

test("a silent node is NotReady and tainted; a node that is heard is Ready and has no such taint", () => {
  const lost = change<Node>(decide(aNode("n1"), "silent").steps, "n1");
  assert.equal(lost?.status?.conditions?.find((one) => one.type === "Ready")?.status, "Unknown");
  assert.deepEqual(
    lost?.spec?.taints?.map((taint) => `${taint.key}:${taint.effect}`),
    [`${unreachable}:NoSchedule`, `${unreachable}:NoExecute`],
  );
  const back = change<Node>(decide(lostNode(60_000), "alive").steps, "n1");
  assert.equal(back?.status?.conditions?.find((one) => one.type === "Ready")?.status, "True");
  assert.deepEqual(back?.spec?.taints, []);
});

test("nobody is judged while nobody can tell", () => {
  assert.deepEqual(decide(aNode("n1"), "unjudged", [replica("a")]).steps, []);
  assert.deepEqual(decide(lostNode(60_000), "unjudged", [replica("a")]).steps, []);
});

test("a settled node takes no writes", () => {
  const ready = change<Node>(decide(aNode("n1", { status: {} }), "alive").steps, "n1");
  assert.ok(ready);
  assert.deepEqual(decide(ready, "alive").steps, []);
  assert.deepEqual(decide(lostNode(1_000), "silent").steps, []);
});

test("a ReplicaSet's pod is marked as lost at once, and not deleted", () => {
  const { steps } = decide(lostNode(0), "silent", [replica("a")]);
  const pod = change<Pod>(steps, "a");
  assert.ok(pod?.metadata.annotations?.[nodeLostAnnotation]);
  assert.equal(pod && podCondition(pod, "Ready")?.status, "False");
  assert.deepEqual(deleted(steps), []);
});

test("a bare pod is only shown as not ready, until its five minutes are over", () => {
  const { steps, recheckAtMs } = decide(lostNode(10_000), "silent", [onNode("a")]);
  assert.equal(change<Pod>(steps, "a")?.metadata.annotations, undefined);
  assert.deepEqual(deleted(steps), []);
  assert.equal(recheckAtMs, nowMs + 290_000);
  assert.deepEqual(deleted(decide(lostNode(300_000), "silent", [onNode("a")]).steps), ["a now"]);
});

test("explicit tolerations are kept to", async (t) => {
  const tolerating = (tolerationSeconds?: number) => {
    const toleration = { key: unreachable, operator: "Exists" as const, effect: "NoExecute" as const };
    const tolerations = [{ ...toleration, ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }) }];
    return replica("a", { spec: { containers: [], nodeName: "n1", tolerations } });
  };
  await t.test("300 s restore Kubernetes' behaviour", () => {
    const { steps, recheckAtMs } = decide(lostNode(10_000), "silent", [tolerating(300)]);
    assert.equal(change<Pod>(steps, "a")?.metadata.annotations?.[nodeLostAnnotation], undefined);
    assert.equal(recheckAtMs, nowMs + 290_000);
  });
  await t.test("for ever means for ever", () => {
    assert.deepEqual(deleted(decide(lostNode(3_600_000), "silent", [tolerating()]).steps), []);
  });
  await t.test("a short one deletes a bare pod, which leaves with its node after five minutes", () => {
    const bare = { ...tolerating(30), metadata: { ...onNode("a").metadata } };
    assert.deepEqual(deleted(decide(lostNode(31_000), "silent", [bare]).steps), ["a"]);
    assert.deepEqual(deleted(decide(lostNode(300_000), "silent", [bare]).steps), ["a now"]);
  });
});

test("pods of a node gone for five minutes leave the API, terminating ones too", () => {
  const leaving = replica("b");
  const terminating = { ...leaving, metadata: { ...leaving.metadata, deletionTimestamp: time(nowMs) } };
  assert.deepEqual(deleted(decide(lostNode(300_000), "silent", [replica("a"), terminating]).steps), ["a now", "b now"]);
});

test("in a mass loss nobody is marked before it is this node's turn", () => {
  const { steps, recheckAtMs } = decide(lostNode(0), "silent", [replica("a")], false);
  assert.equal(change<Pod>(steps, "a")?.metadata.annotations, undefined);
  assert.equal(recheckAtMs, nowMs + 30_000);
});

test("a copy that is back counts again when its agent has spoken, or has had the time to", async (t) => {
  const lost = (ready: object): Pod => {
    const pod = replica("a", {
      status: { phase: "Running", conditions: [{ type: "Ready", status: "False", ...ready }] },
    });
    return { ...pod, metadata: { ...pod.metadata, annotations: { [nodeLostAnnotation]: time(nowMs - 60_000) } } };
  };
  const backSince = (ms: number): Node =>
    aNode("n1", {
      status: {
        conditions: [
          {
            type: "Ready",
            status: "True",
            reason: "AgentReady",
            message: "the node's agent holds its session and beats",
            lastTransitionTime: time(nowMs - ms),
          },
        ],
      },
    });
  await t.test("spoken", () => {
    const pod = change<Pod>(decide(backSince(100), "alive", [lost({ reason: "ContainersNotReady" })]).steps, "a");
    assert.equal(pod?.metadata.annotations?.[nodeLostAnnotation], undefined);
    assert.ok(pod?.metadata.annotations?.[nodeReturnedAnnotation]);
  });
  await t.test("not yet spoken", () => {
    const { steps, recheckAtMs } = decide(backSince(100), "alive", [lost({ reason: "NodeLost" })]);
    assert.deepEqual(steps, []);
    assert.equal(recheckAtMs, nowMs - 100 + 5_000);
  });
  await t.test("silent for longer: what was last said of the containers stands", () => {
    const before = lost({ reason: "NodeLost" });
    const status = { name: "main", image: "", imageID: "", ready: true, restartCount: 0 };
    const pod = { ...before, status: { ...before.status, containerStatuses: [status] } };
    const after = change<Pod>(decide(backSince(6_000), "alive", [pod]).steps, "a");
    assert.equal(after && podCondition(after, "Ready")?.status, "True");
    assert.equal(after?.metadata.annotations?.[nodeLostAnnotation], undefined);
  });
});

test("a NoExecute taint set by hand evicts who does not tolerate it, and is stamped", () => {
  const node = aNode("n1", { spec: { taints: [{ key: "maintenance", effect: "NoExecute" }] } });
  const enduring = replica("b", {
    spec: {
      containers: [],
      nodeName: "n1",
      tolerations: [{ key: "maintenance", operator: "Exists", tolerationSeconds: 60 }],
    },
  });
  const { steps, recheckAtMs } = decide(node, "alive", [replica("a"), enduring]);
  assert.deepEqual(deleted(steps), ["a"]);
  assert.equal(change<Node>(steps, "n1")?.spec?.taints?.[0]?.timeAdded, "2026-01-01T01:00:00Z");
  assert.equal(recheckAtMs, nowMs + 60_000);
});

test("a mass of lost nodes slows eviction down", () => {
  const loss = new MassLoss({ share: 0.55, intervalMs: 30_000 });
  assert.equal(loss.ask("a", 1, 3, 0).may, true, "one of three is no mass");
  assert.deepEqual(loss.ask("b", 2, 3, 100), { may: false, againAtMs: 30_100 });
  assert.equal(loss.ask("a", 2, 3, 200).may, true, "what was decided stays decided");
  assert.equal(loss.ask("b", 2, 3, 30_100).may, true);
  const all = new MassLoss({ share: 0.55, intervalMs: 30_000 });
  all.ask("a", 3, 3, 0);
  assert.equal(all.ask("a", 3, 3, 3_600_000).may, false, "with no node left there is nowhere to go");
  const only = new MassLoss({ share: 0.55, intervalMs: 1 }).ask("only", 1, 1, 60_000);
  assert.equal(only.may, false, "copies of the only node's pods would start beside them when it is back");
});

const condition = (type: string, status: "True" | "False") => ({ type, status, reason: `Node${type}`, message: "why" });
const withConditions = (...conditions: ReturnType<typeof condition>[]): Node =>
  aNode("n1", { status: { conditions: [{ type: "Ready", status: "True" }, ...conditions] } });
const eventsOf = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap((step) => (step.kind === "event" ? [`${step.type} ${step.reason}`] : []));

test("a node on which something runs out takes no new pods, and says so once when it begins and ends", () => {
  for (const [type, key] of [
    ["MemoryPressure", "memory-pressure"],
    ["DiskPressure", "disk-pressure"],
    ["PIDPressure", "pid-pressure"],
    ["NetworkUnavailable", "network-unavailable"],
  ] as const) {
    const began = decide(withConditions(condition(type, "True")), "alive");
    const tainted = change<Node>(began.steps, "n1");
    assert.deepEqual(
      tainted?.spec?.taints?.map((taint) => `${taint.key}:${taint.effect}`),
      [`node.kubernetes.io/${key}:NoSchedule`],
    );
    assert.ok(eventsOf(began.steps).includes(`Warning Node${type}`));
    assert.ok(tainted);
    const still = decide(tainted, "alive");
    assert.deepEqual(eventsOf(still.steps), [], "no second word");
    const over = decide({ ...tainted, status: { conditions: [condition(type, "False")] } }, "alive");
    assert.deepEqual(change<Node>(over.steps, "n1")?.spec?.taints, []);
    assert.ok(eventsOf(over.steps).includes(`Normal Node${type}`));
  }
});

test("a taint that somebody else set stays", () => {
  const taints = [{ key: "mine", effect: "NoSchedule" as const }];
  const { steps } = decide(
    aNode("n1", { ...withConditions(condition("DiskPressure", "True")), spec: { taints } }),
    "alive",
  );
  assert.deepEqual(
    change<Node>(steps, "n1")?.spec?.taints?.map((taint) => taint.key),
    ["mine", "node.kubernetes.io/disk-pressure"],
  );
});

test("eviction that is slowed down is said once per node and outage", () => {
  const view = { node: lostNode(0), verdict: "silent", pods: [replica("a")], mayEvict: false } as const;
  const more = { evictAgainAtMs: nowMs, defaultTolerationMs: 0, nodeGoneMs: 300_000 };
  const said = plan({ ...view, ...more, slowed: massLossText(3, 4, 30_000) }, nowMs).steps;
  assert.deepEqual(eventsOf(said), ["Warning EvictionSlowed"]);
  assert.deepEqual(eventsOf(plan({ ...view, ...more }, nowMs).steps), []);
  const loss = new MassLoss({ share: 0.55, intervalMs: 1 });
  assert.deepEqual([loss.isNews("a"), loss.isNews("a"), loss.isNews("b")], [true, false, true]);
  loss.returned("a");
  assert.ok(loss.isNews("a"));
  assert.match(massLossText(4, 4, 1), /nothing is replaced before one of them is back/);
});
