/** From a stream's target to the container it means; refusals in Kubernetes' words. */
import { Problem } from "#proto/kit/problem.ts";
import { pausedCondition } from "#proto/resources/container-wishes.ts";
import type { Container, Pod } from "#proto/resources/pod.ts";
import type { ContainerRecord, PodRecord } from "../journal/record.ts";
import { isRestarted } from "../reconciler/pod-machine.ts";
import { containerId } from "../runtime/container-id.ts";
import type { StreamTarget } from "./serve-stream.ts";

export type FindRecord = (uid: string) => PodRecord | undefined;

export interface FoundContainer {
  readonly record: PodRecord;
  readonly name: string;
  readonly known: ContainerRecord;
}

export function findPod(target: StreamTarget, find: FindRecord): PodRecord {
  const record = find(target.podUid ?? "");
  if (record) return record;
  throw new Problem("not-found", `pod ${target.namespace}/${target.pod} is not on this node`, {
    object: `Pod ${target.namespace}/${target.pod}`,
  });
}

/** The pod's own first. */
export function containersOf({ spec }: Pod): readonly Container[] {
  return [...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])];
}

/** The container named, or the pod's first. */
export function findContainer(target: StreamTarget, find: FindRecord): FoundContainer {
  const record = findPod(target, find);
  const all = containersOf(record.pod).map(({ name }) => name);
  const name = target.container || all[0] || "";
  const known = record.containers[name];
  if (known) return { record, name, known };
  throw new Problem("bad-request", `container ${name} is not valid for pod ${record.pod.metadata.name}`, {
    hint: `Its containers are: ${all.join(", ")}.`,
  });
}

/** The attempt whose logs are meant. */
export function attemptOf({ record, name, known }: FoundContainer, previous: boolean): number {
  const pod = record.pod.metadata.name;
  if (previous) {
    // What `lastState` tells of: while it waits for its next start, the run that has just ended.
    const last = awaitsRestart(record, name, known) ? known.attempt : known.previous?.attempt;
    if (last !== undefined) return last;
    throw new Problem("not-found", `previous terminated container "${name}" in pod "${pod}" not found`);
  }
  if (known.started) return known.attempt;
  if (known.previous) return known.previous.attempt;
  throw new Problem("bad-request", `container "${name}" in pod "${pod}" is waiting to start`, {
    hint: `See why: orchctl describe pod ${pod}`,
  });
}

function awaitsRestart({ pod }: PodRecord, name: string, known: ContainerRecord): boolean {
  const container = containersOf(pod).find((one) => one.name === name);
  return container !== undefined && known.ended !== undefined && isRestarted(pod, container, known);
}

/** What is frozen would not begin. */
export function refusePaused({ record, name }: FoundContainer): void {
  if (record.conditions[pausedCondition(name)] === undefined) return;
  const pod = record.pod.metadata.name;
  throw new Problem("conflict", `container "${name}" of pod "${pod}" is paused`, {
    hint: `Let it go on: orchctl unpause ${pod}`,
  });
}

/** Id of the attempt that runs now. */
export function runningId({ record, name, known }: FoundContainer): string {
  const pod = record.pod.metadata.name;
  if (!known.started || known.ended) {
    throw new Problem("conflict", `container "${name}" of pod "${pod}" is not running`, {
      hint: `See why: orchctl describe pod ${pod}`,
      retry: "later",
    });
  }
  return containerId({ podUid: record.uid, name, attempt: known.attempt });
}
