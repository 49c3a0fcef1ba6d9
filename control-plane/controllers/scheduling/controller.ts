/** Feeds the scheduler from the cache and commits what it decides in guarded batches. One key: all pending pods together. */
import { schedule } from "#control-plane/scheduler/schedule.ts";
import type { Controller } from "../engine/controller.ts";
import type { Pod } from "../model/kinds.ts";
import type { ControllerWorld } from "../world.ts";
import { ClusterState } from "./cluster-state.ts";
import { plan } from "./plan.ts";

const everything = "all";
/** A pass is bounded, so that a flood of pods delays nobody else for long. */
const maxPodsPerPass = 1_000;
/** The scan over nodes begins elsewhere each time. */
const stride = 97;

export function schedulingController(world: ControllerWorld): Controller {
  const { cache } = world;
  const state = new ClusterState();
  let startAt = 0;
  const wake = (worth: boolean): readonly string[] => (worth ? [everything] : []);
  const podOf = (uid: string): Pod | undefined => cache.byUid(uid) as Pod | undefined;

  return {
    name: "scheduling",
    source: "default-scheduler",
    concurrency: 1,
    wakes: {
      pods: (change) => wake(state.podChanged(change)),
      nodes: (change) => wake(state.nodeChanged(change)),
      namespaces: (change) => wake(state.namespaceChanged(change)),
    },
    decide(_key, nowMs) {
      if (!state.hasPending) state.retryWaiting();
      const pending = state.take(maxPodsPerPass);
      if (pending.length === 0) return undefined;
      startAt = (startAt + stride) % Math.max(1, state.snapshot.nodes.length);
      const startedAtMs = world.clock.monotonicMs();
      const result = schedule(state.snapshot, pending, { startAt });
      for (const { pod } of result.placements) state.assume(pod);
      for (const one of result.unplaced) state.wait(one);
      world.metrics?.scheduled({
        placed: result.placements.length,
        unplaced: result.unplaced.length,
        tookMs: world.clock.monotonicMs() - startedAtMs,
        waiting: state.waitingCount,
      });
      const decided = plan({ ...result, podOf, waitingCount: state.waitingCount }, nowMs);
      return state.hasPending ? { ...decided, recheckAtMs: nowMs } : decided;
    },
    settled(_key, outcomes) {
      for (const outcome of outcomes) {
        // Unknown: it may stand. The engine sends it again and tells then.
        if (outcome.ok === true || outcome.ok === "unknown") continue;
        state.release(outcome.step.object.metadata.uid ?? "", outcome.current as Pod | undefined);
      }
    },
  };
}
