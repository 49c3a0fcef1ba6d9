/** Containers added to a pod that runs, to look inside. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "#proto/resources/pod.ts";
import { containerId } from "../runtime/container-id.ts";
import { attemptId, runningAgent } from "./loop.fixture.ts";
import { testImage, testPod, testUid } from "./pod-builder.ts";

const toolId = containerId({ podUid: testUid, name: "tool", attempt: 0 });

function withTool(pod: Pod, target?: string): Pod {
  const tool = { name: "tool", image: testImage, ...(target !== undefined && { targetContainerName: target }) };
  return { ...pod, spec: { ...pod.spec, ephemeralContainers: [tool] } };
}

test("it starts beside the others, is told of, and is never started again", async () => {
  const agent = await runningAgent();
  await agent.assign(withTool(testPod()));
  assert.equal(agent.host.machine.containers.get(toolId)?.observation.state, "running");
  assert.equal(agent.status()?.ephemeralContainerStatuses?.[0]?.name, "tool");
  agent.host.machine.exit(toolId, 3);
  await agent.settle();
  await agent.pass(600_000);
  const [status] = agent.status()?.ephemeralContainerStatuses ?? [];
  assert.equal(status?.state?.terminated?.exitCode, 3);
  assert.equal(status?.restartCount, 0);
  assert.equal(agent.status()?.phase, "Running");
  assert.ok(agent.status()?.containerStatuses?.[0]?.ready);
});

test("it sees the processes of the container that it targets, in its newest run", async () => {
  const agent = await runningAgent();
  agent.host.machine.exit(attemptId(0), 1);
  await agent.settle();
  await agent.assign(withTool(testPod(), "app"));
  const pid = agent.host.machine.containers.get(attemptId(1))?.observation.pid;
  const { spec } = agent.host.machine.containers.get(toolId) ?? assert.fail("it was not made");
  assert.equal(spec.pidNamespace, `/proc/${pid}/ns/pid`);
  assert.equal(spec.init, false);
});

test("while its target does not run it waits, and says so", async () => {
  const agent = await runningAgent(testPod({ spec: { restartPolicy: "Always" } }));
  for (let run = 0; run < 3; run++) {
    agent.host.machine.exit(attemptId(run), 1);
    await agent.settle();
  }
  await agent.assign(withTool(testPod(), "app"));
  const [status] = agent.status()?.ephemeralContainerStatuses ?? [];
  assert.match(status?.state?.waiting?.message ?? "", /container app, whose processes it is to see, does not run/);
});

test("the end of the pod's own containers is the end of the pod", async () => {
  const pod = testPod({ spec: { restartPolicy: "Never" } });
  const agent = await runningAgent(pod);
  await agent.assign(withTool(pod));
  agent.host.machine.exit(attemptId(0), 0);
  await agent.settle();
  assert.equal(agent.status()?.phase, "Succeeded");
  assert.equal(agent.host.machine.containers.size, 0);
});
