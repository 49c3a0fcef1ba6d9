/** Rules about how single objects may change (I4, I7): nothing moves back, nothing is written by the wrong hand. */
import { annotations } from "#control-plane/controllers/deployment/plan-view.ts";
import { isFinished, isReady } from "#control-plane/controllers/model/pod-state.ts";
import { podRequests, resourcesFrom } from "#control-plane/scheduler/resources.ts";
import type { Clock } from "#proto/kit/clock.ts";
import type { Deployment } from "#proto/resources/deployment.ts";
import type { Node } from "#proto/resources/node.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { controllerOf } from "#proto/resources/owner.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { fewestAvailable, isActive } from "./bounds.ts";
import type { TrueChange, Truth } from "./truth.ts";

export class History {
  readonly #truth: Truth;
  readonly #nowMs: () => number;
  readonly #machinesRemember: boolean;
  readonly #onViolation: (message: string) => void;
  /** By uid, since when the store has known a pod as ready: decisions cannot have known it before. */
  readonly #readySinceMs = new Map<string, number>();
  /** When some pod last stopped being ready. */
  #unreadyAtMs = Number.NEGATIVE_INFINITY;
  /** By Deployment uid. A rollout under way is scaled in proportion, as in Kubernetes: that asks nobody who is ready. */
  readonly #scaledAtMs = new Map<string, number>();

  /** `machinesRemember`: no node loses power, so that restart counts cannot be forgotten. */
  constructor(truth: Truth, clock: Clock, machinesRemember: boolean, onViolation: (message: string) => void) {
    this.#truth = truth;
    this.#nowMs = () => clock.monotonicMs();
    this.#machinesRemember = machinesRemember;
    this.#onViolation = onViolation;
  }

  /** The changes of one write. What it takes away was decided before anybody knew what else it says. */
  check(changes: readonly TrueChange[]): void {
    for (const { resource, before, after } of changes) {
      if (resource === "pods") this.#noteUnready(before as Pod | undefined, after as Pod | undefined);
    }
    for (const change of changes) {
      this.#checkIdentity(change);
      if (change.resource === "deployments.apps") this.#noteScale(change);
      if (change.resource === "replicasets.apps") this.#noteShare(change);
      if (change.resource === "pods") this.#checkPod(change);
      if (change.resource === "nodes" && change.after) this.#checkNode(change.after as unknown as Node);
    }
  }

  #noteUnready(before: Pod | undefined, after: Pod | undefined): void {
    if (before && isReady(before) && (!after || !isReady(after)) && after?.metadata.deletionTimestamp === undefined) {
      this.#unreadyAtMs = this.#nowMs();
    }
  }

  /** What was decided before anybody knew of the change is on its way for a moment. */
  #noteScale({ before, after }: TrueChange): void {
    const replicas = (object: KubeObject | undefined): unknown => (object as Deployment | undefined)?.spec.replicas;
    if (after && replicas(before) !== replicas(after)) this.#scaledAtMs.set(after.metadata.uid ?? "", this.#nowMs());
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
    }
    if (after?.spec.nodeName && !before?.spec.nodeName) this.#checkRoom(after.spec.nodeName);
    const isRemoval = before && isActive(before) && isReady(before) && (!after || !isActive(after));
    if (isRemoval) this.#checkFloor(before);
  }

  /** The sum of what its pods ask for never exceeds what a node has. */
  #checkRoom(nodeName: string): void {
    const node = this.#truth.list<Node>("nodes").find((one) => one.metadata.name === nodeName);
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

  /** A ready pod is never taken from a Deployment when that leaves fewer available than promised. */
  #checkFloor(removed: Pod): void {
    const deployment = this.#deploymentOf(removed);
    if (!deployment || deployment.metadata.deletionTimestamp !== undefined) return;
    const ready = this.#truth
      .list<Pod>("pods")
      .filter((pod) => isActive(pod) && isReady(pod) && this.#deploymentOf(pod) === deployment).length;
    // A decision may rest on the moment before some pod stopped, or this one began, to be ready.
    const readySinceMs = this.#readySinceMs.get(removed.metadata.uid ?? "") ?? Number.NEGATIVE_INFINITY;
    const scaledAtMs = this.#scaledAtMs.get(deployment.metadata.uid ?? "") ?? Number.NEGATIVE_INFINITY;
    if (this.#nowMs() - scaledAtMs < staleMs) return;
    const isRecent = this.#nowMs() - this.#unreadyAtMs < staleMs || this.#nowMs() - readySinceMs < staleMs;
    if (ready < fewestAvailable(deployment) && !isRecent) {
      this.#onViolation(
        `a ready pod of Deployment ${deployment.metadata.name} was removed: ${ready} ready are left, ${fewestAvailable(deployment)} are promised`,
      );
    }
  }

  #deploymentOf(pod: Pod): Deployment | undefined {
    const setUid = controllerOf(pod)?.uid;
    const replicaSet = this.#truth.list("replicasets.apps").find((one) => one.metadata.uid === setUid);
    const uid = replicaSet && controllerOf(replicaSet)?.uid;
    return this.#truth.list<Deployment>("deployments.apps").find((one) => one.metadata.uid === uid);
  }

  #checkNode(node: Node): void {
    const cidr = node.spec?.podCIDR;
    if (!cidr) return;
    for (const other of this.#truth.list<Node>("nodes")) {
      if (other.metadata.name !== node.metadata.name && other.spec?.podCIDR === cidr) {
        this.#onViolation(`${node.metadata.name} and ${other.metadata.name} share ${cidr}`);
      }
    }
  }
}

/** Longer than any delay the simulation puts between a report and the cache that decides. */
const staleMs = 6_000;

const versionOf = (object: KubeObject): number => Number(object.metadata.resourceVersion ?? 0);

const restartsOf = (pod: Pod): number => pod.status?.containerStatuses?.[0]?.restartCount ?? 0;
