/**
 * Since when this process has known pods as ready, by a clock that nobody sets. A stamp in a pod is of the control plane that wrote it, whose
 * clock may be ahead of ours: without this, a pod would become available only when ours has caught up.
 */
import type { Clock } from "#proto/kit/clock.ts";
import type { Pod } from "./kinds.ts";
import { podCondition } from "./pod-state.ts";

interface Sighting {
  /** The stamp it was seen with: another one means that it was not ready in between. */
  readonly stamp: string;
  readonly atMonotonicMs: number;
}

export class ReadySightings {
  readonly #clock: Clock;
  readonly #byUid = new Map<string, Sighting>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** As an instant of our wall clock as it goes now; undefined while it is not ready. Looking is what notes it. */
  sinceMs(pod: Pod): number | undefined {
    const { uid = "" } = pod.metadata;
    const ready = podCondition(pod, "Ready");
    if (ready?.status !== "True") {
      this.#byUid.delete(uid);
      return undefined;
    }
    const nowMs = this.#clock.monotonicMs();
    const stamp = ready.lastTransitionTime ?? "";
    let sighting = this.#byUid.get(uid);
    if (sighting?.stamp !== stamp) {
      sighting = { stamp, atMonotonicMs: nowMs };
      this.#byUid.set(uid, sighting);
    }
    return this.#clock.nowMs() - (nowMs - sighting.atMonotonicMs);
  }

  forget(uid: string): void {
    this.#byUid.delete(uid);
  }
}
