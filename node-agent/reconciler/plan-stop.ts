/** PURE. Stopping: the container's stop signal, its grace, SIGKILL; then everything of the pod goes, in the order it came, reversed. */
import type { Pod } from "#proto/resources/pod.ts";
import type { PodRecord, Stop } from "../journal/record.ts";
import { containerId, parseContainerId } from "../runtime/container-id.ts";
import { ownGraceMs, recordOf } from "./pod-machine.ts";
import { type Draft, hookKey, type Step, type StepOf } from "./steps.ts";
import { signalNumber } from "./stop-signal.ts";
import type { ObservedContainer, ObservedPod, PodView } from "./view.ts";

/** A pod that is to go: stops what runs, then removes all of it, its logs too. */
export function planStop(record: PodRecord, view: PodView): Draft {
  const { stop } = record;
  if (!stop) return { record, steps: [], reasons: [] };
  const stopping = stopAll(record, view, stop);
  return draftOf(stopping, teardown(view.observed, true), view);
}

/** A pod that came to its end, by itself or by its deadline: its record and logs stay until it is deleted. */
export function planRemains(record: PodRecord, view: PodView): Draft {
  const stop: Stop = record.expired ?? {
    startedAtMs: endedAt(record, view),
    startedAtWallMs: view.now.wallMs,
    graceMs: ownGraceMs(record.pod),
    reason: "Completed",
    message: "the pod's containers have ended",
  };
  const stopping = stopAll(record, view, stop);
  return draftOf(stopping, teardown(view.observed, false), view);
}

function draftOf(stopping: Stopping, removal: readonly Step[], view: PodView): Draft {
  const { record, steps, recheck, waiting, reasons } = stopping;
  if (waiting) return { record, steps, ...recheck, reasons };
  const setup = removal.length > 0 ? record.setup : undefined;
  if (!setup || view.now.bootMs >= setup.notBeforeMs) return { record, steps: removal, reasons: [] };
  return { record, steps: [], recheckAtMs: setup.notBeforeMs, reasons: [setup.message] };
}

/** Sidecars of an ended pod get their grace from the end of its last main container. */
function endedAt(record: PodRecord, view: PodView): number {
  const ends = record.pod.spec.containers.map(({ name }) => recordOf(record, name).ended?.finishedAtMs ?? 0);
  return view.now.bootMs - Math.max(0, view.now.wallMs - Math.max(...ends));
}

export function isGone(observed: ObservedPod): boolean {
  const { sandbox, addresses, volumes, logs, containers, rootfses } = observed;
  return !sandbox && !addresses && volumes === "absent" && !logs && containers.length === 0 && rootfses.length === 0;
}

interface Stopping {
  readonly record: PodRecord;
  readonly steps: readonly Step[];
  readonly recheck: { readonly recheckAtMs?: number };
  /** Some container still runs. */
  readonly waiting: boolean;
  readonly reasons: readonly string[];
}

function stopAll(record: PodRecord, view: PodView, stop: Stop): Stopping {
  let current = record;
  let recheckAtMs = Number.POSITIVE_INFINITY;
  const steps: Step[] = [];
  const running = view.observed.containers.filter((container) => container.state === "running");
  for (const container of toStopNow(record, running, stop, view)) {
    const one = stopOne(current, container, stop, view);
    current = one.record;
    steps.push(...one.steps);
    recheckAtMs = Math.min(recheckAtMs, one.recheckAtMs);
  }
  return {
    record: current,
    steps,
    recheck: Number.isFinite(recheckAtMs) ? { recheckAtMs } : {},
    waiting: running.length > 0,
    reasons: running.map(({ name }) => `waits for container ${name} to stop`),
  };
}

/** Sidecars serve the others to their end: they stop after them, the last of the list first. At the end of the grace all go at once. */
function toStopNow(
  { pod }: PodRecord,
  running: readonly ObservedContainer[],
  stop: Stop,
  view: PodView,
): readonly ObservedContainer[] {
  if (view.now.bootMs >= stop.startedAtMs + stop.graceMs) return running;
  const order = (pod.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  const rank = ({ name }: ObservedContainer): number => order.findIndex((sidecar) => sidecar.name === name);
  const last = Math.max(...running.map(rank));
  return running.some((container) => rank(container) < 0)
    ? running.filter((container) => rank(container) < 0)
    : running.filter((container) => rank(container) === last);
}

export interface StopMove {
  readonly record: PodRecord;
  readonly steps: readonly Step[];
  readonly recheckAtMs: number;
}

/** One running container on its way out. The signal is recorded as sent by its outcome, so a crash before it sends it again. */
export function stopOne(record: PodRecord, container: ObservedContainer, stop: Stop, view: PodView): StopMove {
  const known = recordOf(record, container.name);
  const isCurrent = known.attempt === container.attempt;
  const deadlineMs = stop.startedAtMs + stop.graceMs;
  const { name, id } = container;
  // What is frozen goes on first: it could not hear of its end.
  const thaw: readonly Step[] = container.paused ? [{ kind: "resume-container", container: name, id }] : [];
  if (view.now.bootMs < deadlineMs && isCurrent) {
    if (known.signaled) return { record, steps: thaw, recheckAtMs: deadlineMs };
    if (hasHook(record.pod, name) && !known.preStopped) {
      const hook = beforeStop(record, container, deadlineMs, view);
      return { ...hook, steps: [...thaw, ...hook.steps] };
    }
    const signal = signalNumber(stop.signal ?? ownSignal(record.pod, name) ?? known.image?.stopSignal);
    const steps: readonly Step[] = [...thaw, { kind: "signal-container", container: name, id, signal }];
    return { record, steps, recheckAtMs: deadlineMs };
  }
  const repeatAtMs = known.killedAtMs === undefined ? 0 : known.killedAtMs + view.settings.killRepeatMs;
  if (isCurrent && view.now.bootMs < repeatAtMs) return { record, steps: [], recheckAtMs: repeatAtMs };
  return {
    record,
    steps: [...thaw, { kind: "kill-container", container: name, id }],
    recheckAtMs: view.now.bootMs + view.settings.killRepeatMs,
  };
}

/** The preStop hook goes first; the stop signal waits for it, the end of the grace does not. */
function beforeStop(record: PodRecord, { name, id }: ObservedContainer, deadlineMs: number, view: PodView): StopMove {
  const isUnderWay = view.observed.hooks.includes(hookKey("preStop", id));
  const step: Step = { kind: "run-hook", hook: "preStop", container: name, id };
  return { record, steps: isUnderWay ? [] : [step], recheckAtMs: deadlineMs };
}

const ownSignal = (pod: Pod, name: string): string | undefined =>
  [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find((one) => one.name === name)?.lifecycle?.stopSignal;

const hasHook = (pod: Pod, name: string): boolean =>
  [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find((one) => one.name === name)?.lifecycle?.preStop !==
  undefined;

/** Containers that are not the current, living attempt. */
export function strays(record: PodRecord, view: PodView): readonly Step[] {
  const steps: Step[] = [];
  if (view.now.bootMs < (record.setup?.notBeforeMs ?? 0)) return steps;
  for (const { name, id, attempt, state } of view.observed.containers) {
    const known = record.containers[name];
    if (known && known.attempt === attempt && !known.ended) continue;
    if (state === "running") steps.push({ kind: "kill-container", container: name, id });
    else steps.push({ kind: "remove-container", container: name, id, attempt });
  }
  const current = new Set(
    Object.entries(record.containers).flatMap(([name, { attempt, ended }]) => {
      return attempt < 0 || ended ? [] : [containerId({ podUid: record.uid, name, attempt })];
    }),
  );
  return [...steps, ...strayRootfses(view.observed).filter(({ id }) => !current.has(id))];
}

/** Root filesystems whose container is gone, or was never made. */
function strayRootfses({ containers, rootfses }: ObservedPod): readonly StepOf<"remove-container">[] {
  const ids = new Set(containers.map(({ id }) => id));
  return rootfses
    .filter((id) => !ids.has(id))
    .map((id) => {
      const { name = "", attempt = -1 } = parseContainerId(id) ?? {};
      return { kind: "remove-container", container: name, id, attempt };
    });
}

/**
 * Everything of a pod, in the reverse order of its making, but the network last: the kernel takes links along with the sandbox's namespace.
 * Nothing may run any more, except where `remove-container` may kill.
 */
export function teardown(observed: ObservedPod, withLogs: boolean): readonly Step[] {
  const steps: Step[] = [];
  for (const { name, id, attempt } of observed.containers) {
    steps.push({ kind: "remove-container", container: name, id, attempt });
  }
  steps.push(...strayRootfses(observed));
  if (observed.volumes !== "absent") steps.push({ kind: "remove-volumes" });
  if (observed.sandbox) steps.push({ kind: "remove-sandbox" });
  if (withLogs && observed.logs) steps.push({ kind: "remove-logs" });
  if (observed.addresses) steps.push({ kind: "detach-network" });
  return steps;
}
