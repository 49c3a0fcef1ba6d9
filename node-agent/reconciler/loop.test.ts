import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { seededRandom } from "#proto/kit/random.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { absentOffice, type ImageOffice } from "../images/peers/image-office.ts";
import { MemoryJournal } from "../journal/memory-journal.ts";
import { containerId } from "../runtime/container-id.ts";
import { FakeHost } from "./fake-host.ts";
import { ImagePinner } from "./image-pinner.ts";
import { Reconciler } from "./loop.ts";
import { deleted, testImage, testPod, testUid } from "./pod-builder.ts";
import type { PodEvent, PodReport } from "./ports.ts";
import { type Assignment, defaultSettings } from "./view.ts";

/** An agent above a host in memory. `restart` is kill -9 and a new process. */
class Agent {
  readonly clock = new ManualClock();
  readonly host = new FakeHost(this.clock);
  readonly journal = new MemoryJournal();
  readonly pods = new Map<string, Pod>();
  readonly reports = new Map<string, PodReport>();
  readonly events: PodEvent[] = [];
  isConnected = true;
  office: ImageOffice = absentOffice;
  reconciler = this.#create();

  recreate(): Reconciler {
    return this.#create();
  }

  #create(): Reconciler {
    const ports = this.host.ports();
    return new Reconciler({
      ports: {
        ...ports,
        pinner: new ImagePinner(ports.images, this.office),
        assignments: {
          of: (uid) => this.#assignment(uid),
          uids: () => [...this.pods.keys()],
          objectsFor: () => ({ configMap: () => undefined, secret: () => undefined }),
        },
        status: {
          publish: (report) => void this.reports.set(report.uid, report),
          forget: (uid) => void this.reports.delete(uid),
        },
        events: { emit: (_, event) => void this.events.push(event) },
        probes: { sync: () => undefined, verdicts: () => undefined, forget: () => undefined },
        facts: () => ({
          nodeName: "n1",
          clusterDomain: "cluster.local",
          hostAddresses: ["192.0.2.1"],
          allocatableMilliCpu: 1000,
          allocatableMemoryBytes: 1e9,
        }),
        now: () => ({ wallMs: this.clock.nowMs(), bootMs: this.clock.monotonicMs() }),
        clock: this.clock,
        random: seededRandom(1),
        logger: silentLogger,
      },
      journal: this.journal,
      node: () => ({ bootId: "boot-1", hostAddresses: ["192.0.2.1"] }),
      settings: defaultSettings,
      concurrency: 4,
      observeEveryMs: 300_000,
    });
  }

  #assignment(uid: string): Assignment {
    const pod = this.pods.get(uid);
    if (pod) return { kind: "assigned", pod };
    return { kind: this.isConnected ? "unassigned" : "unknown" };
  }

  async start(): Promise<void> {
    await this.reconciler.start();
    await this.settle();
  }

  async restart(): Promise<void> {
    await this.reconciler.stop();
    this.reconciler = this.#create();
    await this.start();
  }

  async assign(pod: Pod): Promise<void> {
    const uid = pod.metadata.uid ?? "";
    this.pods.set(uid, pod);
    this.reconciler.wake(uid);
    await this.settle();
  }

  async unassign(uid: string): Promise<void> {
    this.pods.delete(uid);
    this.reconciler.wake(uid);
    await this.settle();
  }

  /** Lets everything run that needs no time to pass. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 60; turn++) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      this.clock.advance(0);
    }
  }

  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.settle();
  }

  status(uid = testUid): PodReport["status"] | undefined {
    return this.reports.get(uid)?.status;
  }

  state(uid = testUid): unknown {
    return this.status(uid)?.containerStatuses?.[0]?.state;
  }
}

const id = (attempt: number): string => containerId({ podUid: testUid, name: "app", attempt });

async function runningAgent(pod = testPod()): Promise<Agent> {
  const agent = new Agent();
  agent.host.addImage(testImage);
  await agent.start();
  await agent.assign(pod);
  return agent;
}

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

test("a container that ignores its signal is killed when its grace is over", async () => {
  const agent = new Agent();
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
  assert.deepEqual(kills, [`kill ${id(0)} 15`, `kill ${id(0)} 9`]);
});

test("the grace goes on where it was when the agent is killed meanwhile", async () => {
  const agent = new Agent();
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
  agent.host.machine.exit(id(0), 137);
  await agent.settle();
  assert.equal(agent.host.machine.containers.get(id(1))?.observation.state, "running");
  agent.host.machine.exit(id(1), 1);
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
  assert.equal(agent.host.machine.containers.get(id(2))?.observation.state, "running");
  assert.equal(agent.status()?.containerStatuses?.[0]?.restartCount, 2);
  assert.equal(agent.status()?.containerStatuses?.[0]?.lastState?.terminated?.exitCode, 1);
});

test("a restarted agent adopts what runs, same pid, and starts nothing twice", async () => {
  const agent = await runningAgent();
  const before = agent.host.machine.containers.get(id(0))?.observation.pid;
  const calls = agent.host.machine.calls.length;
  agent.reports.clear();
  agent.isConnected = false;
  await agent.restart();
  assert.equal(agent.status()?.phase, "Running");
  assert.equal(agent.host.machine.containers.get(id(0))?.observation.pid, before);
  assert.equal(agent.host.machine.calls.length, calls);
});

test("a lost journal never starts a second container for one that runs", async () => {
  const agent = await runningAgent();
  agent.host.machine.exit(id(0), 1);
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
  agent.host.machine.exit(id(0), 1);
  await agent.pass(3_000);
  assert.equal(agent.host.machine.containers.get(id(1))?.observation.state, "running");
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
  const agent = new Agent();
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
  const agent = new Agent();
  agent.host.addImage(testImage);
  agent.host.pullGate = new Promise(() => undefined);
  await agent.start();
  await agent.assign(testPod());
  await agent.assign(deleted(testPod()));
  assert.ok(agent.reports.get(testUid)?.finished);
});

test("a volume that cannot be made is tried again and the reason is shown", async () => {
  const agent = new Agent();
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
  agent.host.machine.exit(id(0), 3);
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
  const agent = new Agent();
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

test("an image nobody has pinned is pinned before it runs, and stays so after a restart", async () => {
  const agent = new Agent();
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
  agent.host.machine.exit(id(0), 1);
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
