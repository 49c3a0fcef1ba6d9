/** Rules about how single objects may change (I2, I4, I6, I7, I11): nothing moves back, nothing is written by the wrong hand. */
import { annotations } from "#control-plane/controllers/deployment/plan-view.ts";
import { isFinished, isReady, isToBeReplaced } from "#control-plane/controllers/model/pod-state.ts";
import { podRequests, resourcesFrom } from "#control-plane/scheduler/resources.ts";
import type { Clock } from "#proto/kit/clock.ts";
import type { Deployment } from "#proto/resources/deployment.ts";
import type { Node } from "#proto/resources/node.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { controllerOf } from "#proto/resources/owner.ts";
import type { Pod } from "#proto/resources/pod.ts";
import type { ReplicaSet } from "#proto/resources/replica-set.ts";
import { fewestAvailable, isActive } from "./bounds.ts";
import { longestDelayMs } from "./chaos.ts";
import type { Machines } from "./machines.ts";
import type { TrueChange, Truth } from "./truth.ts";

export interface HistoryOptions {
  readonly truth: Truth;
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly machines: Pick<Machines, "saidReady" | "wasRemoved">;
  /** No watch loses anything: whoever decides knows what was so a moment ago. */
  readonly areToldTheTruth: boolean;
  /** Nothing makes a node start a pod anew under its old uid, so that restart counts cannot be forgotten. */
  readonly machinesRemember: boolean;
  readonly onViolation: (message: string) => void;
}

interface FormerSize {
  readonly size: number;
  readonly untilMs: number;
}

export class History {
  readonly #truth: Truth;
  readonly #machines: HistoryOptions["machines"];
  readonly #nowMs: () => number;
  readonly #areToldTheTruth: boolean;
  readonly #machinesRemember: boolean;
  readonly #onViolation: (message: string) => void;
  /** Uids of pods that a person took away: that is nobody's broken promise. */
  readonly #evicted = new Set<string>();
  /** By node, since when it takes no pods. */
  readonly #cordonedAtMs = new Map<string, number>();
  /** By uid, since when the store has known a pod as ready: decisions cannot have known it before. */
  readonly #readySinceMs = new Map<string, number>();
  /** When some pod last stopped being ready. */
  #unreadyAtMs = Number.NEGATIVE_INFINITY;
  /** By Deployment uid. A rollout under way is scaled in proportion, as in Kubernetes: that asks nobody who is ready. */
  readonly #scaledAtMs = new Map<string, number>();
  /** By ReplicaSet uid, what it asked for before, as long as what it decided then may be on its way. */
  readonly #formerSizes = new Map<string, readonly FormerSize[]>();

  constructor(options: HistoryOptions) {
    this.#truth = options.truth;
    this.#machines = options.machines;
    this.#nowMs = () => options.clock.monotonicMs();
    this.#areToldTheTruth = options.areToldTheTruth;
    this.#machinesRemember = options.machinesRemember;
    this.#onViolation = options.onViolation;
  }

  evicted({ metadata }: Pod): void {
    this.#evicted.add(metadata.uid ?? "");
  }

  /** The changes of one write. What it takes away was decided before anybody knew what else it says, in whatever order it says it. */
  check(changes: readonly TrueChange[]): void {
    for (const change of changes) this.#note(change);
    for (const change of changes) {
      this.#checkIdentity(change);
      if (change.resource === "pods") this.#checkPod(change);
      if (change.resource === "nodes") this.#checkNode(change.key, change.after as Node | undefined);
    }
  }

  #note(change: TrueChange): void {
    const { resource, before, after } = change;
    if (resource === "pods") this.#noteUnready(before as Pod | undefined, after as Pod | undefined);
    if (resource === "deployments.apps") this.#noteScale(change);
    if (resource === "replicasets.apps") {
      this.#noteSize(change);
      this.#noteShare(change);
    }
  }

  #noteUnready(before: Pod | undefined, after: Pod | undefined): void {
    if (!before || !isReady(before)) return;
    const isTakenAway = after?.metadata.deletionTimestamp !== undefined;
    const isOthersDoing = !isTakenAway || this.#evicted.has(before.metadata.uid ?? "");
    if (isOthersDoing && (isTakenAway || !after || !isReady(after))) this.#unreadyAtMs = this.#nowMs();
  }

  /** What was decided before anybody knew of the change is on its way for a moment. */
  #noteScale({ before, after }: TrueChange): void {
    const replicas = (object: KubeObject | undefined): unknown => (object as Deployment | undefined)?.spec.replicas;
    if (after && replicas(before) !== replicas(after)) this.#scaledAtMs.set(after.metadata.uid ?? "", this.#nowMs());
  }

  #noteSize({ before, after }: TrueChange): void {
    if (!before || !after || askedOf(before) === askedOf(after)) return;
    const former = { size: askedOf(before), untilMs: this.#nowMs() + staleMs };
    this.#formerSizes.set(after.metadata.uid ?? "", [...this.#formerSizesOf(after), former]);
  }

  #formerSizesOf({ metadata }: KubeObject): readonly FormerSize[] {
    const nowMs = this.#nowMs();
    return (this.#formerSizes.get(metadata.uid ?? "") ?? []).filter(({ untilMs }) => nowMs < untilMs);
  }

  /** When a change of replicas was shared out, which may be long after a person asked for it: while nobody leads, nobody shares. */
  #noteShare({ before, after }: TrueChange): void {
    const desired = (object: KubeObject | undefined): string | undefined =>
      object?.metadata.annotations?.[annotations.desiredReplicas];
    if (before && after && desired(before) !== desired(after)) {
      this.#scaledAtMs.set(controllerOf(after)?.uid ?? "", this.#nowMs());
    }
  }

  #checkIdentity({ key, before, after }: TrueChange): void {
    if (!before || !after) return;
    if (before.metadata.uid !== after.metadata.uid) this.#onViolation(`${key} became another object in place`);
    if (versionOf(after) <= versionOf(before)) this.#onViolation(`${key}: the resourceVersion did not grow`);
    if ((after.metadata.generation ?? 0) < (before.metadata.generation ?? 0)) {
      this.#onViolation(`${key}: the generation went back`);
    }
    const revived = before.metadata.deletionTimestamp !== undefined && after.metadata.deletionTimestamp === undefined;
    if (revived) this.#onViolation(`${key} came back from its deletion`);
  }

  #checkPod({ key, before: old, after: next }: TrueChange): void {
    const before = old as Pod | undefined;
    const after = next as Pod | undefined;
    if (before && after) {
      if (before.spec.nodeName && before.spec.nodeName !== after.spec.nodeName) {
        this.#onViolation(`${key} moved from ${before.spec.nodeName} to ${after.spec.nodeName}`);
      }
      if (isFinished(before) && before.status?.phase !== after.status?.phase) {
        this.#onViolation(`${key} was over and is not any more`);
      }
      if (this.#machinesRemember && restartsOf(after) < restartsOf(before))
        this.#onViolation(`${key}: the restart count went back`);
    }
    if (after && isReady(after) && !(before && isReady(before))) {
      this.#readySinceMs.set(after.metadata.uid ?? "", this.#nowMs());
      this.#machines.saidReady(after);
    }
    if (after?.spec.nodeName && !before?.spec.nodeName) this.#checkPlace(after, after.spec.nodeName);
    if (before && !after && this.#isWell(before.spec.nodeName)) this.#machines.wasRemoved(before);
    const isRemoval = before && isActive(before) && isReady(before) && (!after || !isActive(after));
    if (!isRemoval || this.#evicted.has(before.metadata.uid ?? "")) return;
    if (isToBeReplaced(before)) this.#checkReplaced(before);
    else this.#checkFloor(before);
  }

  #isWell(nodeName: string | undefined): boolean {
    const node = this.#nodeOf(nodeName);
    return node?.status?.conditions?.some((one) => one.type === "Ready" && one.status === "True") === true;
  }

  #nodeOf(name: string | undefined): Node | undefined {
    return this.#truth.list<Node>("nodes").find((one) => one.metadata.name === name);
  }

  #checkPlace(pod: Pod, nodeName: string): void {
    this.#checkRoom(nodeName);
    const cordonedAtMs = this.#cordonedAtMs.get(nodeName) ?? Number.POSITIVE_INFINITY;
    if (!this.#areToldTheTruth || this.#nowMs() - cordonedAtMs < slowestBindingMs) return;
    this.#onViolation(`${pod.metadata.name} was put on ${nodeName}, which has been cordoned for long`);
  }

  /** The sum of what its pods ask for never exceeds what a node has. */
  #checkRoom(nodeName: string): void {
    const node = this.#nodeOf(nodeName);
    if (!node) return;
    const allocatable = resourcesFrom(node.status?.allocatable);
    let milliCpu = 0;
    let pods = 0;
    for (const pod of this.#truth.list<Pod>("pods")) {
      if (pod.spec.nodeName !== nodeName || isFinished(pod)) continue;
      milliCpu += podRequests(pod.spec).milliCpu;
      pods++;
    }
    if (milliCpu > allocatable.milliCpu) this.#onViolation(`${nodeName} is overcommitted: ${milliCpu} milli CPU`);
    if (pods > allocatable.pods) this.#onViolation(`${nodeName} holds ${pods} pods`);
  }

  /** A drained pod goes only when its ReplicaSet has as many others as it asks for, or asked for when that was decided. */
  #checkReplaced(removed: Pod): void {
    const replicaSet = this.#replicaSetOf(removed);
    if (!replicaSet || replicaSet.metadata.deletionTimestamp !== undefined) return;
    const ready = this.#readyPods((pod) => this.#replicaSetOf(pod) === replicaSet);
    const asked = Math.min(askedOf(replicaSet), ...this.#formerSizesOf(replicaSet).map(({ size }) => size));
    if (ready >= asked || this.#isJustReadyOrNot(removed)) return;
    this.#onViolation(
      `${removed.metadata.name} was drained before its time: ${ready} ready are left, ${asked} are asked for`,
    );
  }

  /** A ready pod is never taken from a Deployment when that leaves fewer available than promised. */
  #checkFloor(removed: Pod): void {
    const deployment = this.#deploymentOf(removed);
    if (!deployment || deployment.metadata.deletionTimestamp !== undefined) return;
    const ready = this.#readyPods((pod) => this.#deploymentOf(pod) === deployment);
    const promised = fewestAvailable(deployment);
    if (ready >= promised || this.#isFresh(this.#scaledAtMs, deployment) || this.#isJustReadyOrNot(removed)) return;
    this.#onViolation(
      `a ready pod of Deployment ${deployment.metadata.name} was removed: ${ready} ready are left, ${promised} are promised`,
    );
  }

  #readyPods(isMeant: (pod: Pod) => boolean): number {
    return this.#truth.list<Pod>("pods").filter((pod) => isActive(pod) && isReady(pod) && isMeant(pod)).length;
  }

  #isFresh(changedAtMs: ReadonlyMap<string, number>, { metadata }: KubeObject): boolean {
    return this.#nowMs() - (changedAtMs.get(metadata.uid ?? "") ?? Number.NEGATIVE_INFINITY) < staleMs;
  }

  /** A decision may rest on the moment before some pod stopped, or this one began, to be ready. */
  #isJustReadyOrNot(removed: Pod): boolean {
    return this.#nowMs() - this.#unreadyAtMs < staleMs || this.#isFresh(this.#readySinceMs, removed);
  }

  #replicaSetOf(pod: Pod): ReplicaSet | undefined {
    const uid = controllerOf(pod)?.uid;
    return this.#truth.list<ReplicaSet>("replicasets.apps").find((one) => one.metadata.uid === uid);
  }

  #deploymentOf(pod: Pod): Deployment | undefined {
    const replicaSet = this.#replicaSetOf(pod);
    const uid = replicaSet && controllerOf(replicaSet)?.uid;
    return this.#truth.list<Deployment>("deployments.apps").find((one) => one.metadata.uid === uid);
  }

  #checkNode(key: string, node: Node | undefined): void {
    const name = node?.metadata.name ?? key.slice(key.lastIndexOf("/") + 1);
    if (node?.spec?.unschedulable !== true) this.#cordonedAtMs.delete(name);
    else if (!this.#cordonedAtMs.has(name)) this.#cordonedAtMs.set(name, this.#nowMs());
    const cidr = node?.spec?.podCIDR;
    if (!cidr) return;
    for (const other of this.#truth.list<Node>("nodes")) {
      if (other.metadata.name !== name && other.spec?.podCIDR === cidr) {
        this.#onViolation(`${name} and ${other.metadata.name} share ${cidr}`);
      }
    }
  }
}

/** Longer than any delay the simulation puts between a report, the cache that decides, and the store. */
const staleMs = longestDelayMs + 1_000;

/** A placement may have been decided just before, and its write be stuck on its way. */
const slowestBindingMs = longestDelayMs + 7_000;

const versionOf = (object: KubeObject): number => Number(object.metadata.resourceVersion ?? 0);

const askedOf = (replicaSet: KubeObject): number => (replicaSet as ReplicaSet).spec.replicas ?? 1;

const restartsOf = (pod: Pod): number => pod.status?.containerStatuses?.[0]?.restartCount ?? 0;
