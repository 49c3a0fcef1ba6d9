import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import type { PodStatus } from "#proto/resources/pod.ts";
import { testPod } from "../reconciler/pod-builder.ts";
import type { PodEvent } from "../reconciler/ports.ts";
import { BackOffEvents } from "./back-off-events.ts";
import { PodEvents } from "./pod-events.ts";

const event: PodEvent = { type: "Normal", reason: "Started", message: "Started container app", container: "app" };

function read(
  batches: readonly { readonly events?: readonly Uint8Array[] | null }[],
): readonly Record<string, unknown>[] {
  return batches.flatMap(({ events }) => events ?? []).map((bytes) => JSON.parse(String(Buffer.from(bytes))));
}

test("events are gathered and name what they are about", () => {
  const clock = new ManualClock();
  const events = new PodEvents(clock, "n1");
  const sent: { events?: Uint8Array[] | null }[] = [];
  events.connected((batch) => void sent.push(batch));
  events.emit(testPod(), event);
  events.emit(testPod(), { ...event, reason: "Created" });
  clock.advance(100);
  assert.equal(sent.length, 1);
  const [first] = read(sent);
  assert.equal(first?.reason, "Started");
  assert.deepEqual(first?.source, { component: "node-agent", host: "n1" });
  assert.match(JSON.stringify(first?.involvedObject), /"kind":"Pod".*spec.containers\{app\}/);
});

test("the node's own events name the node", () => {
  const clock = new ManualClock();
  const events = new PodEvents(clock, "n1");
  const sent: { events?: Uint8Array[] | null }[] = [];
  events.connected((batch) => void sent.push(batch));
  events.emitOfNode({ type: "Warning", reason: "FreeDiskSpaceFailed", message: "full" });
  clock.advance(100);
  const [told] = read(sent);
  assert.deepEqual(told?.involvedObject, { apiVersion: "v1", kind: "Node", name: "n1" });
  assert.deepEqual([told?.reason, told?.message], ["FreeDiskSpaceFailed", "full"]);
});

test("a pod that will not be quiet is limited; others are heard", () => {
  const clock = new ManualClock();
  const events = new PodEvents(clock, "n1");
  const sent: { events?: Uint8Array[] | null }[] = [];
  events.connected((batch) => void sent.push(batch));
  const noisy = testPod({ uid: "noisy" });
  for (let count = 0; count < 1_000; count++) events.emit(noisy, event);
  events.emit(testPod({ uid: "quiet" }), event);
  clock.advance(1_000);
  assert.equal(read(sent).length, 26);
  clock.advance(60_000);
  for (let count = 0; count < 1_000; count++) events.emit(noisy, event);
  clock.advance(1_000);
  assert.equal(read(sent).length, 32);
});

test("without a session only the newest events are kept", () => {
  const clock = new ManualClock();
  const events = new PodEvents(clock, "n1");
  for (let pod = 0; pod < 600; pod++) events.emit(testPod({ uid: `p${pod}` }), event);
  const sent: { events?: Uint8Array[] | null }[] = [];
  events.connected((batch) => void sent.push(batch));
  clock.advance(1_000);
  assert.equal(read(sent).length, 512);
});

test("the beginning of each back-off is an event, told once", () => {
  const told: PodEvent[] = [];
  const sink = { publish: () => undefined, forget: () => undefined };
  const watcher = new BackOffEvents(sink, { emit: (_, said) => void told.push(said) });
  const publish = (reason: string, message: string): void => {
    const status: PodStatus = {
      containerStatuses: [
        {
          name: "app",
          image: "i",
          imageID: "",
          ready: false,
          restartCount: 1,
          state: { waiting: { reason, message } },
        },
      ],
    };
    watcher.publish({ uid: "u", namespace: "default", name: "web", status, finished: false });
  };
  publish("CrashLoopBackOff", "back-off 1s");
  publish("CrashLoopBackOff", "back-off 1s");
  publish("ContainerCreating", "");
  publish("CrashLoopBackOff", "back-off 2s");
  publish("ImagePullBackOff", 'Back-off pulling image "x"');
  assert.deepEqual(
    told.map(({ message }) => message),
    [
      "Back-off restarting failed container app in pod web_default(u)",
      "Back-off restarting failed container app in pod web_default(u)",
      'Back-off pulling image "x"',
    ],
  );
});
