import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { absentOffice } from "../images/peers/image-office.ts";
import { attemptId, runningAgent, TestAgent } from "./loop.fixture.ts";
import { testImage, testPod } from "./pod-builder.ts";

test("an image nobody has pinned is pinned before it runs, and stays so after a restart", async () => {
  const agent = new TestAgent();
  agent.host.addImage(testImage);
  const digest = `sha256:${"e".repeat(64)}`;
  let asked = 0;
  const ask = (): string => {
    asked++;
    return digest;
  };
  agent.office = { ...absentOffice, state: "open", pin: async () => ask() };
  agent.reconciler = agent.recreate();
  await agent.start();
  await agent.assign(testPod({ metadata: { annotations: {} } }));
  assert.equal(agent.status()?.phase, "Running");
  assert.equal(agent.status()?.containerStatuses?.[0]?.imageID, `registry.test/app@${digest}`);
  assert.deepEqual(agent.host.pulls, [testImage]);
  agent.host.machine.exit(attemptId(0), 1);
  await agent.restart();
  await agent.pass(2_000);
  assert.equal(agent.status()?.containerStatuses?.[0]?.restartCount, 1);
  assert.equal(asked, 1);
});

test("imagePullPolicy Never of an image that is nowhere says so in Kubernetes' words", async () => {
  const agent = await runningAgent(
    testPod({ containers: [{ imagePullPolicy: "Never" }], metadata: { annotations: {} } }),
  );
  assert.match(JSON.stringify(agent.state()), /ErrImageNeverPull.*not present with pull policy of Never/);
});

async function alwaysPulling(problem: Problem): Promise<TestAgent> {
  const agent = new TestAgent();
  agent.host.images.set(testImage, agent.host.addImage(testImage));
  agent.host.registry.set(testImage, problem);
  await agent.start();
  await agent.assign(testPod({ containers: [{ imagePullPolicy: "Always" }] }));
  return agent;
}

test("imagePullPolicy Always runs pinned content that is here when the registry cannot be asked", async () => {
  const agent = await alwaysPulling(new Problem("unavailable", "the registry is down"));
  assert.equal(agent.status()?.phase, "Running");
  assert.deepEqual(agent.host.pulls, [testImage]);
});

test("imagePullPolicy Always runs nothing that the registry refuses", async () => {
  const agent = await alwaysPulling(new Problem("forbidden", "these credentials may not pull it"));
  assert.match(JSON.stringify(agent.state()), /ImagePullBackOff.*these credentials may not/);
});

test("a registry that wants to be left alone is not asked before that, longer than the back-off", async () => {
  const agent = new TestAgent();
  const limited = new Problem("too-many-requests", "the registry limits pulls", { retryAfterMs: 60_000, hint: "wait" });
  agent.host.registry.set(testImage, limited);
  await agent.start();
  await agent.assign(testPod());
  assert.match(JSON.stringify(agent.state()), /ImagePullBackOff.*the registry limits pulls; wait/);
  const asked = agent.host.pulls.length;
  await agent.pass(59_000);
  assert.equal(agent.host.pulls.length, asked);
  agent.host.registry.delete(testImage);
  agent.host.addImage(testImage);
  await agent.pass(2_000);
  assert.equal(agent.status()?.phase, "Running");
});
