/** Hooks around start and stop, sidecars, and restart policies of single containers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Container, Pod } from "#proto/resources/pod.ts";
import { type ContainerRecord, freshContainer, type PodRecord } from "../journal/record.ts";
import { containerId } from "../runtime/container-id.ts";
import { recordOutcome } from "./outcome.ts";
import { type PodPlan, plan } from "./plan.ts";
import {
  deleted,
  observedContainer,
  setUp,
  testContainer,
  testNow,
  testPod,
  testRecord,
  testUid,
  testView,
} from "./pod-builder.ts";
import { hookKey, type Step } from "./steps.ts";
import { defaultSettings, type ObservedContainer, type PodView } from "./view.ts";

const hook = { exec: { command: ["true"] } };
const running = { attempt: 0, started: true };
const idOf = (name: string): string => containerId({ podUid: testUid, name, attempt: 0 });
const does = ({ steps }: PodPlan): readonly string[] =>
  steps.map(
    (step) => `${step.kind}${"hook" in step ? ` ${step.hook}` : ""}${"container" in step ? ` ${step.container}` : ""}`,
  );

function recordOf(pod: Pod, containers: Readonly<Record<string, Partial<ContainerRecord>>>): PodRecord {
  const known = Object.entries(containers).map(([name, changes]) => [name, { ...freshContainer, ...changes }]);
  return { ...testRecord(pod), containers: Object.fromEntries(known) };
}

interface Case {
  readonly pod: Pod;
  readonly record: PodRecord;
  readonly containers: readonly ObservedContainer[];
  readonly hooks?: readonly string[];
  readonly laterMs?: number;
}

const viewOf = ({ pod, record, containers, hooks = [], laterMs = 0 }: Case): PodView =>
  testView({
    pod,
    record,
    observed: { ...setUp, containers, hooks },
    now: { wallMs: testNow.wallMs + laterMs, bootMs: testNow.bootMs + laterMs },
  });

const after = (record: PodRecord, step: Step, failed?: string): PodRecord =>
  recordOutcome(
    record,
    step,
    failed === undefined
      ? { kind: "done" }
      : { kind: "failed", words: { reason: "FailedPostStartHook", message: failed } },
    defaultSettings,
    testNow.bootMs,
  );

test("a container counts as started when its postStart hook is done; the hook runs once at a time", () => {
  const pod = testPod({ containers: [{ lifecycle: { postStart: hook } }] });
  const record = recordOf(pod, { app: running });
  const containers = [observedContainer()];
  const begun = plan(viewOf({ pod, record, containers }));
  assert.deepEqual(does(begun), ["run-hook postStart app"]);
  const waiting = plan(viewOf({ pod, record, containers, hooks: [hookKey("postStart", idOf("app"))] }));
  assert.deepEqual(does(waiting), []);
  assert.deepEqual(
    [waiting.status?.containerStatuses?.[0]?.started, waiting.status?.containerStatuses?.[0]?.ready],
    [false, false],
  );
  const step: Step = { kind: "run-hook", hook: "postStart", container: "app", id: idOf("app") };
  const done = plan(viewOf({ pod, record: after(record, step), containers }));
  assert.deepEqual(does(done), []);
  assert.deepEqual(
    [done.status?.containerStatuses?.[0]?.started, done.status?.containerStatuses?.[0]?.ready],
    [true, true],
  );
});

test("a postStart hook that fails stops its container, which then starts again with a hook of its own", () => {
  const pod = testPod({ containers: [{ lifecycle: { postStart: hook } }] });
  const step: Step = { kind: "run-hook", hook: "postStart", container: "app", id: idOf("app") };
  const failed = after(recordOf(pod, { app: running }), step, "it said no");
  const stopping = plan(viewOf({ pod, record: failed, containers: [observedContainer()] }));
  assert.deepEqual(does(stopping), ["signal-container app"]);
  assert.ok(stopping.record);
  const exited = [observedContainer({ state: "exited", exitCode: 143, finishedAtMs: testNow.wallMs })];
  const again = plan(viewOf({ pod, record: stopping.record, containers: exited }));
  assert.ok(does(again).includes("create-container app"));
  assert.equal(again.record?.containers.app?.hookFailed, undefined);
});

test("a hook of an attempt that is history changes nothing", () => {
  const pod = testPod({ containers: [{ lifecycle: { postStart: hook } }] });
  const record = recordOf(pod, { app: { ...running, attempt: 1 } });
  const step: Step = { kind: "run-hook", hook: "postStart", container: "app", id: idOf("app") };
  assert.equal(after(record, step).containers.app?.postStarted, undefined);
});

test("the preStop hook goes before the stop signal, and the end of the grace waits for neither", () => {
  const pod = deleted(testPod({ containers: [{ lifecycle: { preStop: hook } }] }), 30);
  const begun = plan(viewOf({ pod, record: recordOf(pod, { app: running }), containers: [observedContainer()] }));
  assert.deepEqual(does(begun), ["run-hook preStop app"]);
  assert.equal(begun.recheckAtMs, testNow.bootMs + 30_000);
  assert.ok(begun.record);
  const hooks = [hookKey("preStop", idOf("app"))];
  const base = { pod, record: begun.record, containers: [observedContainer()] };
  assert.deepEqual(does(plan(viewOf({ ...base, hooks }))), []);
  assert.deepEqual(does(plan(viewOf({ ...base, hooks, laterMs: 30_000 }))), ["kill-container app"]);
  const step: Step = { kind: "run-hook", hook: "preStop", container: "app", id: idOf("app") };
  for (const record of [after(begun.record, step), after(begun.record, step, "it failed")])
    assert.deepEqual(does(plan(viewOf({ ...base, record }))), ["signal-container app"]);
});

const sidecars = ["log", "proxy"].map((name) => testContainer({ name, restartPolicy: "Always" }));

test("sidecars start in order, each when the one before has started, and the rest after them", () => {
  const [log, proxy] = sidecars as [Container, Container];
  const pod = testPod({ spec: { initContainers: [{ ...log, startupProbe: hook }, proxy] } });
  const first = plan(viewOf({ pod, record: testRecord(pod), containers: [] }));
  assert.deepEqual(does(first), ["create-container log", "start-container log"]);
  const containers = [observedContainer({ name: "log" })];
  assert.deepEqual(does(plan(viewOf({ pod, record: recordOf(pod, { log: running }), containers }))), []);
  const passed = recordOf(pod, { log: { ...running, startupPassed: true } });
  assert.deepEqual(does(plan(viewOf({ pod, record: passed, containers }))), [
    "create-container proxy",
    "start-container proxy",
  ]);
});

test("sidecars stop after the others, the last of them first, all at once when the grace is over", () => {
  const pod = deleted(testPod({ spec: { initContainers: sidecars } }), 30);
  const record = recordOf(pod, { log: running, proxy: running, app: running });
  const all = ["log", "proxy", "app"].map((name) => observedContainer({ name }));
  const stop = (containers: readonly ObservedContainer[], laterMs = 0) =>
    does(plan(viewOf({ pod, record, containers, laterMs })));
  assert.deepEqual(stop(all), ["signal-container app"]);
  const over = (name: string) =>
    observedContainer({ name, state: "exited", exitCode: 0, finishedAtMs: testNow.wallMs });
  const [log, proxy] = all;
  assert.ok(log && proxy);
  assert.deepEqual(stop([log, proxy, over("app")]), ["signal-container proxy"]);
  assert.deepEqual(stop([log, over("proxy"), over("app")]), ["signal-container log"]);
  const late = plan(viewOf({ pod, record, containers: all }));
  assert.ok(late.record);
  const end = plan(viewOf({ pod, record: late.record, containers: all, laterMs: 30_000 }));
  assert.deepEqual(does(end), ["kill-container log", "kill-container proxy", "kill-container app"]);
});

test("a container's own restart policy, and a rule for its exit code, come before the pod's policy", () => {
  const restarts = (container: Partial<Container>, exitCode: number): boolean => {
    const pod = testPod({ containers: [container, { name: "other" }] });
    const record = recordOf(pod, { app: running, other: running });
    const containers = [
      observedContainer({ state: "exited", exitCode, finishedAtMs: testNow.wallMs }),
      observedContainer({ name: "other" }),
    ];
    return does(plan(viewOf({ pod, record, containers }))).includes("create-container app");
  };
  assert.equal(restarts({}, 1), true);
  assert.equal(restarts({ restartPolicy: "Never" }, 1), false);
  assert.equal(restarts({ restartPolicy: "OnFailure" }, 0), false);
  const restartPolicyRules = [{ action: "Restart" as const, exitCodes: { operator: "In" as const, values: [42] } }];
  assert.equal(restarts({ restartPolicy: "Never", restartPolicyRules }, 42), true);
  assert.equal(restarts({ restartPolicy: "Never", restartPolicyRules }, 41), false);
});
