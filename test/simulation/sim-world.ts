/** One seed's world: a store, control planes, agents and people under one clock. Advanced event by event. */

import type { EventRecorder, RecordedEvent } from "#control-plane/controllers/event-recorder.ts";
import { isFinished, isLost, isToBeReplaced, nodeLostAnnotation } from "#control-plane/controllers/model/pod-state.ts";
import { MemoryEtcd } from "#control-plane/store/memory-etcd.ts";
import { revisionOf } from "#control-plane/store/resource-version.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { type Random, seededRandom } from "#proto/kit/random.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { controllerOf } from "#proto/resources/owner.ts";
import type { Pod } from "#proto/resources/pod.ts";
import type { ReplicaSet } from "#proto/resources/replica-set.ts";
import { Bounds } from "./bounds.ts";
import { Chaos } from "./chaos.ts";
import { Drains } from "./drains.ts";
import { FenceWatch } from "./fence-watch.ts";
import { History } from "./history.ts";
import { Machines } from "./machines.ts";
import type { ProcessClock } from "./process-clock.ts";
import { sharedCodec } from "./shared-codec.ts";
import { SimAgent } from "./sim-agent.ts";
import { SimControlPlane } from "./sim-control-plane.ts";
import { Truth } from "./truth.ts";
import { Turns } from "./turns.ts";
import { Users } from "./users.ts";
import { WatchReader } from "./watch-reader.ts";

export interface SimOptions {
  readonly seed: number;
  readonly onTrace?: (line: string) => void;
}

export class SimWorld {
  readonly clock = new ManualClock();
  readonly turns = new Turns();
  readonly codec = sharedCodec();
  readonly random: Random;
  readonly chaos: Chaos;
  readonly etcd: MemoryEtcd;
  readonly truth: Truth;
  readonly users: Users;
  readonly drains: Drains;
  readonly machines: Machines;
  readonly reader: WatchReader;
  readonly fences: FenceWatch;
  readonly violations: string[] = [];
  readonly agents: readonly SimAgent[];
  readonly events: EventRecorder;
  /** Whether idle watches hear of other keys' revisions: etcd's do not for a long time. */
  readonly promptProgress: boolean;
  readonly #bounds: Bounds;
  readonly #history: History;
  readonly #onTrace: ((line: string) => void) | undefined;
  readonly #cut = new Map<string, number>();
  readonly #seats: (SimControlPlane | undefined)[] = [];
  #processes = 0;
  isOver = false;
  /** Of everything that happened: equal for equal seeds. */
  digest = 0;

  constructor({ seed, onTrace }: SimOptions) {
    this.#onTrace = onTrace;
    this.random = seededRandom(seed);
    this.chaos = new Chaos(seededRandom(seed ^ 0x5bd1e995));
    this.etcd = new MemoryEtcd(this.clock);
    this.truth = new Truth(this.etcd, this.codec);
    const violated = (message: string): void => this.violated(message);
    this.fences = new FenceWatch(violated, () => this.chaos.sometimes("a write of a deposed leader is refused"));
    this.#bounds = new Bounds(this.truth, () => this.clock.monotonicMs(), violated);
    const areToldTheTruth = this.chaos.rates.lostWatch === 0;
    this.machines = new Machines({
      ...{ truth: this.truth, agents: () => this.agents, areToldTheTruth },
      onViolation: violated,
    });
    this.#history = new History({
      ...{ truth: this.truth, clock: this.clock, machines: this.machines, areToldTheTruth },
      machinesRemember: areToldTheTruth && this.chaos.rates.powerOff === 0,
      onViolation: violated,
    });
    this.users = new Users(this);
    this.drains = new Drains(this);
    this.reader = new WatchReader(this, this.chaos.rates.lostWatch === 0);
    this.events = { record: (event) => this.#told(event) };
    this.promptProgress = this.random.next() < 0.3;
    const count = 3 + Math.floor(this.random.next() * 2);
    this.agents = Array.from({ length: count }, (_, index) => new SimAgent(`n${index + 1}`, this));
  }

  get ready(): readonly SimControlPlane[] {
    return this.#seats.filter((one) => one?.isReady === true) as readonly SimControlPlane[];
  }

  get controlPlanes(): readonly SimControlPlane[] {
    return this.#seats.filter((one) => one !== undefined);
  }

  start(controlPlanes: number): void {
    for (let seat = 0; seat < controlPlanes; seat++) this.#seat(seat);
    for (const agent of this.agents) agent.start();
    this.reader.start();
  }

  isStoreCut(controlPlane: SimControlPlane): boolean {
    return (this.#cut.get(controlPlane.name) ?? 0) > this.clock.monotonicMs();
  }

  cutStore(controlPlane: SimControlPlane, forMs: number): void {
    this.trace(`${controlPlane.name} cannot reach the store for ${forMs} ms`);
    this.#cut.set(controlPlane.name, this.clock.monotonicMs() + forMs);
  }

  /** A person, or NTP, sets the clock of one process's machine. */
  stepClock(of: { readonly name: string; readonly clock: ProcessClock }): void {
    const stepMs = this.chaos.between(-20_000, 20_000);
    this.trace(`the wall clock of ${of.name} is set by ${stepMs} ms`);
    of.clock.offsetMs += stepMs;
  }

  isAboutToStart(node: string, pod: Pod, address: string): void {
    this.#look();
    this.machines.isAboutToStart(node, pod, address);
  }

  isAboutToStop(node: string, uid: string): void {
    this.#look();
    this.machines.isAboutToStop(node, uid);
  }

  /** A person takes this pod away, whatever it leaves. */
  evicted(pod: Pod): void {
    this.#history.evicted(pod);
  }

  /** A write was acknowledged with this version. */
  acknowledged(key: string, resourceVersion: string): void {
    this.#look();
    if (this.truth.changedAt(key) < revisionOf(resourceVersion)) {
      this.violated(`${key} was acknowledged as ${resourceVersion}, which the store never had`);
    }
  }

  crash(controlPlane: SimControlPlane): void {
    const seat = this.#seats.indexOf(controlPlane);
    if (seat < 0) return;
    this.trace(`${controlPlane.name} crashes`);
    this.#seats[seat] = undefined;
    controlPlane.crash();
    this.clock.after(this.chaos.between(100, 3_000), () => this.#seat(seat));
  }

  /** Runs until `untilMs`, or until something is found. True when time was reached. */
  async run(untilMs: number): Promise<boolean> {
    while (this.violations.length === 0) {
      await this.turns.next();
      this.#look();
      const nextAtMs = this.clock.nextAtMs();
      if (nextAtMs === undefined || nextAtMs > untilMs) {
        this.clock.advance(untilMs - this.clock.monotonicMs());
        await this.turns.next();
        this.#look();
        return this.violations.length === 0;
      }
      this.clock.fireNext();
    }
    return false;
  }

  trace(line: string): void {
    const text = `${(this.clock.monotonicMs() / 1000).toFixed(3).padStart(8)} ${line}`;
    for (let i = 0; i < text.length; i++) this.digest = (Math.imul(this.digest, 31) + text.charCodeAt(i)) | 0;
    this.#onTrace?.(text);
  }

  stop(): void {
    this.isOver = true;
    for (const controlPlane of this.controlPlanes) controlPlane.crash();
  }

  #seat(seat: number): void {
    const controlPlane = new SimControlPlane(`cp${seat + 1}.${++this.#processes}`, this);
    this.#seats[seat] = controlPlane;
    controlPlane.start();
  }

  #look(): void {
    if (!this.truth.isBehind) return;
    for (const changes of this.truth.catchUp()) {
      for (const { key, before, after, revision } of changes) {
        const kind = after ? (before ? "changed" : "made") : "gone";
        this.trace(`store ${revision} ${key} ${kind}${after ? summary(after) : ""}`);
      }
      if (this.chaos.rates.lostWatch === 0) this.#bounds.check(changes);
      this.#history.check(changes);
      for (const { before, after } of changes) {
        if (before && after && returned(before, after)) this.chaos.sometimes("a lost copy returns");
        if (!before && after?.kind === "Pod" && this.#replacesLost(after))
          this.chaos.sometimes("a lost copy is replaced");
      }
    }
  }

  /** Made although there are as many as are asked for, were it not that one of them is lost. */
  #replacesLost(made: KubeObject): boolean {
    const uid = controllerOf(made)?.uid;
    const set = this.truth.list<ReplicaSet>("replicasets.apps").find(({ metadata }) => metadata.uid === uid);
    const copies = this.truth.list<Pod>("pods").filter((pod) => controllerOf(pod)?.uid === uid && isStanding(pod));
    return copies.some(isLost) && copies.length > (set?.spec.replicas ?? 1);
  }

  #told({ reason, message }: RecordedEvent): void {
    this.trace(`event ${reason}: ${message}`);
    if (reason === "NodeNotReady") this.chaos.sometimes("a node is lost");
    if (reason === "FailedScheduling") this.chaos.sometimes("a pod waits for a node");
  }

  /** An invariant does not hold: the seed ends here. */
  violated(message: string): void {
    this.trace(`VIOLATION ${message}`);
    this.violations.push(message);
  }
}

const isStanding = (pod: Pod): boolean =>
  pod.metadata.deletionTimestamp === undefined && !isFinished(pod) && !isToBeReplaced(pod);

function returned(before: KubeObject, after: KubeObject): boolean {
  const mark = ({ metadata }: KubeObject): string | undefined => metadata.annotations?.[nodeLostAnnotation];
  return mark(before) !== undefined && mark(after) === undefined;
}

/** What of an object a reader of a trace wants to see. */
function summary(object: KubeObject): string {
  const { deletionTimestamp, annotations } = object.metadata;
  const parts = deletionTimestamp === undefined ? [] : ["terminating"];
  if (object.kind === "Pod") {
    const { spec, status } = object as unknown as Pod;
    const ready = status?.conditions?.find((condition) => condition.type === "Ready");
    parts.push(
      spec.nodeName ?? "unassigned",
      status?.phase ?? "",
      ready ? `ready ${ready.status} ${ready.reason ?? ""}` : "",
    );
    if (annotations?.[nodeLostAnnotation] !== undefined) parts.push("lost");
  } else if (object.kind === "ReplicaSet") {
    const { spec, status } = object as unknown as ReplicaSet;
    parts.push(`asks ${spec.replicas}, has ${status?.replicas}, ${status?.availableReplicas ?? 0} available`);
  }
  return `: ${parts.filter((part) => part !== "").join(", ")}`;
}
