/**
 * A scripted agent: accepts assignments, runs pods after a while, crashes containers, reports, and keeps what runs through
 * its own crashes. Its containers are the truth the invariants count.
 */
import type { AgentMessage, ControlMessage } from "#control-plane/sessions/agent-session.ts";
import type { Timer } from "#proto/kit/clock.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { type Direction, Link } from "./link.ts";
import { ProcessClock } from "./process-clock.ts";
import type { SimControlPlane } from "./sim-control-plane.ts";
import type { SimWorld } from "./sim-world.ts";

export interface SimContainer {
  readonly pod: Pod;
  readonly address: string;
  phase: "starting" | "running" | "stopping";
  isReady: boolean;
  restarts: number;
}

interface Report {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly status: object;
  readonly finished: boolean;
}

const heartbeatIntervalMs = 2_000;
const silenceMs = 6_000;

export class SimAgent {
  readonly name: string;
  readonly #world: SimWorld;
  /** Survives the agent, not the machine. */
  readonly containers = new Map<string, SimContainer>();
  #isOn = true;
  readonly #cut: Record<Direction, boolean> = { up: false, down: false };
  readonly clock: ProcessClock;
  #process = 0;
  /** Instances of its processes so far, on its disk. */
  readonly #processes: string[] = [];
  #link: Link | undefined;
  #isWelcome = false;
  #hasAll = false;
  /** Of its pods' addresses, without the last part. Survives like the containers. */
  #network = "";
  #applied = 0;
  #heardAtMs = 0;
  #sequence = 0;
  #timers: Timer[] = [];
  readonly #assigned = new Map<string, Pod>();
  readonly #unsent = new Map<string, Report>();
  readonly #unacknowledged = new Map<number, readonly Report[]>();

  constructor(name: string, world: SimWorld) {
    this.name = name;
    this.#world = world;
    this.clock = new ProcessClock(world.clock, world.turns);
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** Running and able to reach the control plane and to hear it. */
  get isWell(): boolean {
    return this.#isOn && !this.#cut.up && !this.#cut.down;
  }

  start(): void {
    this.#process++;
    this.#processes.push(`${this.name}-${this.#process}`);
    this.#heardAtMs = this.#world.clock.monotonicMs();
    this.#beat(this.#process);
    this.#connect(this.#process);
  }

  /** The process dies; containers run on. */
  crash(): void {
    this.#process++;
    for (const timer of this.#timers.splice(0)) timer.cancel();
    this.#hasAll = false;
    this.#assigned.clear();
    this.#unsent.clear();
    this.#unacknowledged.clear();
    this.#forgetLink();
    const { clock, chaos } = this.#world;
    const process = this.#process;
    clock.after(chaos.between(200, 4_000), () => process === this.#process && this.start());
    // What was on its way to a state goes on by itself: conmon and the kernel need no agent.
  }

  powerOff(forMs: number): void {
    this.#world.trace(`${this.name} loses power`);
    this.#isOn = false;
    this.containers.clear();
    this.#process++;
    for (const timer of this.#timers.splice(0)) timer.cancel();
    this.#hasAll = false;
    this.#assigned.clear();
    this.#unsent.clear();
    this.#unacknowledged.clear();
    // Nobody says goodbye: the other end finds out by silence.
    this.#link?.abandon("agent");
    this.#link = undefined;
    const process = this.#process;
    this.#world.clock.after(forMs, () => {
      if (process !== this.#process) return;
      this.#isOn = true;
      this.#world.trace(`${this.name} has power again`);
      this.start();
    });
  }

  /** Cut off, in both directions or in one. */
  partition(forMs: number, directions: readonly Direction[] = ["up", "down"]): void {
    if (this.#cut.up || this.#cut.down) return;
    this.#world.trace(`${this.name} is cut off ${directions.join(" and ")}`);
    for (const direction of directions) this.#cut[direction] = true;
    this.#world.clock.after(forMs, () => {
      for (const direction of directions) this.#cut[direction] = false;
      this.#world.trace(`${this.name} is reachable again`);
    });
  }

  /** The link goes away and comes back, time and again, each time for less than anybody's patience. */
  flap(times: number): void {
    const { chaos, clock } = this.#world;
    this.partition(chaos.between(200, 2_500));
    if (times > 1) clock.after(chaos.between(300, 4_000), () => this.flap(times - 1));
  }

  crashContainer(): void {
    const running = [...this.containers.values()].filter((one) => one.phase === "running");
    const container = this.#world.chaos.pick(running);
    if (!container) return;
    container.isReady = false;
    container.restarts++;
    this.#report(container);
    this.#machine(this.#world.chaos.between(200, 3_000), () => this.#becomeReady(container));
  }

  #connect(process: number): void {
    const { clock, chaos } = this.#world;
    this.#later(chaos.between(10, 500), () => {
      if (process !== this.#process || this.#link?.isOpen) return;
      const controlPlane = this.isWell ? chaos.pick(this.#world.ready) : undefined;
      if (!controlPlane) {
        this.#connect(process);
        return;
      }
      const link: Link = new Link({
        clock,
        chaos,
        isHeld: (direction) => this.#isHeld(direction, controlPlane),
        isCurrent: () => this.#link === link,
        onGoodbye: (goodbye) => this.#link === link && this.#checkGoodbye(goodbye),
        onMessage: (message) => this.#link === link && this.#receive(message),
        onClosed: () => this.#link === link && this.#disconnected(process),
      });
      this.#link = link;
      this.#isWelcome = false;
      this.#hasAll = false;
      this.#heardAtMs = clock.monotonicMs();
      const replaces = this.#processes.slice(0, -1);
      void controlPlane.serve(link, this.name, { instance: `${this.name}-${process}`, replaces }, this.#node());
    });
  }

  /** Nobody deletes nodes here and none is cloned: no agent may be told to stay away, for a real one then does for good. */
  #checkGoodbye({ reason, reconnectAfterMs }: NonNullable<ControlMessage["goodbye"]>): void {
    if (Number(reconnectAfterMs ?? 0) < 0) this.#world.violated(`${this.name} was sent away for good: ${reason}`);
  }

  #isHeld(direction: Direction, controlPlane: SimControlPlane): boolean {
    return this.#cut[direction] || !this.#isOn || (direction === "up" && controlPlane.clock.isFrozen);
  }

  #disconnected(process: number): void {
    this.#forgetLink();
    if (process === this.#process) this.#connect(process);
  }

  #forgetLink(): void {
    const link = this.#link;
    this.#link = undefined;
    this.#isWelcome = false;
    if (link?.isOpen && this.#world.chaos.strikes("halfOpen")) link.abandon("agent");
    else link?.close();
  }

  #beat(process: number): void {
    this.#later(heartbeatIntervalMs, () => {
      if (process !== this.#process) return;
      if (this.#isWelcome) this.#send({ heartbeat: { sequence: 1, wallClockMs: this.clock.nowMs() } });
      const silentMs = this.#world.clock.monotonicMs() - this.#heardAtMs;
      if (this.#link && silentMs > silenceMs) this.#disconnected(process);
      this.#beat(process);
    });
  }

  #receive(message: ControlMessage): void {
    this.#heardAtMs = this.#world.clock.monotonicMs();
    if (message.welcome) {
      this.#isWelcome = true;
      this.#network = (message.welcome.podCidr ?? "").replace(/\.\d+\/\d+$/, "");
      for (const container of this.containers.values()) this.#report(container);
      this.#flush();
    } else if (message.assignments) this.#assign(message.assignments);
    else if (message.statusAck) this.#unacknowledged.delete(Number(message.statusAck.sequence ?? 0));
    else if (message.goodbye) this.#disconnected(this.#process);
  }

  #assign(assignments: NonNullable<ControlMessage["assignments"]>): void {
    const version = Number(assignments.resultsIn ?? 0);
    if (assignments.complete) {
      this.#assigned.clear();
      this.#hasAll = true;
    } else if (!this.#hasAll || Number(assignments.appliesTo ?? 0) !== this.#applied) {
      if (version <= this.#applied) return;
      this.#world.chaos.sometimes("an agent finds a gap");
      this.#hasAll = false;
      this.#send({ gap: { lastApplied: this.#applied } });
      return;
    }
    this.#applied = version;
    for (const { reference, object } of assignments.upserts ?? []) {
      if (reference?.resource !== "pods") continue;
      this.#assigned.set(reference.uid ?? "", JSON.parse(Buffer.from(object ?? []).toString()) as Pod);
    }
    for (const reference of assignments.removals ?? []) this.#assigned.delete(reference.uid ?? "");
    this.#reconcile();
  }

  #reconcile(): void {
    for (const [uid, pod] of this.#assigned) {
      const container = this.containers.get(uid);
      const leaves = pod.metadata.deletionTimestamp !== undefined;
      if (!container && leaves) this.#reportGone(pod);
      else if (!container) this.#run(uid, pod);
      else if (leaves) this.#stop(uid, container);
    }
    for (const [uid, container] of this.containers) if (!this.#assigned.has(uid)) this.#stop(uid, container);
  }

  #run(uid: string, pod: Pod): void {
    const address = this.#freeAddress();
    // After a power cut the machine remembers nothing, but the pod's own status does.
    const container: SimContainer = { pod, address, phase: "starting", isReady: false, restarts: restartsOf(pod) };
    this.#world.isAboutToStart(this.name, pod, address);
    this.containers.set(uid, container);
    this.#machine(this.#world.chaos.between(50, 1_500), () => {
      if (this.containers.get(uid) !== container || container.phase !== "starting") return;
      container.phase = "running";
      this.#report(container);
      this.#machine(this.#world.chaos.between(0, 1_000), () => this.#becomeReady(container));
    });
  }

  #freeAddress(): string {
    const taken = new Set([...this.containers.values()].map(({ address }) => address));
    let host = 2;
    while (taken.has(`${this.#network}.${host}`)) host++;
    return `${this.#network}.${host}`;
  }

  #becomeReady(container: SimContainer): void {
    const isBad = container.pod.metadata.annotations?.["sim/never-ready"] !== undefined;
    const isHere = this.containers.get(container.pod.metadata.uid ?? "") === container;
    if (!isHere || container.phase !== "running" || isBad) return;
    container.isReady = true;
    this.#world.machines.isReady(this.name, container.pod.metadata.uid ?? "");
    this.#report(container);
  }

  #stop(uid: string, container: SimContainer): void {
    if (container.phase === "stopping") return;
    this.#world.isAboutToStop(this.name, uid);
    container.phase = "stopping";
    container.isReady = false;
    this.#machine(this.#world.chaos.between(50, 2_000), () => {
      if (this.containers.get(uid) !== container) return;
      this.containers.delete(uid);
      this.#reportGone(container.pod, container.restarts);
      // It may be wanted again by now.
      if (this.#hasAll) this.#reconcile();
    });
  }

  #report(container: SimContainer): void {
    const { pod, isReady, restarts } = container;
    if (container.phase === "starting") return;
    this.#enqueue(pod, statusOf(isReady, restarts), false);
  }

  #reportGone(pod: Pod, restarts = restartsOf(pod)): void {
    this.#enqueue(pod, statusOf(false, restarts), true);
  }

  #enqueue(pod: Pod, status: object, finished: boolean): void {
    const { namespace = "", name, uid = "" } = pod.metadata;
    const isFirst = this.#unsent.size === 0;
    this.#unsent.set(uid, { namespace, name, uid, status, finished });
    if (isFirst) this.#later(20, () => this.#flush());
  }

  #flush(): void {
    if (!this.#isWelcome || this.#unsent.size === 0) return;
    const reports = [...this.#unsent.values()];
    this.#unsent.clear();
    const sequence = ++this.#sequence;
    this.#unacknowledged.set(sequence, reports);
    const pods = reports.map((report) => ({ ...report, status: Buffer.from(JSON.stringify(report.status)) }));
    this.#send({ status: { sequence, pods } });
    // An answer that never comes: say it again, the newest word of each pod.
    this.#later(4_000, () => {
      const lost = this.#unacknowledged.get(sequence);
      if (!lost) return;
      this.#unacknowledged.delete(sequence);
      this.#world.chaos.sometimes("a report is sent again");
      for (const report of lost) if (!this.#unsent.has(report.uid)) this.#unsent.set(report.uid, this.#latest(report));
      this.#flush();
    });
  }

  #latest(report: Report): Report {
    const container = this.containers.get(report.uid);
    if (!container) return report;
    this.#report(container);
    return this.#unsent.get(report.uid) ?? report;
  }

  #send(message: AgentMessage): void {
    this.#link?.sendUp(message);
  }

  #node(): KubeObject {
    return {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: this.name, labels: { "kubernetes.io/hostname": this.name } },
      status: {
        allocatable: { cpu: "4", memory: "8Gi", pods: "20" },
        capacity: { cpu: "4", memory: "8Gi", pods: "20" },
      },
    };
  }

  /** A timer of the agent's process. */
  #later(delayMs: number, run: () => void): void {
    if (this.#timers.length > 64) this.#timers = this.#timers.slice(-64);
    const process = this.#process;
    this.#timers.push(this.#world.clock.after(delayMs, () => process === this.#process && run()));
  }

  /** A timer of the machine: it fires whether the agent lives or not, but not without power. */
  #machine(delayMs: number, run: () => void): void {
    this.#world.clock.after(delayMs, () => this.#isOn && run());
  }
}

const restartsOf = (pod: Pod): number => pod.status?.containerStatuses?.[0]?.restartCount ?? 0;

function statusOf(isReady: boolean, restartCount: number): object {
  const main = { name: "main", image: "example", imageID: "", ready: isReady, restartCount, state: {} };
  return {
    phase: "Running",
    conditions: [{ type: "Ready", status: isReady ? "True" : "False" }],
    containerStatuses: [main],
  };
}
