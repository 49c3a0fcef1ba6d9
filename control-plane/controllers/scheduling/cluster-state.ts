/**
 * Follows the cache: keeps the scheduler's snapshot, the pods that want a node, and those that wait for an event that could
 * help them. A pod between decision and commit is assumed: only its own binding or a refused write changes that.
 */
import type { CacheChange } from "#control-plane/cache/cache.ts";
import type { PodFacts } from "#control-plane/scheduler/pod-facts.ts";
import type { ClusterEvent } from "#control-plane/scheduler/rule.ts";
import { filters } from "#control-plane/scheduler/rules.ts";
import type { Unplaced } from "#control-plane/scheduler/schedule.ts";
import { Snapshot } from "#control-plane/scheduler/snapshot.ts";
import type { Node, Pod } from "../model/kinds.ts";
import { isTerminating } from "../model/ownership.ts";
import { isAssigned, isFinished, isLost } from "../model/pod-state.ts";
import { FactReader, nodeFacts } from "./facts.ts";

const helpedBy: ReadonlyMap<string, readonly ClusterEvent[]> = new Map(
  filters.map((filter) => [filter.name, filter.helpedBy]),
);

export class ClusterState {
  readonly snapshot = new Snapshot();
  readonly #facts = new FactReader();
  /** Pods to be tried next. */
  readonly #pending = new Map<string, PodFacts>();
  readonly #waiting = new Map<string, Unplaced>();
  readonly #assumed = new Map<string, PodFacts>();

  get hasPending(): boolean {
    return this.#pending.size > 0;
  }

  get waitingCount(): number {
    return this.#waiting.size;
  }

  /** True when there is something to schedule now. */
  podChanged(change: CacheChange): boolean {
    const pod = change.object as Pod;
    const uid = pod.metadata.uid ?? "";
    const previous = change.previous as Pod | undefined;
    if (previous && previous.metadata.uid !== uid) this.#drop(previous.metadata.uid ?? "");
    if (change.type === "deleted" || isFinished(pod)) {
      const held = this.snapshot.placement(uid) !== undefined;
      this.#drop(uid);
      return held && this.#happened("pod-removed");
    }
    if (isAssigned(pod)) return this.#assignedChanged(pod, previous);
    return this.#unassignedChanged(pod, previous);
  }

  nodeChanged(change: CacheChange): boolean {
    const node = change.object as Node;
    if (change.type === "deleted") {
      this.snapshot.removeNode(node.metadata.name);
      return false;
    }
    const before = this.snapshot.node(node.metadata.name)?.facts;
    const facts = nodeFacts(node);
    this.snapshot.setNode(facts);
    if (!before) return this.#happened("node-added");
    const events: ClusterEvent[] = [];
    if (differ(before.labels, facts.labels)) events.push("node-labels");
    if (differ(before.taints, facts.taints)) events.push("node-taints");
    if (differ(before.allocatable, facts.allocatable)) events.push("node-allocatable");
    if (differ(before.features, facts.features)) events.push("node-features");
    if (!before.isReady && facts.isReady) events.push("node-ready");
    if (before.isUnschedulable && !facts.isUnschedulable) events.push("node-unschedulable");
    return this.#happened(...events);
  }

  namespaceChanged(change: CacheChange): boolean {
    const labels = change.type === "deleted" ? undefined : (change.object.metadata.labels ?? {});
    this.snapshot.setNamespace(change.name, labels);
    return change.type === "modified" && this.#happened("namespace-labels");
  }

  /** Takes up to `limit` pods to schedule, oldest first. */
  take(limit: number): readonly PodFacts[] {
    const taken: PodFacts[] = [];
    for (const pod of this.#pending.values()) {
      if (taken.length >= limit) break;
      taken.push(pod);
    }
    for (const pod of taken) this.#pending.delete(pod.uid);
    return taken;
  }

  /** The snapshot holds it already; from here on only `release` or its binding in the cache end the assumption. */
  assume(pod: PodFacts): void {
    this.#assumed.set(pod.uid, pod);
  }

  wait(unplaced: Unplaced): void {
    this.#waiting.set(unplaced.pod.uid, unplaced);
  }

  /** The write did not happen: the place is free again, and the pod, if it still wants one, is tried again. */
  release(uid: string, current: Pod | undefined): void {
    const pod = this.#assumed.get(uid);
    if (!pod) return;
    this.#assumed.delete(uid);
    this.snapshot.removePod(uid);
    if (current?.metadata.uid !== uid) return;
    if (isAssigned(current)) this.#assignedChanged(current, undefined);
    else this.#unassignedChanged(current, undefined);
  }

  /** Everything that waits is tried again. */
  retryWaiting(): void {
    for (const [uid, { pod }] of this.#waiting) this.#pending.set(uid, pod);
    this.#waiting.clear();
  }

  #assignedChanged(pod: Pod, previous: Pod | undefined): boolean {
    const uid = pod.metadata.uid ?? "";
    this.#pending.delete(uid);
    this.#waiting.delete(uid);
    this.#assumed.delete(uid);
    const nodeName = pod.spec.nodeName ?? "";
    const isKnown = this.snapshot.placement(uid) === nodeName;
    if (isKnown && previous && isAssigned(previous) && !matters(previous, pod)) return false;
    this.snapshot.setPod(this.#facts.pod(pod), nodeName);
    return this.#happened(isKnown ? "pod-labels" : "pod-added");
  }

  #unassignedChanged(pod: Pod, previous: Pod | undefined): boolean {
    const uid = pod.metadata.uid ?? "";
    if (this.#assumed.has(uid)) return false;
    if (isTerminating(pod) || !wantsUs(pod)) {
      this.#drop(uid);
      return false;
    }
    if (this.#waiting.has(uid) && previous && !matters(previous, pod)) return false;
    this.#waiting.delete(uid);
    this.#pending.set(uid, this.#facts.pod(pod));
    return true;
  }

  #drop(uid: string): void {
    this.#pending.delete(uid);
    this.#waiting.delete(uid);
    this.#assumed.delete(uid);
    this.snapshot.removePod(uid);
  }

  #happened(...events: readonly ClusterEvent[]): boolean {
    if (events.length === 0 || this.#waiting.size === 0) return false;
    let woken = false;
    for (const [uid, { pod, refusedBy }] of this.#waiting) {
      const helps =
        refusedBy.size === 0 ||
        [...refusedBy].some((name) => events.some((event) => helpedBy.get(name)?.includes(event)));
      if (!helps) continue;
      this.#waiting.delete(uid);
      this.#pending.set(uid, pod);
      woken = true;
    }
    return woken;
  }
}

/** Whether a change of the object could change its facts; a status report does not. */
function matters(before: Pod, after: Pod): boolean {
  return (
    before.metadata.generation !== after.metadata.generation ||
    isTerminating(before) !== isTerminating(after) ||
    isLost(before) !== isLost(after) ||
    differ(before.metadata.labels, after.metadata.labels) ||
    differ(before.spec.schedulingGates, after.spec.schedulingGates)
  );
}

function wantsUs(pod: Pod): boolean {
  const gates = pod.spec.schedulingGates;
  if (gates !== undefined && gates.length > 0) return false;
  const name = pod.spec.schedulerName;
  return name === undefined || name === "" || name === "default-scheduler";
}

const differ = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);
