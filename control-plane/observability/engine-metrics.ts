/** What controllers and the scheduler do, by the names of Kubernetes' controller manager and scheduler. */
import type { Metrics } from "#proto/kit/observability/metrics.ts";
import type { EngineMetrics } from "../controllers/engine/controller.ts";

export function engineMetrics(metrics: Metrics): EngineMetrics {
  const depth = metrics.gauge("workqueue_depth", "Keys that wait or are worked on.", ["name"]);
  const seconds = metrics.histogram("workqueue_work_duration_seconds", "Time spent on a key.", ["name"]);
  const results = metrics.counter("controller_reconcile_total", "Decisions made, by how their writes came out.", [
    "controller",
    "result",
  ]);
  const steps = metrics.counter("controller_steps_total", "Writes and events that were decided.", ["controller"]);
  const attempts = metrics.counter("scheduler_schedule_attempts_total", "Pods the scheduler looked at.", ["result"]);
  const pass = metrics.histogram("scheduler_scheduling_algorithm_duration_seconds", "Time of one pass over pods.");
  const pending = metrics.gauge("scheduler_pending_pods", "Pods that no node fits.", ["queue"]);
  return {
    worked(controller, result, tookMs, stepCount) {
      seconds.observe(tookMs / 1000, controller);
      results.add(1, controller, result);
      if (stepCount > 0) steps.add(stepCount, controller);
    },
    queued: (controller, size) => depth.set(size, controller),
    scheduled({ placed, unplaced, tookMs, waiting }) {
      if (placed > 0) attempts.add(placed, "scheduled");
      if (unplaced > 0) attempts.add(unplaced, "unschedulable");
      pass.observe(tookMs / 1000);
      pending.set(waiting, "unschedulable");
    },
  };
}
