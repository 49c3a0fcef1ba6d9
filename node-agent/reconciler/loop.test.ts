import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { containerId } from "../runtime/container-id.ts";
import { attemptId, runningAgent, TestAgent } from "./loop.fixture.ts";
import { deleted, testImage, testPod, testUid } from "./pod-builder.ts";
import { withRestartCap } from "./view.ts";

test("an assigned pod is pulled, set up, started and reported", async () => {
  const agent = await runningAgent();
  const status = agent.status();
  assert.equal(status?.phase, "Running");
  assert.equal(status?.podIP, "10.128.1.2");
  assert.equal(status?.hostIP, "192.0.2.1");
  assert.equal(status?.conditions?.find(({ type }) => type === "Ready")?.status, "True");
  assert.deepEqual(
    agent.events.map(({ reason }) => reason),
    ["Pulling", "Pulled", "Created", "Started"],
  );
});

test("a deleted pod is stopped, everything of it removed, and reported finished", async () => {
  const agent = await runningAgent();
  await agent.assign(deleted(testPod()));
  assert.equal(agent.reports.get(testUid)?.finished, true);
  assert.ok(agent.host.isEmpty);
  await agent.unassign(testUid);
  assert.equal(agent.reports.size, 0);
  assert.equal(agent.journal.records.size, 0);
});

test("a deleted pod's end is told once: how its containers ended comes with the word that all is gone", async () => {
  const agent = await runningAgent();
  const told: boolean[] = [];
  const set = agent.reports.set.bind(agent.reports);
  agent.reports.set = (uid, report) => {
    if (report.status.containerStatuses?.[0]?.state?.terminated) told.push(report.finished);
    return set(uid, report);
  };
  await agent.assign(deleted(testPod()));
  assert.deepEqual([...new Set(told)], [true]);
});

test("a container that ignores its signal is killed when its grace is over", async () => {
  const agent = new TestAgent();
  agent.host.addImage(testImage);
  agent.host.machine.behave = () => ({ ignoresSigterm: true });
  await agent.start();
  await agent.assign(testPod());
  await agent.assign(deleted(testPod(), 5));
  await agent.pass(4_999);
  assert.equal(agent.host.machine.containers.size, 1);
  await agent.pass(1);
  assert.ok(agent.reports.get(testUid)?.finished);
  const kills = agent.host.machine.calls.filter((call) => call.startsWith("kill"));
  assert.deepEqual(kills, [`kill ${attemptId(0)} 15`, `kill ${attemptId(0)} 9`]);
});

test("the grace goes on where it was when the agent is killed meanwhile", async () => {
  const agent = new TestAgent();
  agent.host.addImage(testImage);
  agent.host.machine.behave = () => ({ ignoresSigterm: true });
  await agent.start();
  await agent.assign(testPod());
  await agent.assign(deleted(testPod(), 10));
  await agent.pass(6_000);
  await agent.restart();
  await agent.pass(3_999);
  assert.equal(agent.host.machine.containers.size, 1);
  await agent.pass(1);
  assert.equal(agent.host.machine.containers.size, 0);
});

test("a killed container comes back at once, then with growing waits, and says CrashLoopBackOff", async () => {
  const agent = await runningAgent();
  agent.host.machine.exit(attemptId(0), 137);
  await agent.settle();
  assert.equal(agent.host.machine.containers.get(attemptId(1))?.observation.state, "running");
  agent.host.machine.exit(attemptId(1), 1);
  await agent.settle();
  assert.deepEqual(agent.state(), {
    waiting: {
      reason: "CrashLoopBackOff",
      message: `back-off 1s restarting failed container=app pod=web_default(${testUid})`,
    },
  });
  await agent.pass(999);
  assert.equal(agent.host.machine.containers.size, 0);
  await agent.pass(1);
  assert.equal(agent.host.machine.containers.get(attemptId(2))?.observation.state, "running");
  assert.equal(agent.status()?.containerStatuses?.[0]?.restartCount, 2);
  assert.equal(agent.status()?.containerStatuses?.[0]?.lastState?.terminated?.exitCode, 1);
});

test("waits between restarts grow to the cap that is set and no further; one that ran for twice as long begins anew", async () => {
  const agent = await runningAgent(testPod(), withRestartCap(3_000));
  const restartsAfter = async (ms: number): Promise<void> => {
    const attempt = agent.status()?.containerStatuses?.[0]?.restartCount ?? 0;
    agent.host.machine.exit(attemptId(attempt), 1);
    await agent.settle();
    if (ms > 0) await agent.pass(ms - 1);
    assert.equal(agent.host.machine.containers.size, ms > 0 ? 0 : 1, `attempt ${attempt} waits ${ms} ms`);
    if (ms > 0) await agent.pass(1);
    assert.equal(agent.host.machine.containers.get(attemptId(attempt + 1))?.observation.state, "running");
  };
  for (const ms of [0, 1_000, 2_000, 3_000, 3_000]) await restartsAfter(ms);
  await agent.pass(6_000);
  for (const ms of [0, 1_000]) await restartsAfter(ms);
});

test("when the process that a pod's shared processes hang on ends, its containers start again in a new namespace", async () => {
  const agent = await runningAgent(testPod({ spec: { shareProcessNamespace: true } }));
  const { machine } = agent.host;
  const [first] = machine.containers.values();
  assert.equal(first?.spec.pidNamespace, `${first?.spec.sandbox.directory}/pid`);
  assert.equal(first?.spec.init, false, "who reaps is the pod's first process");
  machine.endHolder(testUid);
  await agent.settle();
  assert.equal(machine.containers.get(attemptId(1))?.observation.state, "running");
  assert.ok(machine.holders.has(testUid));
  assert.equal(agent.status()?.containerStatuses?.[0]?.lastState?.terminated?.exitCode, 137);
});

test("a restarted agent adopts what runs, same pid, and starts nothing twice", async () => {
  const agent = await runningAgent();
  const before = agent.host.machine.containers.get(attemptId(0))?.observation.pid;
  const calls = agent.host.machine.calls.length;
  agent.reports.clear();
  agent.isConnected = false;
  await agent.restart();
  assert.equal(agent.status()?.phase, "Running");
  assert.equal(agent.host.machine.containers.get(attemptId(0))?.observation.pid, before);
  assert.equal(agent.host.machine.calls.length, calls);
});

test("a container that ends while a new agent still looks at the host is started again, the one beside it left alone", async () => {
  const [app, side] = ["app", "side"].map((name) => ({ name, image: testImage }));
  const agent = await runningAgent(testPod({ spec: { containers: [app, side].filter((one) => one !== undefined) } }));
  const sideId = containerId({ podUid: testUid, name: "side", attempt: 0 });
  const pid = agent.host.machine.containers.get(sideId)?.observation.pid;
  const [calls, events] = [agent.host.machine.calls.length, agent.events.length];
  await agent.reconciler.stop();
  agent.reconciler = agent.recreate();
  const [load, loading] = [agent.journal.load.bind(agent.journal), Promise.withResolvers<void>()];
  agent.journal.load = () => loading.promise.then(load);
  const started = agent.reconciler.start();
  agent.host.machine.exit(attemptId(0), 1);
  await agent.settle();
  loading.resolve();
  await started;
  await agent.settle();
  assert.deepEqual(agent.host.machine.calls.slice(calls), [
    `remove ${attemptId(0)}`,
    `create ${attemptId(1)}`,
    `start ${attemptId(1)}`,
  ]);
  assert.equal(agent.host.machine.containers.get(sideId)?.observation.pid, pid);
  assert.deepEqual(
    agent.events.slice(events).map(({ reason }) => reason),
    ["Created", "Started"],
  );
});

test("a lost journal never starts a second container for one that runs", async () => {
  const agent = await runningAgent();
  agent.host.machine.exit(attemptId(0), 1);
  await agent.settle();
  agent.journal.records.clear();
  await agent.restart();
  assert.equal(agent.status()?.phase, "Running");
  assert.equal(agent.host.machine.containers.size, 1);
  assert.equal(agent.status()?.containerStatuses?.[0]?.restartCount, 1);
});

test("without the control plane containers are restarted from the journal", async () => {
  const agent = await runningAgent();
  agent.pods.clear();
  agent.isConnected = false;
  await agent.restart();
  agent.host.machine.exit(attemptId(0), 1);
  await agent.pass(3_000);
  assert.equal(agent.host.machine.containers.get(attemptId(1))?.observation.state, "running");
});

test("a pod that vanished is stopped with its own grace and forgotten", async () => {
  const agent = await runningAgent();
  await agent.unassign(testUid);
  assert.ok(agent.host.isEmpty);
  assert.equal(agent.journal.records.size, 0);
});

test("leftovers that nobody knows are removed once the whole assignment is known, not before", async () => {
  const agent = await runningAgent();
  agent.pods.clear();
  agent.journal.records.clear();
  agent.isConnected = false;
  await agent.restart();
  assert.equal(agent.host.machine.containers.size, 1);
  agent.isConnected = true;
  agent.reconciler.wakeAll();
  await agent.settle();
  assert.ok(agent.host.isEmpty);
});

test("an image that cannot be pulled is tried again with back-off and says so", async () => {
  const agent = new TestAgent();
  agent.host.registry.set(testImage, new Problem("unavailable", "the registry is down"));
  await agent.start();
  await agent.assign(testPod());
  assert.deepEqual(agent.state(), {
    waiting: {
      reason: "ImagePullBackOff",
      message: `Back-off pulling image "${testImage}": the registry is down`,
    },
  });
  agent.host.addImage(testImage);
  await agent.pass(2_000);
  assert.equal(agent.status()?.phase, "Running");
  assert.equal(agent.host.pulls.length, 2);
});

test("a pod deleted while its image is pulled is finished without it", async () => {
  const agent = new TestAgent();
  agent.host.addImage(testImage);
  agent.host.pullGate = new Promise(() => undefined);
  await agent.start();
  await agent.assign(testPod());
  await agent.assign(deleted(testPod()));
  assert.ok(agent.reports.get(testUid)?.finished);
});

test("a volume that cannot be made is tried again and the reason is shown", async () => {
  const agent = new TestAgent();
  agent.host.addImage(testImage);
  agent.host.problems.set("volumes.prepare", new Problem("not-found", 'configmap "settings" not found'));
  await agent.start();
  await agent.assign(testPod());
  assert.match(JSON.stringify(agent.state()), /ContainerCreating.*configmap \\"settings\\" not found/);
  agent.reconciler.nudge(testUid);
  await agent.settle();
  assert.equal(agent.status()?.phase, "Running");
});

test("a teardown that fails is tried again until nothing is left", async () => {
  const agent = await runningAgent();
  agent.host.problems.set("volumes.remove", new Problem("unavailable", "device is busy"));
  await agent.assign(deleted(testPod()));
  assert.equal(agent.reports.get(testUid)?.finished, false);
  await agent.pass(1_000);
  assert.ok(agent.reports.get(testUid)?.finished);
});

test("restartPolicy Never: the pod ends, its address is freed, its logs stay", async () => {
  const agent = await runningAgent(testPod({ spec: { restartPolicy: "Never" } }));
  agent.host.machine.exit(attemptId(0), 3);
  await agent.settle();
  assert.equal(agent.status()?.phase, "Failed");
  assert.equal(agent.status()?.containerStatuses?.[0]?.state?.terminated?.exitCode, 3);
  assert.equal(agent.host.attachments.size, 0);
  assert.equal(agent.host.machine.sandboxes.size, 0);
  assert.ok(agent.host.logs.has(testUid));
  await agent.assign(deleted(testPod({ spec: { restartPolicy: "Never" } })));
  assert.ok(agent.host.isEmpty);
});

test("after a reboot everything is made anew, with the restart counted", async () => {
  const agent = await runningAgent();
  agent.host.machine.reboot();
  agent.host.attachments.clear();
  agent.host.volumes.clear();
  agent.pods.clear();
  agent.isConnected = false;
  await agent.restart();
  assert.equal(
    agent.host.machine.containers.size,
    0,
    "it waits for the control plane, which has most likely replaced the pod",
  );
  await agent.pass(10_000);
  assert.equal(agent.status()?.phase, "Running");
  assert.equal(agent.status()?.containerStatuses?.[0]?.restartCount, 1);
  assert.equal(agent.status()?.containerStatuses?.[0]?.lastState?.terminated?.reason, "ContainerStatusUnknown");
});

test("with a full disk nothing is started, the reason is shown, and stopping still works", async () => {
  const agent = await runningAgent();
  const other = "22222222-2222-4333-8444-555555555555";
  agent.journal.problem = new Error("no space left on device");
  await agent.assign(testPod({ uid: other, name: "late" }));
  assert.equal(agent.host.machine.containers.size, 1);
  assert.match(JSON.stringify(agent.state(other)), /journal cannot be written: no space left/);
  await agent.assign(deleted(testPod()));
  assert.equal(agent.reports.get(testUid)?.finished, true);
  agent.journal.problem = undefined;
  await agent.pass(1_000);
  assert.equal(agent.status(other)?.phase, "Running");
  assert.equal(agent.status(other)?.containerStatuses?.[0]?.restartCount, 0);
});

test("after a power cut a pod that now runs elsewhere is not started again", async () => {
  const agent = await runningAgent();
  agent.host.machine.reboot();
  agent.pods.clear();
  agent.isConnected = false;
  await agent.restart();
  agent.isConnected = true;
  agent.reconciler.wakeAll();
  await agent.settle();
  assert.equal(agent.host.machine.calls.filter((call) => call.startsWith("start")).length, 1);
  assert.ok(agent.host.isEmpty);
});

test("a container that cannot be started is shown with its reason and tried again", async () => {
  const agent = new TestAgent();
  agent.host.addImage(testImage);
  let isBroken = true;
  agent.host.machine.behave = () => {
    return isBroken ? { startProblem: new Problem("invalid", "exec: no such file: /nope") } : {};
  };
  await agent.start();
  await agent.assign(testPod());
  assert.deepEqual(agent.state(), { waiting: { reason: "RunContainerError", message: "exec: no such file: /nope" } });
  assert.ok(agent.events.some(({ reason, message }) => reason === "Failed" && message.includes("/nope")));
  isBroken = false;
  agent.host.machine.containers.clear();
  await agent.pass(300_000);
  await agent.pass(60_000);
  assert.equal(agent.status()?.phase, "Running");
});

test("the slow look at the host finds what nobody told of", async () => {
  const agent = await runningAgent();
  agent.host.machine.containers.clear();
  await agent.pass(300_000);
  assert.equal(agent.status()?.containerStatuses?.[0]?.restartCount, 1);
  assert.equal(agent.status()?.phase, "Running");
});
