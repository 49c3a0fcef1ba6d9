/** An agent above a host in memory, with the words its tests share. */
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { seededRandom } from "#proto/kit/random.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { absentOffice, type ImageOffice } from "../images/peers/image-office.ts";
import { MemoryJournal } from "../journal/memory-journal.ts";
import { containerId } from "../runtime/container-id.ts";
import { FakeHost } from "./fake-host.ts";
import { ImagePinner } from "./image-pinner.ts";
import { Listeners } from "./listeners.ts";
import { Reconciler } from "./loop.ts";
import { testImage, testPod, testUid } from "./pod-builder.ts";
import type { PodEvent, PodReport } from "./ports.ts";
import { type Assignment, defaultSettings, type ReconcilerSettings } from "./view.ts";

/** An agent above a host in memory. `restart` is kill -9 and a new process. */
export class TestAgent {
  readonly clock = new ManualClock();
  readonly host = new FakeHost(this.clock);
  readonly journal = new MemoryJournal();
  readonly pods = new Map<string, Pod>();
  readonly reports = new Map<string, PodReport>();
  readonly events: PodEvent[] = [];
  isConnected = true;
  office: ImageOffice = absentOffice;
  readonly listeners = new Listeners();
  readonly #settings: ReconcilerSettings;
  reconciler: Reconciler;

  constructor(settings = defaultSettings) {
    this.#settings = settings;
    this.reconciler = this.#create();
  }

  recreate(): Reconciler {
    return this.#create();
  }

  #create(): Reconciler {
    const ports = this.host.ports();
    this.listeners.onChange = (uid) => this.reconciler.wake(uid);
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
        hooks: async () => ({ ok: true, message: "done" }),
        listeners: this.listeners,
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
      settings: this.#settings,
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

/** Of an attempt of the test pod's container. */
export const attemptId = (attempt: number): string => containerId({ podUid: testUid, name: "app", attempt });

export async function runningAgent(pod = testPod(), settings = defaultSettings): Promise<TestAgent> {
  const agent = new TestAgent(settings);
  agent.host.addImage(testImage);
  await agent.start();
  await agent.assign(pod);
  return agent;
}
