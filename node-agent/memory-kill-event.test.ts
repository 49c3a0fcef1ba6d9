import assert from "node:assert/strict";
import { test } from "node:test";
import type { Container } from "#proto/resources/pod.ts";
import { tellMemoryKill } from "./memory-kill-event.ts";
import { testPod, testRecord, testUid } from "./reconciler/pod-builder.ts";
import type { PodEvent } from "./reconciler/ports.ts";
import { containerId } from "./runtime/container-id.ts";

const id = containerId({ podUid: testUid, name: "app", attempt: 0 });

function told(processes: number, container: Partial<Container>, ofPod?: string): readonly PodEvent[] {
  const spec = ofPod === undefined ? {} : { resources: { limits: { memory: ofPod } } };
  const record = testRecord(testPod({ containers: [container], spec }));
  const events: PodEvent[] = [];
  const sink = { emit: (_: unknown, event: PodEvent) => void events.push(event) };
  tellMemoryKill({ id, processes }, { record: (uid) => (uid === testUid ? record : undefined) }, sink);
  return events;
}

test("a process killed for memory is an event with the limit that was reached", () => {
  const [event] = told(1, { resources: { limits: { memory: "64Mi" } } });
  assert.deepEqual([event?.type, event?.reason, event?.container], ["Warning", "OOMKilling", "app"]);
  assert.equal(
    event?.message,
    "A process of container app was killed for memory (its limit is 64Mi); the container goes on",
  );
  assert.match(
    told(3, {}, "1Gi")[0]?.message ?? "",
    /^3 processes .* were killed for memory \(the pod's limit is 1Gi\)/,
  );
  assert.match(told(1, {})[0]?.message ?? "", /it has no limit: the node's ran out/);
});

test("of a pod nobody knows any more nothing is said", () => {
  const sink = { emit: () => assert.fail("told") };
  tellMemoryKill({ id, processes: 1 }, { record: () => undefined }, sink);
});
