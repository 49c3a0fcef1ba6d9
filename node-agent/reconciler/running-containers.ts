/** Which of a pod's containers run as far as probes are concerned. */
import type { ContainerRecord, PodRecord } from "../journal/record.ts";
import { parseContainerId } from "../runtime/container-id.ts";
import type { ContainerObservation } from "../runtime/container-runtime.ts";
import { awaitsHook } from "./pod-machine.ts";
import type { RunningContainer } from "./ports.ts";

export function runningContainers(
  record: PodRecord,
  observations: Iterable<ContainerObservation>,
  nowWallMs: number,
): readonly RunningContainer[] {
  const running: RunningContainer[] = [];
  for (const { id, state, startedAtMs, paused } of observations) {
    const identity = parseContainerId(id);
    const known = identity && record.containers[identity.name];
    if (state !== "running" || !known || known.attempt !== identity.attempt || known.stop) continue;
    if (paused || isHeldByHook(record, identity.name, known)) continue;
    running.push({
      id,
      name: identity.name,
      startedAtMs: startedAtMs ?? nowWallMs,
      wasReady: known.ready ? true : undefined,
      startupPassed: known.startupPassed,
    });
  }
  return running;
}

/** Probes begin when the postStart hook is done. */
function isHeldByHook({ pod }: PodRecord, name: string, known: ContainerRecord): boolean {
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const container = all.find((one) => one.name === name);
  return container !== undefined && awaitsHook(container, known);
}
