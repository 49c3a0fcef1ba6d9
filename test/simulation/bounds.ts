/**
 * The safety rules of replication, on the store's truth after every transaction: a ReplicaSet never has more pods than it
 * asks for, a Deployment never more than its surge allows. What a person (or a returning node) made too many may only shrink.
 */
import { isFinished, isLost, isToBeReplaced } from "#control-plane/controllers/model/pod-state.ts";
import type { Deployment } from "#proto/resources/deployment.ts";
import { scaledValue } from "#proto/resources/int-or-string.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { controllerOf } from "#proto/resources/owner.ts";
import type { Pod } from "#proto/resources/pod.ts";
import type { ReplicaSet } from "#proto/resources/replica-set.ts";
import { longestDelayMs } from "./chaos.ts";
import type { TrueChange, Truth } from "./truth.ts";

/** Serves, or is going to. */
export const isActive = (pod: Pod): boolean =>
  pod.metadata.deletionTimestamp === undefined && !isFinished(pod) && !isLost(pod);

/** Against the bounds: one that a drain wants replaced serves on beside its successor. */
const isCounted = (pod: Pod): boolean => isActive(pod) && !isToBeReplaced(pod);

/** Longer than a decision takes from the cache it was made on to the store. */
const onItsWayMs = longestDelayMs + 1_000;

export class Bounds {
  readonly #truth: Truth;
  readonly #nowMs: () => number;
  readonly #onViolation: (message: string) => void;
  /** By owner uid, how many are tolerated because they are left from before. */
  readonly #leftover = new Map<string, number>();
  /** By ReplicaSet uid, the largest size it may still be acting on. */
  readonly #returnedAtMs = new Map<string, number>();
  readonly #observed = new Map<string, number>();

  constructor(truth: Truth, nowMs: () => number, onViolation: (message: string) => void) {
    this.#truth = truth;
    this.#nowMs = nowMs;
    this.#onViolation = onViolation;
  }

  check(changes: readonly TrueChange[]): void {
    const relevant = changes.some(({ resource }) => resource === "pods" || resource.endsWith(".apps"));
    if (!relevant) return;
    const loosened = new Set(changes.flatMap(loosens));
    for (const uid of loosened) this.#returnedAtMs.set(uid, this.#nowMs());
    const active = new Map<string, number>();
    for (const pod of this.#truth.list<Pod>("pods")) {
      const owner = controllerOf(pod)?.uid ?? "";
      if (isCounted(pod)) active.set(owner, (active.get(owner) ?? 0) + 1);
    }
    const perDeployment = new Map<string, { active: number; asked: number }>();
    for (const replicaSet of this.#truth.list<ReplicaSet>("replicasets.apps")) {
      const uid = replicaSet.metadata.uid ?? "";
      const count = active.get(uid) ?? 0;
      const asked = this.#mayMake(replicaSet);
      // A copy that comes back makes both its ReplicaSet and the Deployment above it too large,
      // and for a moment its replacement may still be on its way.
      const returnedAtMs = this.#returnedAtMs.get(uid) ?? Number.NEGATIVE_INFINITY;
      if (this.#nowMs() - returnedAtMs < onItsWayMs) loosened.add(uid).add(controllerOf(replicaSet)?.uid ?? "");
      if (!hasObserved(replicaSet)) loosened.add(uid);
      this.#hold(replicaSet, count, replicaSet.spec.replicas ?? 1, loosened);
      const owner = controllerOf(replicaSet)?.uid ?? "";
      const sum = perDeployment.get(owner) ?? { active: 0, asked: 0 };
      perDeployment.set(owner, { active: sum.active + count, asked: sum.asked + asked });
    }
    for (const deployment of this.#truth.list<Deployment>("deployments.apps")) {
      const uid = deployment.metadata.uid ?? "";
      const { active: count, asked } = perDeployment.get(uid) ?? { active: 0, asked: 0 };
      if (!hasObserved(deployment)) loosened.add(uid);
      this.#hold(deployment, Math.max(count, asked), mostPods(deployment), loosened);
    }
  }

  /** Pods that may come of decisions already made: until it has observed a smaller size, those of the size before. */
  #mayMake(replicaSet: ReplicaSet): number {
    const uid = replicaSet.metadata.uid ?? "";
    const asked = replicaSet.spec.replicas ?? 1;
    const most = hasObserved(replicaSet) ? asked : Math.max(asked, this.#observed.get(uid) ?? 0);
    this.#observed.set(uid, most);
    return most;
  }

  #hold({ kind, metadata }: KubeObject, count: number, allowed: number, loosened: ReadonlySet<string>): void {
    const { uid = "", name } = metadata;
    const leftover = this.#leftover.get(uid) ?? 0;
    if (count <= allowed) this.#leftover.set(uid, 0);
    else if (loosened.has(uid) || count <= leftover) this.#leftover.set(uid, count);
    else this.#onViolation(`${kind} ${name} has ${count} active pods, ${allowed} are allowed`);
  }
}

/** Decisions on the spec before may still be on their way. */
const hasObserved = ({ metadata, status }: ReplicaSet | Deployment): boolean =>
  (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);

/** Owners whose count may now be above the bound through no decision to create: told to shrink, or copies came back. */
function loosens({ resource, before, after }: TrueChange): readonly string[] {
  if (!before || !after) return [];
  if (resource === "pods") {
    const returned = isLost(before as unknown as Pod) && !isLost(after as unknown as Pod);
    return returned ? [controllerOf(after)?.uid ?? ""] : [];
  }
  const shrank = limitOf(resource, after) < limitOf(resource, before);
  return shrank ? [after.metadata.uid ?? ""] : [];
}

function limitOf(resource: string, object: KubeObject): number {
  if (resource === "deployments.apps") return mostPods(object as unknown as Deployment);
  if (resource === "replicasets.apps") return (object as unknown as ReplicaSet).spec.replicas ?? 1;
  return Number.POSITIVE_INFINITY;
}

export function mostPods(deployment: Deployment): number {
  const replicas = deployment.spec.replicas ?? 1;
  if (deployment.spec.strategy?.type === "Recreate") return replicas;
  return replicas + scaledValue(deployment.spec.strategy?.rollingUpdate?.maxSurge ?? "25%", replicas, "up");
}

/** Both bounds zero is not asked for in the simulation. */
export function fewestAvailable(deployment: Deployment): number {
  const replicas = deployment.spec.replicas ?? 1;
  if (deployment.spec.strategy?.type === "Recreate") return 0;
  return replicas - scaledValue(deployment.spec.strategy?.rollingUpdate?.maxUnavailable ?? "25%", replicas, "down");
}
