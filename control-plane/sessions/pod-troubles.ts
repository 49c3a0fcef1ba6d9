/** Pods that do not run as they should, gathered by reason: the most frequent first, each with an example. Pure. */

import type { PodTrouble } from "#proto/resources/cluster-status.ts";
import { getCondition } from "#proto/resources/conditions.ts";
import type { ContainerStatus, Pod } from "#proto/resources/pod.ts";

export interface PodSummary {
  /** Number of pods by phase; Terminating beside the phases. */
  readonly phases: Readonly<Record<string, number>>;
  readonly troubles: readonly PodTrouble[];
}

/** A pod may take this long to start, and this much longer than its grace period to stop. */
const startPatienceMs = 30_000;
const stopPatienceMs = 30_000;
const maxReasons = 8;

export class PodTally {
  readonly #nowMs: number;
  readonly #phases: Record<string, number> = {};
  readonly #troubles = new Map<string, { count: number; readonly example: string; readonly message: string }>();

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  add(pod: Pod): void {
    const isStopping = pod.metadata.deletionTimestamp !== undefined;
    const phase = isStopping ? "Terminating" : (pod.status?.phase ?? "Pending");
    this.#phases[phase] = (this.#phases[phase] ?? 0) + 1;
    const trouble = isStopping ? this.#stuckStop(pod) : this.#stuckStart(pod);
    if (!trouble) return;
    const known = this.#troubles.get(trouble.reason);
    if (known) known.count++;
    else {
      const example = `${pod.metadata.namespace ?? ""}/${pod.metadata.name}`;
      this.#troubles.set(trouble.reason, { count: 1, example, message: trouble.message });
    }
  }

  summary(): PodSummary {
    const troubles = [...this.#troubles]
      .map(([reason, { count, example, message }]) => ({ reason, count, example, message }))
      .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
    return { phases: this.#phases, troubles: troubles.slice(0, maxReasons) };
  }

  #stuckStop({ metadata }: Pod): Trouble | undefined {
    // Its stamp lies in the future by the grace period.
    const dueAtMs = Date.parse(metadata.deletionTimestamp ?? "");
    if (!(this.#nowMs - dueAtMs > stopPatienceMs)) return undefined;
    const seconds = Math.round((this.#nowMs - dueAtMs) / 1000);
    const holders = metadata.finalizers ?? [];
    const message =
      holders.length > 0
        ? `its finalizers hold it (${holders.join(", ")})`
        : `it should have stopped ${seconds} s ago, and its node has not said that it has`;
    return { reason: "Terminating", message };
  }

  #stuckStart(pod: Pod): Trouble | undefined {
    const { status, metadata } = pod;
    if (status?.phase === "Succeeded" || status?.phase === "Failed") return undefined;
    if (getCondition(status?.conditions, "Ready")?.status === "True") return undefined;
    const unplaced = getCondition(status?.conditions, "PodScheduled");
    if (unplaced?.status === "False") return { reason: "Unschedulable", message: unplaced.message ?? "no node fits" };
    const told = containerTrouble([...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]);
    if (told) return told;
    const sinceMs = Date.parse(
      getCondition(status?.conditions, "Ready")?.lastTransitionTime ?? metadata.creationTimestamp ?? "",
    );
    if (!(this.#nowMs - sinceMs > startPatienceMs)) return undefined;
    const unready = getCondition(status?.conditions, "Ready");
    return { reason: unready?.reason ?? "NotReady", message: unready?.message ?? "it is not ready" };
  }
}

interface Trouble {
  readonly reason: string;
  readonly message: string;
}

/** Reasons that pass by themselves while a pod starts. */
const passing: ReadonlySet<string> = new Set(["ContainerCreating", "PodInitializing", "Pulling"]);

function containerTrouble(statuses: readonly ContainerStatus[]): Trouble | undefined {
  for (const { name, state, lastState } of statuses) {
    const { waiting } = state ?? {};
    if (!waiting?.reason || passing.has(waiting.reason)) continue;
    const code = lastState?.terminated?.exitCode;
    const ended = code === undefined ? "" : `container ${name} ended with ${code}; `;
    return { reason: waiting.reason, message: `${ended}${waiting.message ?? "no more is known"}` };
  }
  return undefined;
}
