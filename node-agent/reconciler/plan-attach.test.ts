/** A start that waits for somebody to attach. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { startAnnotation, whenAttached } from "#proto/resources/start-when-attached.ts";
import { Listeners } from "./listeners.ts";
import { attemptId, runningAgent, TestAgent } from "./loop.fixture.ts";
import { testImage, testPod, testUid } from "./pod-builder.ts";
import { defaultSettings } from "./view.ts";

const base = testPod();
const waiting = testPod({
  metadata: { annotations: { ...base.metadata.annotations, [startAnnotation]: whenAttached } },
});

const calls = (agent: TestAgent): readonly string[] => agent.host.machine.calls.map((call) => call.split(" ")[0] ?? "");

test("the container is made, and started when somebody has attached", async () => {
  const agent = await runningAgent(waiting);
  assert.deepEqual(
    calls(agent).filter((call) => call === "create" || call === "start"),
    ["create"],
  );
  const listener = agent.listeners.join(testUid, "app", () => undefined);
  await agent.pass(defaultSettings.attachMs * 2);
  assert.ok(!calls(agent).includes("start"), "who waits is waited for");
  listener.attached();
  await agent.settle();
  assert.ok(calls(agent).includes("start"));
});

test("who waits is told of the creation", async () => {
  const agent = new TestAgent();
  agent.host.addImage(testImage);
  await agent.start();
  let told = 0;
  agent.listeners.join(testUid, "app", () => {
    told += 1;
  });
  await agent.assign(waiting);
  assert.equal(told, 1);
});

test("when nobody comes it starts all the same, and so it does when the one who waited has left", async () => {
  const alone = await runningAgent(waiting);
  await alone.pass(defaultSettings.attachMs - 1);
  assert.ok(!calls(alone).includes("start"));
  await alone.pass(1);
  assert.ok(calls(alone).includes("start"));

  const left = await runningAgent(waiting);
  const listener = left.listeners.join(testUid, "app", () => undefined);
  await left.pass(defaultSettings.attachMs * 2);
  listener.leave();
  await left.settle();
  assert.ok(calls(left).includes("start"));
});

test("a restart waits for nobody", async () => {
  const agent = await runningAgent(waiting);
  agent.listeners.join(testUid, "app", () => undefined).attached();
  await agent.settle();
  agent.host.machine.exit(attemptId(0), 1);
  await agent.settle();
  assert.equal(agent.host.machine.containers.get(attemptId(1))?.observation.state, "running");
});

test("of several listeners one that is attached counts", () => {
  const listeners = new Listeners();
  const first = listeners.join("u", "app", () => undefined);
  listeners.join("u", "app", () => undefined);
  first.attached();
  assert.deepEqual(listeners.of("u"), { app: "attached" });
  first.leave();
  assert.deepEqual(listeners.of("u"), { app: "waiting" });
  assert.deepEqual(listeners.of("v"), {});
});
