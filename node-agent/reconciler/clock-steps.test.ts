/** The machine's wall clock is set, by hours, both ways: waits, graces and deadlines take what they take, and nothing restarts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { attemptId, runningAgent } from "./loop.fixture.ts";
import { deleted, testPod, testUid } from "./pod-builder.ts";

const hourMs = 3_600_000;

for (const [name, stepMs] of [
  ["forward", 7 * hourMs],
  ["back", -7 * hourMs],
] as const) {
  test(`a clock set ${name} touches no container`, async () => {
    const agent = await runningAgent();
    const before = [...agent.host.machine.calls];
    agent.clock.stepWall(stepMs);
    agent.reconciler.wakeAll();
    await agent.pass(60_000);
    await agent.restart();
    assert.deepEqual(agent.host.machine.calls, before);
    assert.equal(agent.status()?.containerStatuses?.[0]?.restartCount, 0);
  });

  test(`a clock set ${name} neither shortens nor lengthens a grace`, async () => {
    const agent = await runningAgent();
    agent.host.machine.behave = () => ({ ignoresSigterm: true });
    agent.host.machine.exit(attemptId(0), 1);
    await agent.settle();
    await agent.assign(deleted(testPod(), 20));
    const kills = (): number => agent.host.machine.calls.filter((call) => call === `kill ${attemptId(1)} 9`).length;
    agent.clock.stepWall(stepMs);
    agent.reconciler.wakeAll();
    await agent.pass(19_900);
    assert.equal(kills(), 0, "before its grace is over");
    await agent.pass(200);
    assert.equal(kills(), 1, "when it is over");
  });

  test(`a clock set ${name} leaves a pod the time that its deadline gives it`, async () => {
    const agent = await runningAgent(testPod({ spec: { activeDeadlineSeconds: 100 } }));
    await agent.pass(50_000);
    agent.clock.stepWall(stepMs);
    agent.reconciler.wakeAll();
    await agent.pass(49_000);
    assert.equal(agent.status()?.phase, "Running");
    await agent.restart();
    assert.equal(agent.status()?.phase, "Running", "another agent knows as much");
    await agent.pass(32_000);
    assert.equal(agent.reports.get(testUid)?.status.reason, "DeadlineExceeded");
  });
}
