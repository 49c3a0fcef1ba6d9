import assert from "node:assert/strict";
import { test } from "node:test";
import { plan } from "./plan.ts";
import { deleted, observedContainer, setUp, testNow, testPod, testRecord, testView } from "./pod-builder.ts";
import type { Eviction, PodView } from "./view.ts";

const eviction: Eviction = { message: "The node was low on resource: memory. ", graceMs: 0 };
const running: PodView = testView({
  record: { ...testRecord(), containers: {} },
  observed: { ...setUp, containers: [observedContainer()], rootfses: [observedContainer().id] },
});
const kinds = (view: PodView): readonly string[] => plan(view).steps.map(({ kind }) => kind);

test("an evicted pod fails with the reason, and is killed at once or given its time", () => {
  const { status, record, steps } = plan({ ...running, eviction });
  assert.deepEqual([status?.phase, status?.reason, status?.message], ["Failed", "Evicted", eviction.message]);
  const disrupted = status?.conditions?.find(({ type }) => type === "DisruptionTarget");
  assert.deepEqual([disrupted?.status, disrupted?.reason], ["True", "TerminationByKubelet"]);
  assert.deepEqual(
    steps.map(({ kind }) => kind),
    ["kill-container"],
  );
  assert.equal(record?.expired?.graceMs, 0);
  assert.deepEqual(kinds({ ...running, eviction: { ...eviction, graceMs: 5_000 } }), ["signal-container"]);
  const graceMs = 3_600_000;
  assert.equal(plan({ ...running, eviction: { ...eviction, graceMs } }).record?.expired?.graceMs, 30_000, "its own");
});

test("it stays evicted when nobody says so any more; its volumes go, its logs stay until it is deleted", () => {
  const { record } = plan({ ...running, eviction });
  const observed = { ...running.observed, containers: [observedContainer({ state: "exited", exitCode: 137 })] };
  const view = { ...running, observed, record };
  assert.equal(plan(view).status?.reason, "Evicted");
  assert.deepEqual(kinds(view), ["remove-container", "remove-volumes", "remove-sandbox", "detach-network"]);
});

test("a pod that goes already, or has ended, is not evicted as well", () => {
  const pod = deleted(testPod());
  const going = plan({ ...running, eviction, assignment: { kind: "assigned", pod } });
  assert.equal(going.record?.expired, undefined);
  assert.equal(going.record?.stop?.reason, "Deleted");
  const once = testPod({ spec: { restartPolicy: "Never" } });
  const exited = observedContainer({ state: "exited", exitCode: 0, finishedAtMs: testNow.wallMs });
  const over = plan({
    ...running,
    eviction,
    assignment: { kind: "assigned", pod: once },
    observed: { ...setUp, containers: [exited] },
  });
  assert.deepEqual([over.status?.phase, over.record?.expired], ["Succeeded", undefined]);
});
