/**
 * Since when pods are ready as far as this process knows, by a clock that nobody sets. A stamp in a pod is of the control plane that wrote it,
 * whose clock may be ahead of ours: without this, a pod would become available only when ours has caught up, and one that is available would not
 * be any more when ours is set back.
 */
import type { Clock } from "#proto/kit/clock.ts";
import type { Pod } from "./kinds.ts";
import { instantMs, podCondition } from "./pod-state.ts";

interface Sighting {
  /** The stamp it was seen with: another one means that it was not ready in between. */
  readonly stamp: string;
  /** What its stamp said when it was first seen; the moment of that, when the stamp was ahead. */
  readonly sinceMonotonicMs: number;
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
      const readyForMs = Math.max(0, this.#clock.nowMs() - (instantMs(stamp) ?? Number.POSITIVE_INFINITY));
      sighting = { stamp, sinceMonotonicMs: nowMs - readyForMs };
      this.#byUid.set(uid, sighting);
    }
    return this.#clock.nowMs() - (nowMs - sighting.sinceMonotonicMs);
  }

  forget(uid: string): void {
    this.#byUid.delete(uid);
  }
}
