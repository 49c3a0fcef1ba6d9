import assert from "node:assert/strict";
import { test } from "node:test";
import { type ContainerWish, containerWishesAnnotation } from "#proto/resources/container-wishes.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { plan } from "./plan.ts";
import { deleted, observedContainer, setUp, testNow, testPod, testView } from "./pod-builder.ts";
import type { ObservedContainer, PodView } from "./view.ts";

type PodChanges = Parameters<typeof testPod>[0];

function wished(wish: Partial<ContainerWish>, changes: PodChanges = {}): Pod {
  const pod = testPod(changes);
  const annotations = { ...pod.metadata.annotations, [containerWishesAnnotation]: JSON.stringify({ app: wish }) };
  return { ...pod, metadata: { ...pod.metadata, annotations } };
}

/** The pod as it was planned for with these containers, seen again with those. */
function then(view: PodView, pod: Pod, containers: readonly ObservedContainer[], laterMs = 0): PodView {
  const now = { wallMs: view.now.wallMs + laterMs, bootMs: view.now.bootMs + laterMs };
  const observed = { ...setUp, containers };
  return { ...view, assignment: { kind: "assigned", pod }, record: plan(view).record, observed, now };
}

const running = (changes: Partial<ObservedContainer> = {}): ObservedContainer => observedContainer(changes);
const ended = (exitCode: number): ObservedContainer =>
  observedContainer({ state: "exited", exitCode, finishedAtMs: testNow.wallMs });
const start = (pod: Pod): PodView => testView({ pod, observed: { ...setUp, containers: [running()] } });
const kinds = (view: PodView): readonly string[] => plan(view).steps.map(({ kind }) => kind);
const state = (view: PodView) => plan(view).status?.containerStatuses?.[0]?.state;

for (const restartPolicy of ["Always", "Never"] as const) {
  test(`restartPolicy ${restartPolicy}: stopped on request it stays so, whatever it ended with, and starts again on request`, () => {
    const changes = { spec: { restartPolicy } };
    const stopping = then(
      start(testPod(changes)),
      wished({ state: "Stopped", graceSeconds: 4, signal: "INT" }, changes),
      [running()],
    );
    const decision = plan(stopping);
    assert.deepEqual(decision.steps, [{ kind: "signal-container", container: "app", id: running().id, signal: 2 }]);
    assert.equal(decision.recheckAtMs, testNow.bootMs + 4_000);
    const stopped = then(stopping, wished({ state: "Stopped" }, changes), [ended(1)]);
    assert.deepEqual(kinds(stopped), ["remove-container"]);
    assert.equal(state(stopped)?.waiting?.reason, "Stopped");
    assert.equal(plan(stopped).status?.phase, "Running");
    assert.equal(plan(stopped).status?.containerStatuses?.[0]?.lastState?.terminated?.exitCode, 1);
    const still = then(stopped, wished({ state: "Stopped" }, changes), [], 3_600_000);
    assert.deepEqual(kinds(still), []);
    assert.equal(plan(still).recheckAtMs, undefined);
    const again = then(still, testPod(changes), []);
    assert.deepEqual(kinds(again), ["create-container", "start-container"]);
    assert.equal(plan(again).status?.containerStatuses?.[0]?.restartCount, 1);
  });
}

test("the end of a grace that was made shorter meanwhile is SIGKILL", () => {
  const first = then(start(testPod()), wished({ state: "Stopped", graceSeconds: 100 }), [running()]);
  const shorter = then(first, wished({ state: "Stopped", graceSeconds: 1 }), [running()], 1_000);
  assert.deepEqual(kinds(shorter), ["kill-container"]);
});

test("each restart asked for happens once, without back-off, and is no crash", () => {
  const asked = then(start(testPod()), wished({ restart: 1 }), [running()]);
  assert.deepEqual(kinds(asked), ["signal-container"]);
  const gone = then(asked, wished({ restart: 1 }), [ended(137)]);
  assert.deepEqual(kinds(gone), ["remove-container", "create-container", "start-container"]);
  assert.equal(plan(gone).record?.containers.app?.crashes, 0);
  const second = then(gone, wished({ restart: 1 }), [running({ attempt: 1, id: running().id.replace(/0$/, "1") })]);
  assert.deepEqual(kinds(second), []);
});

test("a restart asked for does not wait for the end of a back-off", () => {
  const { record } = plan(then(start(testPod()), testPod(), [ended(1)]));
  const app = record?.containers.app;
  assert.ok(record && app?.previous);
  const waiting = { ...app, ended: app.previous, crashes: 5, restartNotBeforeMs: testNow.bootMs + 60_000 };
  const view = (pod: Pod): PodView =>
    testView({ pod, record: { ...record, containers: { app: waiting } }, observed: setUp });
  assert.deepEqual(kinds(view(testPod())), []);
  assert.equal(state(view(testPod()))?.waiting?.reason, "CrashLoopBackOff");
  assert.deepEqual(kinds(view(wished({ restart: 1 }))), ["create-container", "start-container"]);
});

test("of a pod whose containers have all ended by themselves nothing starts again", () => {
  const changes = { spec: { restartPolicy: "Never" as const } };
  const over = then(start(testPod(changes)), testPod(changes), [ended(0)]);
  assert.equal(plan(over).status?.phase, "Succeeded");
  for (const wish of [{ state: "Stopped" }, { restart: 1 }] as const) {
    const later = then(over, wished(wish, changes), []);
    assert.equal(plan(later).status?.phase, "Succeeded");
    assert.ok(!kinds(later).includes("create-container"));
  }
});

test("a pod that is made stopped does not start", () => {
  const view = testView({ pod: wished({ state: "Stopped" }), observed: setUp });
  assert.deepEqual(kinds(view), []);
  assert.equal(plan(view).status?.phase, "Pending");
  assert.equal(state(view)?.waiting?.reason, "Stopped");
});

test("paused: frozen once, not ready, said so; probes have no say; resumed when nobody wishes it any more", () => {
  const pod = wished({ state: "Paused" });
  const asked = then(start(testPod()), pod, [running()]);
  assert.deepEqual(plan(asked).steps, [{ kind: "pause-container", container: "app", id: running().id }]);
  const frozen = then(asked, pod, [running({ paused: true })]);
  const decision = plan({ ...frozen, probes: { [running().id]: { liveness: false } } });
  assert.deepEqual(decision.steps, []);
  assert.equal(decision.status?.reason, "Paused");
  assert.equal(decision.status?.containerStatuses?.[0]?.ready, false);
  assert.ok(decision.status?.containerStatuses?.[0]?.state?.running);
  const told = decision.status?.conditions?.find(({ type }) => type === "paused.orch/app");
  assert.equal(told?.status, "True");
  const resumed = then(frozen, testPod(), [running({ paused: true })]);
  assert.deepEqual(plan(resumed).steps, [{ kind: "resume-container", container: "app", id: running().id }]);
  const free = then(resumed, testPod(), [running()]);
  assert.equal(plan(free).status?.reason, undefined);
  assert.ok(!plan(free).status?.conditions?.some(({ type }) => type.startsWith("paused.orch/")));
});

test("a postStart hook is waited for before the pause", () => {
  const hooked = { containers: [{ lifecycle: { postStart: { exec: { command: ["true"] } } } }] };
  const view = testView({ pod: wished({ state: "Paused" }, hooked), observed: { ...setUp, containers: [running()] } });
  assert.deepEqual(kinds(view), ["run-hook"]);
});

test("a paused container that is to end goes on first: by a stop, a deletion, or SIGKILL at the end of the grace", () => {
  const pod = wished({ state: "Paused" });
  const frozen = then(start(pod), pod, [running({ paused: true })]);
  const stopped = then(frozen, wished({ state: "Stopped" }), [running({ paused: true })]);
  assert.deepEqual(kinds(stopped), ["resume-container", "signal-container"]);
  const removed = then(frozen, deleted(pod), [running({ paused: true })]);
  assert.deepEqual(kinds(removed), ["resume-container", "signal-container"]);
  const late = then(frozen, deleted(pod, 0), [running({ paused: true })]);
  assert.deepEqual(kinds(late), ["resume-container", "kill-container"]);
});
