/** Every fault point, in memory: that each is passed by a pod's life, and that an agent which dies there leaves nothing to its successor. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { type Clock, systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { seededRandom } from "#proto/kit/random.ts";
import { containerWishesAnnotation } from "#proto/resources/container-wishes.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { type AgentFaultPoint, type AgentFaults, agentFaultPoints } from "../fault-points.ts";
import { absentOffice } from "../images/peers/image-office.ts";
import { FileJournal } from "../journal/file-journal.ts";
import { FakeHost } from "./fake-host.ts";
import { ImagePinner } from "./image-pinner.ts";
import { Listeners } from "./listeners.ts";
import { Reconciler } from "./loop.ts";
import { deleted, testImage, testPod, testUid } from "./pod-builder.ts";
import type { PodReport } from "./ports.ts";
import { defaultSettings } from "./view.ts";

/** One process: dead, it hears and does nothing any more, like the real one. */
interface Life {
  readonly reconciler: Reconciler;
  isOver: boolean;
}

/** A node whose agents die where they are told to; what they made outlives them. */
class Node {
  readonly clock = new ManualClock();
  readonly host = new FakeHost(this.clock);
  readonly pods = new Map<string, Pod>();
  readonly reports = new Map<string, PodReport>();
  readonly visited = new Set<AgentFaultPoint>();
  readonly #directory: string;
  #life: Life | undefined;
  #started: Promise<void> | undefined;
  deaths = 0;

  constructor(directory: string) {
    this.#directory = directory;
    this.host.addImage(testImage);
  }

  /** Starts an agent that dies at its first visit of that point, if one is given. */
  start(diesAt?: AgentFaultPoint): void {
    const faults: AgentFaults = {
      at: (point) => {
        this.visited.add(point);
        if (life.isOver) return new Promise(() => undefined);
        if (point !== diesAt) return undefined;
        life.isOver = true;
        this.deaths++;
        for (const handler of this.host.machine.exitHandlers) this.host.machine.exitHandlers.delete(handler);
        return new Promise(() => undefined);
      },
    };
    const life: Life = { reconciler: this.#reconciler(faults, () => life.isOver), isOver: false };
    this.#life = life;
    this.reports.clear();
    this.#started = life.reconciler.start();
  }

  #reconciler(faults: AgentFaults, isDead: () => boolean): Reconciler {
    const clock: Clock = {
      nowMs: () => this.clock.nowMs(),
      monotonicMs: () => this.clock.monotonicMs(),
      after: (delayMs, run) => this.clock.after(delayMs, () => isDead() || run()),
    };
    const now = () => ({ wallMs: clock.nowMs(), bootMs: clock.monotonicMs() });
    return new Reconciler({
      ports: {
        ...this.host.ports(faults),
        pinner: new ImagePinner(this.host.ports(faults).images, absentOffice),
        assignments: {
          of: (uid) => {
            const pod = this.pods.get(uid);
            return pod ? { kind: "assigned", pod } : { kind: "unassigned" };
          },
          uids: () => [...this.pods.keys()],
          objectsFor: () => ({ configMap: () => undefined, secret: () => undefined }),
        },
        status: {
          publish: (report) => void (isDead() || this.reports.set(report.uid, report)),
          forget: (uid) => void this.reports.delete(uid),
        },
        events: { emit: () => undefined },
        probes: { sync: () => undefined, verdicts: () => undefined, forget: () => undefined },
        hooks: async () => ({ ok: true, message: "done" }),
        listeners: new Listeners(),
        facts: () => ({
          nodeName: "n1",
          clusterDomain: "cluster.local",
          hostAddresses: [],
          allocatableMilliCpu: 1000,
          allocatableMemoryBytes: 1e9,
        }),
        ...{ now, clock, random: seededRandom(1), logger: silentLogger, faults },
      },
      journal: new FileJournal({
        ...{ directory: this.#directory, bootId: "boot-1", now, clock, logger: silentLogger, faults },
      }),
      node: () => ({ bootId: "boot-1", hostAddresses: [] }),
      settings: defaultSettings,
      concurrency: 4,
      observeEveryMs: 300_000,
    });
  }

  wish(pod: Pod | undefined): void {
    if (pod) this.pods.set(testUid, pod);
    else this.pods.delete(testUid);
    if (this.#life?.isOver === false) this.#life.reconciler.wake(testUid);
  }

  /** Waits until it is so. The disk takes real time, back-offs and graces only virtual time. A dead agent is followed by another. */
  async until(what: string, condition: () => boolean): Promise<void> {
    const untilMs = systemClock.monotonicMs() + 20_000;
    while (this.#life?.isOver || !condition()) {
      if (this.#life?.isOver) this.start();
      await new Promise<void>((resolve) => setImmediate(resolve));
      this.clock.advance(10);
      const isLate = systemClock.monotonicMs() > untilMs;
      assert.ok(!isLate, `waited in vain for: ${what}; ${JSON.stringify([...this.reports.values()])}`);
    }
  }

  get pids(): readonly (number | undefined)[] {
    return [...this.host.machine.containers.values()].map(({ observation }) => observation.pid);
  }

  get isRunning(): boolean {
    const [container, ...others] = this.host.machine.containers.values();
    const isReported = this.reports.get(testUid)?.status.containerStatuses?.[0]?.ready === true;
    return container?.observation.state === "running" && others.length === 0 && isReported;
  }

  async stop(): Promise<void> {
    if (this.#life?.isOver !== false) return;
    await this.#started;
    await this.#life.reconciler.stop();
  }
}

/** One container that needs its volume, its address, the pod's shared processes and, being stubborn, SIGKILL. */
const wanted = testPod({
  containers: [{ lifecycle: { postStart: { exec: { command: ["true"] } } } }],
  spec: {
    terminationGracePeriodSeconds: 2,
    volumes: [{ name: "scratch", emptyDir: {} }],
    shareProcessNamespace: true,
  },
});

const paused: Pod = {
  ...wanted,
  metadata: {
    ...wanted.metadata,
    annotations: { ...wanted.metadata.annotations, [containerWishesAnnotation]: '{"app":{"state":"Paused"}}' },
  },
};

/** A whole life: started, paused, stopped, forgotten. The first agent dies at the point, once. */
async function wholeLife(node: Node, diesAt?: AgentFaultPoint): Promise<void> {
  node.host.machine.behave = () => ({ ignoresSigterm: true });
  node.wish(wanted);
  node.start(diesAt);
  await node.until("it runs", () => node.isRunning);
  const started = node.host.machine.calls.filter((call) => call.startsWith("start "));
  const [pid] = node.pids;
  node.wish(paused);
  await node.until("it is paused", () => node.reports.get(testUid)?.status.reason === "Paused");
  node.wish(deleted(paused));
  await node.until("it is finished", () => node.reports.get(testUid)?.finished === true);
  assert.ok(started.length === 1, `started ${started.length} times: ${node.host.machine.calls.join(", ")}`);
  assert.ok(pid !== undefined);
  node.wish(undefined);
  await node.until("nothing is left", () => node.host.isEmpty && !node.reports.has(testUid));
}

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "orch-walk-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test("a pod's life passes every fault point", async () => {
  const node = new Node(directory);
  await wholeLife(node);
  await node.stop();
  assert.deepEqual(
    agentFaultPoints.filter((point) => !node.visited.has(point)),
    [],
    "points that nothing passes",
  );
});

for (const point of agentFaultPoints) {
  test(`an agent that dies at ${point} is followed by one that ends what it began, with one container`, async () => {
    const node = new Node(directory);
    await wholeLife(node, point);
    await node.stop();
    assert.equal(node.deaths, 1);
  });
}
