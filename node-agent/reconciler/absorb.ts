/** PURE. Brings a pod's record up to what is observed on the host: attempts, ends, restart back-off. Decides nothing. */

import { wishOf } from "#proto/resources/container-wishes.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { allContainers } from "#proto/resources/pod-containers.ts";
import {
  type ContainerRecord,
  freshContainer,
  type Instant,
  isWished,
  type PodRecord,
  type Termination,
} from "../journal/record.ts";
import { containerId } from "../runtime/container-id.ts";
import { delayMs } from "./backoff-delay.ts";
import { newestOf } from "./newest-container.ts";
import type { ObservedContainer, PodView, ProbeVerdicts, ReconcilerSettings } from "./view.ts";

/** The record after a look at the host. Containers the pod does not name are left out: see `strays`. */
export function absorb(record: PodRecord, view: PodView): PodRecord {
  const containers: Record<string, ContainerRecord> = {};
  for (const { name } of allContainers(record.pod)) {
    const known = record.containers[name] ?? freshContainer;
    containers[name] = absorbContainer(known, name, record.pod, view);
  }
  return { ...record, containers, addresses: view.observed.addresses ?? record.addresses };
}

function absorbContainer(known: ContainerRecord, name: string, pod: Pod, view: PodView): ContainerRecord {
  const newest = newestOf(view.observed.containers, name);
  if (!newest || newest.attempt < known.attempt) {
    return known.started && !known.ended ? afterEnd(known, lost(known, view, name), view) : known;
  }
  let record = newest.attempt > known.attempt ? adopted(known, newest, wishOf(pod, name).restart) : known;
  if (newest.state !== "created") record = { ...record, started: true };
  if (newest.state === "exited" && !record.ended) return afterEnd(record, termination(newest, view.now), view);
  if (newest.state === "running") return withVerdicts(record, view.probes[newest.id]);
  return record;
}

/** An attempt the journal knows nothing of: the journal was lost, the host is right. */
function adopted(known: ContainerRecord, newest: ObservedContainer, restart: number): ContainerRecord {
  const {
    ended,
    held: _,
    stop: __,
    creation: ___,
    postStarted: ____,
    preStopped: _____,
    hookFailed: ______,
    ...rest
  } = known;
  return {
    ...rest,
    attempt: newest.attempt,
    ...(restart > 0 && { restart }),
    started: newest.state !== "created",
    restarts: Math.max(known.restarts, newest.attempt),
    ...(ended && { previous: { ...ended, attempt: known.attempt } }),
    signaled: false,
    startupPassed: false,
    ready: false,
  };
}

function withVerdicts(record: ContainerRecord, verdicts: ProbeVerdicts | undefined): ContainerRecord {
  if (!verdicts) return record;
  return {
    ...record,
    startupPassed: record.startupPassed || verdicts.startup === true,
    ready: verdicts.readiness ?? record.ready,
  };
}

function afterEnd(record: ContainerRecord, ended: Termination, view: PodView): ContainerRecord {
  const { restart } = view.settings;
  const ranMs = ended.finishedAtMs - ended.startedAtMs;
  const { stop, ...rest } = record;
  const held = stop !== undefined && isWished(stop);
  const crashes = held ? record.crashes : ranMs >= restart.healthyAfterMs ? 1 : record.crashes + 1;
  return {
    ...rest,
    ended,
    ...(held && { held }),
    crashes,
    restartNotBeforeMs: held ? view.now.bootMs : notBefore(view.settings, crashes, ended, view.now),
    ready: false,
    startupPassed: false,
  };
}

/** The first restart is immediate, as in Kubernetes. Waits count from the end, not from when we saw it. */
function notBefore(settings: ReconcilerSettings, crashes: number, ended: Termination, now: Instant): number {
  const waitMs = delayMs(settings.restart, crashes - 1);
  const waitedMs = Math.max(0, Math.min(waitMs, now.wallMs - ended.finishedAtMs));
  return now.bootMs + waitMs - waitedMs;
}

function termination(container: ObservedContainer, now: Instant): Termination {
  const exitCode = container.exitCode ?? 137;
  return {
    containerId: container.id,
    exitCode,
    ...(container.signal !== undefined && { signal: container.signal }),
    reason: container.oomKilled ? "OOMKilled" : exitCode === 0 ? "Completed" : "Error",
    ...(container.message !== undefined && { message: container.message }),
    startedAtMs: container.startedAtMs ?? container.finishedAtMs ?? now.wallMs,
    finishedAtMs: container.finishedAtMs ?? now.wallMs,
  };
}

/** It ran, and nothing of it is left: the machine restarted, or someone removed it behind our back. */
function lost(record: ContainerRecord, view: PodView, name: string): Termination {
  return {
    containerId: containerId({ podUid: view.uid, name, attempt: record.attempt }),
    exitCode: 137,
    reason: "ContainerStatusUnknown",
    message: "The container is no longer on the node; its exit code is unknown.",
    startedAtMs: view.now.wallMs,
    finishedAtMs: view.now.wallMs,
  };
}
