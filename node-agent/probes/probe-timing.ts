/** Kubernetes' probe fields as the schedule's numbers, with Kubernetes' defaults. */
import type { Probe } from "#proto/resources/pod.ts";
import type { ProbeTiming } from "./schedule.ts";

export type ProbeType = "startup" | "liveness" | "readiness";

const eagerMs = 100;

export function probeTiming(probe: Probe, type: ProbeType): ProbeTiming {
  return {
    initialDelayMs: (probe.initialDelaySeconds ?? 0) * 1000,
    periodMs: (probe.periodSeconds || 10) * 1000,
    timeoutMs: (probe.timeoutSeconds || 1) * 1000,
    successThreshold: probe.successThreshold || 1,
    failureThreshold: probe.failureThreshold || 3,
    ...(type !== "liveness" && { eagerMs }),
  };
}
