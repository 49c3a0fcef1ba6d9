/**
 * Every named step through a pod's start and stop at which a test can kill this agent (see `proto/kit/fault-points.ts`): each says what has
 * just been done. A new step adds its name here and one line where it happens; the unit test and the walk do not pass before both are there.
 */
import type { FaultPoints } from "#proto/kit/fault-points.ts";
import type { StepKind } from "./reconciler/steps.ts";

/** Passed while an agent begins. */
export const beginPoints = ["agent:journal-read", "agent:host-observed"] as const;

/** Passed on a pod's way up, in the order of things. KIND:done = the step's effects are all there, and nobody has noted that yet. */
export const startPoints = [
  "pod:planned",
  "journal:written",
  "journal:renamed",
  "pod:remembered",
  "pull-image:done",
  "sandbox:directory",
  "sandbox:namespaces",
  "sandbox:cgroup",
  "sandbox:record",
  "create-sandbox:done",
  "network:link",
  "network:configured",
  "network:label",
  "attach-network:done",
  "volumes:one-made",
  "prepare-volumes:done",
  "rootfs:directory",
  "rootfs:mounted",
  "holder:started",
  "holder:record",
  "container:bundle",
  "container:config",
  "container:supervisor",
  "container:created",
  "container:record",
  "create-container:done",
  "container:released",
  "container:start-record",
  "start-container:done",
  "run-hook:done",
  "pause-container:done",
  "pod:settled",
] as const;

/** Passed on its way down. */
export const stopPoints = [
  "resume-container:done",
  "signal-container:done",
  "kill-container:done",
  "container:killed",
  "container:supervisor-ended",
  "container:cgroup-removed",
  "container:bundle-removed",
  "rootfs:unmounted",
  "rootfs:in-trash",
  "remove-container:done",
  "volumes:unmounted",
  "remove-volumes:done",
  "sandbox:cgroup-removed",
  "sandbox:unpinned",
  "remove-sandbox:done",
  "remove-logs:done",
  "network:link-removed",
  "detach-network:done",
  "journal:deleted",
] as const;

export const agentFaultPoints = [...beginPoints, ...startPoints, ...stopPoints] as const;

export type AgentFaultPoint = (typeof agentFaultPoints)[number];

export type AgentFaults = FaultPoints<AgentFaultPoint>;

/** A kind of step without a point of this name does not compile. */
export function stepDone(kind: StepKind): AgentFaultPoint {
  return `${kind}:done`;
}
