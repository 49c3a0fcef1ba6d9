import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { ContainerRecord, PodRecord } from "../journal/record.ts";
import { freshContainer } from "../journal/record.ts";
import { plan } from "./plan.ts";
import {
  deleted,
  observedContainer,
  setUp,
  testContainer,
  testImage,
  testNow,
  testPod,
  testRecord,
  testUid,
  testView,
} from "./pod-builder.ts";
import type { Step } from "./steps.ts";
import { defaultSettings, nothingObserved, type PodView } from "./view.ts";

const kinds = (steps: readonly Step[]): readonly string[] => steps.map(({ kind }) => kind);

function withContainer(changes: Partial<ContainerRecord>, record: PodRecord = testRecord()): PodRecord {
  return { ...record, containers: { app: { ...freshContainer, ...changes } } };
}

const running = { ...setUp, containers: [observedContainer()] };
const exited = (changes = {}) => ({
  ...setUp,
  containers: [observedContainer({ state: "exited", exitCode: 1, finishedAtMs: testNow.wallMs, ...changes })],
});
const startedRecord = withContainer({ attempt: 0, started: true });

suite("what is done next", () => {
  const cases: readonly (readonly [string, PodView, readonly string[]])[] = [
    [
      "a new pod: the pull begins while the sandbox is made",
      testView(),
      ["pull-image", "create-sandbox", "attach-network", "prepare-volumes"],
    ],
    [
      "a new pod with its image here",
      testView({ observed: { ...nothingObserved, images: setUp.images } }),
      ["create-sandbox", "attach-network", "prepare-volumes", "create-container", "start-container"],
    ],
    [
      "a pod on the node's network gets no address",
      hostNetworkView(),
      ["create-sandbox", "prepare-volumes", "create-container", "start-container"],
    ],
    [
      "an image that is being pulled is not pulled twice",
      testView({ observed: { ...setUp, images: {}, pulling: [testImage] } }),
      [],
    ],
    ["imagePullPolicy Always pulls what is here", alwaysView([]), ["pull-image"]],
    [
      "imagePullPolicy Always pulls once per creation",
      alwaysView([testImage]),
      ["create-container", "start-container"],
    ],
    ["imagePullPolicy Never pulls nothing", neverView(), ["create-container", "start-container"]],
    [
      "a created container is started",
      testView({
        record: withContainer({ attempt: 0 }),
        observed: { ...setUp, containers: [observedContainer({ state: "created" })] },
      }),
      ["start-container"],
    ],
    ["a running container is left alone", testView({ record: startedRecord, observed: running }), []],
    ["a running container nobody remembers is adopted", testView({ observed: running }), []],
    [
      "an ended container is replaced at once the first time",
      testView({ record: startedRecord, observed: exited() }),
      ["remove-container", "create-container", "start-container"],
    ],
    [
      "volumes of a predecessor are prepared again",
      testView({ record: withContainer({ attempt: 0, started: true }), observed: { ...exited(), volumes: "left" } }),
      ["remove-container", "prepare-volumes", "create-container", "start-container"],
    ],
    [
      "a lost address comes back",
      testView({ record: startedRecord, observed: { ...running, addresses: undefined } }),
      ["attach-network"],
    ],
    [
      "an older attempt that still runs is killed",
      testView({
        record: withContainer({ attempt: 1, started: true }),
        observed: { ...setUp, containers: [observedContainer(), observedContainer({ attempt: 1 })] },
      }),
      ["kill-container"],
    ],
    [
      "a deleted pod: the signal first",
      testView({ pod: deleted(testPod()), record: startedRecord, observed: running }),
      ["signal-container"],
    ],
    [
      "a deleted pod without grace: killed",
      testView({ pod: deleted(testPod(), 0), record: startedRecord, observed: running }),
      ["kill-container"],
    ],
    [
      "a deleted pod that never started",
      testView({ pod: deleted(testPod()), observed: { ...setUp, logs: false } }),
      ["remove-volumes", "remove-sandbox", "detach-network"],
    ],
    [
      "a stopped pod: everything goes, in reverse",
      testView({ pod: deleted(testPod()), record: startedRecord, observed: exited() }),
      ["remove-container", "remove-volumes", "remove-sandbox", "remove-logs", "detach-network"],
    ],
    [
      "a vanished pod is stopped",
      testView({ assignment: { kind: "unassigned" }, record: startedRecord, observed: running }),
      ["signal-container"],
    ],
    [
      "a leftover nobody knows is removed",
      testView({ assignment: { kind: "unassigned" }, observed: running }),
      ["remove-container", "remove-volumes", "remove-sandbox", "remove-logs", "detach-network"],
    ],
    [
      "a leftover is left alone while the control plane may still name it",
      testView({ assignment: { kind: "unknown" }, observed: running }),
      [],
    ],
    [
      "without control plane the journal counts",
      testView({ assignment: { kind: "unknown" }, record: startedRecord, observed: exited() }),
      ["remove-container", "create-container", "start-container"],
    ],
    [
      "a root filesystem without container goes with its pod",
      testView({ pod: deleted(testPod()), observed: { ...nothingObserved, rootfses: ["x_app_0"] } }),
      ["remove-container"],
    ],
  ];
  for (const [name, view, expected] of cases) {
    test(name, () => assert.deepEqual(kinds(plan(view).steps), expected));
  }
});

function hostNetworkView(): PodView {
  return testView({
    pod: testPod({ spec: { hostNetwork: true } }),
    observed: { ...nothingObserved, images: setUp.images },
  });
}

function alwaysView(pulled: readonly string[]): PodView {
  return testView({ pod: testPod({ containers: [{ imagePullPolicy: "Always" }] }), observed: { ...setUp, pulled } });
}

function neverView(): PodView {
  return testView({
    pod: testPod({ containers: [{ imagePullPolicy: "Never" }] }),
    observed: { ...setUp, images: {} },
  });
}

test("an attempt is in the record before its container is made, and its number is never used twice", () => {
  const first = plan(testView({ observed: setUp })).record;
  assert.equal(first?.containers.app?.attempt, 0);
  const second = plan(testView({ record: startedRecord, observed: exited() })).record;
  assert.equal(second?.containers.app?.attempt, 1);
  assert.equal(second?.containers.app?.restarts, 1);
  assert.equal(second?.containers.app?.previous?.exitCode, 1);
  const unstarted = plan(testView({ record: withContainer({ attempt: 3 }), observed: setUp })).record;
  assert.equal(unstarted?.containers.app?.attempt, 3);
});

test("restarts wait longer each time, up to the cap, counted from the end", () => {
  const waits = [1, 2, 3, 9, 30].map((crashes) => {
    const record = withContainer({ attempt: 0, started: true, crashes });
    return (plan(testView({ record, observed: exited() })).recheckAtMs ?? 0) - testNow.bootMs;
  });
  assert.deepEqual(waits, [1_000, 2_000, 4_000, 256_000, 300_000]);
  const sawLate = exited({ finishedAtMs: testNow.wallMs - 600 });
  const late = plan(testView({ record: withContainer({ attempt: 0, started: true, crashes: 1 }), observed: sawLate }));
  assert.equal((late.recheckAtMs ?? 0) - testNow.bootMs, 400);
});

test("ten healthy minutes make the next restart immediate again", () => {
  const observed = exited({ startedAtMs: testNow.wallMs - 600_000 });
  const decision = plan(testView({ record: withContainer({ attempt: 0, started: true, crashes: 7 }), observed }));
  assert.ok(kinds(decision.steps).includes("create-container"));
  assert.equal(decision.record?.containers.app?.crashes, 1);
});

test("restart policies decide who comes back and how the pod ends", () => {
  const outcome = (restartPolicy: "Always" | "OnFailure" | "Never", exitCode: number): readonly [boolean, string] => {
    const pod = testPod({ spec: { restartPolicy } });
    const decision = plan(testView({ pod, record: startedRecord, observed: exited({ exitCode }) }));
    return [kinds(decision.steps).includes("create-container"), decision.status?.phase ?? ""];
  };
  assert.deepEqual(outcome("Always", 0), [true, "Running"]);
  assert.deepEqual(outcome("OnFailure", 0), [false, "Succeeded"]);
  assert.deepEqual(outcome("OnFailure", 1), [true, "Running"]);
  assert.deepEqual(outcome("Never", 0), [false, "Succeeded"]);
  assert.deepEqual(outcome("Never", 1), [false, "Failed"]);
});

test("the stop signal is the image's, and is sent once", () => {
  const used = { reference: testImage, digest: "sha256:abc", stopSignal: "SIGQUIT" };
  const record = withContainer({ attempt: 0, started: true, image: used });
  const decision = plan(testView({ pod: deleted(testPod()), record, observed: running }));
  assert.deepEqual(decision.steps, [
    { kind: "signal-container", container: "app", id: observedContainer().id, signal: 3 },
  ]);
  const sent = withContainer({ attempt: 0, started: true, signaled: true }, decision.record);
  const again = plan(testView({ pod: deleted(testPod()), record: sent, observed: running }));
  assert.deepEqual(again.steps, []);
  assert.equal(again.recheckAtMs, testNow.bootMs + 30_000);
});

test("a shorter grace given later counts from the first stop", () => {
  const stopping = plan(testView({ pod: deleted(testPod()), record: startedRecord, observed: running })).record;
  const now = { wallMs: testNow.wallMs + 10_000, bootMs: testNow.bootMs + 10_000 };
  const decision = plan(testView({ pod: deleted(testPod(), 5), record: stopping, observed: running, now }));
  assert.deepEqual(kinds(decision.steps), ["kill-container"]);
});

test("a failed liveness probe stops its container with grace, and only it", () => {
  const pod = testPod({ containers: [{ livenessProbe: { exec: { command: ["false"] } } }] });
  const probes = { [observedContainer().id]: { liveness: false } };
  const decision = plan(testView({ pod, record: startedRecord, observed: running, probes }));
  assert.deepEqual(kinds(decision.steps), ["signal-container"]);
  assert.equal(decision.record?.containers.app?.stop?.reason, "Restarting");
  assert.equal(decision.record?.stop, undefined);
});

test("readiness gates Ready; a container without probe is ready when it runs", () => {
  const ready = (view: PodView): string | undefined => {
    return plan(view).status?.conditions?.find(({ type }) => type === "Ready")?.status;
  };
  const pod = testPod({ containers: [{ readinessProbe: { exec: { command: ["true"] } } }] });
  assert.equal(ready(testView({ record: startedRecord, observed: running })), "True");
  assert.equal(ready(testView({ pod, record: startedRecord, observed: running })), "False");
  const probes = { [observedContainer().id]: { readiness: true } };
  assert.equal(ready(testView({ pod, record: startedRecord, observed: running, probes })), "True");
  const adopted = withContainer({ attempt: 0, started: true, ready: true });
  assert.equal(ready(testView({ pod, record: adopted, observed: running })), "True");
});

test("conditions keep the instant of their last change", () => {
  const first = plan(testView({ record: startedRecord, observed: running }));
  const now = { wallMs: testNow.wallMs + 60_000, bootMs: testNow.bootMs + 60_000 };
  const second = plan(testView({ record: first.record, observed: running, now }));
  assert.deepEqual(second.status?.conditions, first.status?.conditions);
});

test("init containers run one after the other before the main ones, and hold the pod back when they fail", () => {
  const initContainers = [testContainer({ name: "first" }), testContainer({ name: "second" })];
  const pod = testPod({ spec: { initContainers, restartPolicy: "Never" } });
  const begun = plan(testView({ pod, observed: setUp }));
  assert.deepEqual(begun.steps[0], { kind: "create-container", container: "first", attempt: 0 });
  assert.equal(begun.steps.length, 2);
  const ended = (exitCode: number): PodView => {
    const observed = { ...setUp, containers: [observedContainer({ name: "first", state: "exited", exitCode })] };
    return testView({ pod, record: begun.record, observed });
  };
  assert.ok(plan(ended(0)).steps.some((step) => step.kind === "create-container" && step.container === "second"));
  assert.equal(plan(ended(1)).status?.phase, "Failed");
});

test("words of waiting containers are Kubernetes'", () => {
  const waiting = (record: PodRecord, observed = setUp): unknown => {
    return plan(testView({ record, observed })).status?.containerStatuses?.[0]?.state?.waiting?.reason;
  };
  const failure = { failures: 1, notBeforeMs: testNow.bootMs + 1_000, message: "m" };
  assert.equal(waiting(testRecord()), "ContainerCreating");
  const config = { ...failure, reason: "CreateContainerConfigError" };
  assert.equal(waiting(withContainer({ attempt: 0, creation: config })), "CreateContainerConfigError");
  const pulls = { [testImage]: { ...failure, reason: "ErrImagePull" } };
  assert.equal(waiting({ ...testRecord(), pulls }, { ...setUp, images: {} }), "ImagePullBackOff");
  const retried = { [testImage]: { ...failure, notBeforeMs: 0, reason: "ErrImagePull" } };
  assert.equal(waiting({ ...testRecord(), pulls: retried }, { ...setUp, images: {} }), "ErrImagePull");
});

test("a killed, an out-of-memory and a lost container are told apart", () => {
  const reason = (observed: PodView["observed"]): unknown => {
    const status = plan(
      testView({ record: withContainer({ attempt: 0, started: true, crashes: 5 }), observed }),
    ).status;
    return status?.containerStatuses?.[0]?.lastState?.terminated?.reason;
  };
  assert.equal(reason(exited({ exitCode: 137 })), "Error");
  assert.equal(reason(exited({ exitCode: 137, oomKilled: true })), "OOMKilled");
  assert.equal(reason(exited({ exitCode: 0 })), "Completed");
  assert.equal(reason(setUp), "ContainerStatusUnknown");
});

test("a pod that stopped is finished only when nothing of it is left", () => {
  const record = { ...withContainer({ attempt: 0, started: true }) };
  const stopped = plan(testView({ pod: deleted(testPod()), record, observed: exited() })).record;
  const leftOver = plan(
    testView({ pod: deleted(testPod()), record: stopped, observed: { ...nothingObserved, logs: true } }),
  );
  assert.equal(leftOver.finished, false);
  const gone = plan(testView({ pod: deleted(testPod()), record: stopped }));
  assert.equal(gone.finished, true);
  assert.equal(gone.status?.phase, "Failed");
  const forgotten = plan(testView({ assignment: { kind: "unassigned" }, record: gone.record }));
  assert.equal(forgotten.record, undefined);
});

test("a vanished pod that comes back goes on", () => {
  const stopping = plan(testView({ assignment: { kind: "unassigned" }, record: startedRecord, observed: running }));
  const back = plan(testView({ record: stopping.record, observed: running }));
  assert.equal(back.record?.stop, undefined);
  assert.deepEqual(back.steps, []);
});

test("the status names addresses, image and container", () => {
  const used = { reference: "registry.test:5000/app:1", digest: "sha256:abc" };
  const { status } = plan(
    testView({ record: withContainer({ attempt: 0, started: true, image: used }), observed: running }),
  );
  assert.equal(status?.podIP, "10.128.1.2");
  assert.equal(status?.hostIP, "192.0.2.1");
  const [container] = status?.containerStatuses ?? [];
  assert.equal(container?.imageID, "registry.test:5000/app@sha256:abc");
  assert.equal(container?.containerID, `orch://${testUid.replaceAll("-", "")}_app_0`);
});

test("SIGKILL is repeated until the process is gone", () => {
  const killed = withContainer({ attempt: 0, started: true, killedAtMs: testNow.bootMs });
  const record = plan(testView({ pod: deleted(testPod(), 0), record: killed, observed: running }));
  assert.deepEqual(record.steps, []);
  assert.equal(record.recheckAtMs, testNow.bootMs + defaultSettings.killRepeatMs);
  const now = { ...testNow, bootMs: testNow.bootMs + defaultSettings.killRepeatMs };
  const again = plan(testView({ pod: deleted(testPod(), 0), record: record.record, observed: running, now }));
  assert.deepEqual(kinds(again.steps), ["kill-container"]);
});

test("activeDeadlineSeconds fail a pod that runs too long, and nothing of it restarts", () => {
  const pod = testPod({ spec: { activeDeadlineSeconds: 10 } });
  const before = plan(testView({ pod, record: startedRecord, observed: running }));
  assert.equal(before.recheckAtMs, testNow.bootMs + 10_000);
  const now = { wallMs: testNow.wallMs + 10_000, bootMs: testNow.bootMs + 10_000 };
  const expired = plan(testView({ pod, record: before.record, observed: running, now }));
  assert.deepEqual(kinds(expired.steps), ["signal-container"]);
  assert.deepEqual([expired.status?.phase, expired.status?.reason], ["Failed", "DeadlineExceeded"]);
  const ended = plan(testView({ pod, record: expired.record, observed: exited(), now }));
  assert.deepEqual(kinds(ended.steps), ["remove-container", "remove-volumes", "remove-sandbox", "detach-network"]);
});

test("an agent that has just started adopts, but makes nothing until it knows its assignments or has waited", () => {
  const { standing, gone } = defaultSettings.holdMs;
  const agentStartedAtMs = testNow.bootMs;
  const held = testView({
    assignment: { kind: "unknown" },
    record: startedRecord,
    observed: exited(),
    agentStartedAtMs,
  });
  assert.deepEqual(kinds(plan(held).steps), ["remove-container"]);
  assert.equal(plan(held).recheckAtMs, testNow.bootMs + standing);
  const late = { ...held, now: { ...testNow, bootMs: testNow.bootMs + standing } };
  const rebooted = { ...held, observed: nothingObserved };
  assert.equal(plan(rebooted).recheckAtMs, testNow.bootMs + gone);
  assert.ok(kinds(plan(late).steps).includes("create-container"));
  assert.ok(
    kinds(plan({ ...held, assignment: { kind: "assigned", pod: testPod() } }).steps).includes("create-container"),
  );
});

test("a container whose image was changed is restarted with the new one", () => {
  const used = { reference: "registry.test/app:0", digest: "sha256:abc" };
  const record = withContainer({ attempt: 0, started: true, image: used });
  const decision = plan(testView({ record, observed: running }));
  assert.deepEqual(kinds(decision.steps), ["signal-container"]);
  assert.match(decision.record?.containers.app?.stop?.message ?? "", /definition changed/);
});

test("the last words of all containers together are 12 KiB, in equal parts, cut between characters", () => {
  const names = ["app", "b", "c", "d", "e", "f", "g"];
  const pod = testPod({ containers: names.map((name) => ({ name })), spec: { restartPolicy: "Never" } });
  const containers = names.map((name) =>
    observedContainer({ name, state: "exited", exitCode: 1, message: "é".repeat(2_048) }),
  );
  const { status } = plan(testView({ pod, observed: { ...running, containers } }));
  const messages = status?.containerStatuses?.map(({ state }) => state?.terminated?.message ?? "");
  assert.deepEqual(
    messages?.map((message) => Buffer.byteLength(message)),
    names.map(() => 1_754),
  );
});
