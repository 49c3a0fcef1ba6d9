/**
 * PURE. What to do next for one pod, and what to say about it. Settles: once its steps have had their effect, it has no more.
 * The record it returns must be in the journal before a step runs; that is what makes an attempt's id unique for ever.
 */
import type { Plan } from "#proto/kit/plan.ts";
import type { PodStatus } from "#proto/resources/pod.ts";
import { freshRecord, type PodRecord, type Stop } from "../journal/record.ts";
import { absorb } from "./absorb.ts";
import { planRun } from "./plan-run.ts";
import { isGone, planRemains, planStop, teardown } from "./plan-stop.ts";
import { isOver, ownGraceMs } from "./pod-machine.ts";
import { derivePodStatus } from "./pod-status.ts";
import type { Draft, Step } from "./steps.ts";
import type { PodView } from "./view.ts";

export interface PodPlan extends Plan<Step> {
  /** undefined = forget the pod. */
  readonly record: PodRecord | undefined;
  readonly status: PodStatus | undefined;
  /** A terminating pod of which nothing is left here. */
  readonly finished: boolean;
}

export function plan(view: PodView): PodPlan {
  const known = knownRecord(view);
  if (!known) return withoutRecord(view);
  const record = withEviction(withDeadline(withStop(absorb(known, view), view), view), view);
  const draft = draftOf(record, view);
  const finished = record.stop !== undefined && draft.steps.length === 0 && isGone(view.observed);
  const { record: final, status } = derivePodStatus({ ...draft.record, finished }, view);
  const forgotten = finished && view.assignment.kind === "unassigned";
  return {
    steps: draft.steps,
    reasons: draft.reasons,
    ...(draft.recheckAtMs !== undefined && { recheckAtMs: draft.recheckAtMs }),
    record: forgotten ? undefined : final,
    status: forgotten ? undefined : status,
    finished,
  };
}

function draftOf(record: PodRecord, view: PodView): Draft {
  if (record.stop) return planStop(record, view);
  if (record.expired || isOver(record.pod, record)) return planRemains(record, view);
  const draft = planRun(record, view);
  const leftMs = deadlineLeftMs(record, view);
  if (leftMs === undefined) return draft;
  return { ...draft, recheckAtMs: Math.min(draft.recheckAtMs ?? Number.POSITIVE_INFINITY, view.now.bootMs + leftMs) };
}

/** Until activeDeadlineSeconds have passed since this agent took the pod on. */
function deadlineLeftMs({ pod, admittedAtMs, admittedAtBootMs }: PodRecord, { now }: PodView): number | undefined {
  const seconds = pod.spec.activeDeadlineSeconds;
  if (seconds === undefined) return undefined;
  const spentMs = admittedAtBootMs === undefined ? now.wallMs - admittedAtMs : now.bootMs - admittedAtBootMs;
  return seconds * 1000 - spentMs;
}

function withDeadline(record: PodRecord, view: PodView): PodRecord {
  const leftMs = deadlineLeftMs(record, view);
  if (record.expired || leftMs === undefined || leftMs > 0 || isOver(record.pod, record)) return record;
  const expired: Stop = {
    startedAtMs: view.now.bootMs,
    startedAtWallMs: view.now.wallMs,
    graceMs: ownGraceMs(record.pod),
    reason: "DeadlineExceeded",
    message: "Pod was active on the node longer than the specified deadline",
  };
  return { ...record, expired };
}

/** A pod that is going already, or has come to its end, goes by that. */
function withEviction(record: PodRecord, { eviction, now }: PodView): PodRecord {
  if (!eviction || record.expired || record.stop || isOver(record.pod, record)) return record;
  const expired: Stop = {
    startedAtMs: now.bootMs,
    startedAtWallMs: now.wallMs,
    graceMs: Math.min(ownGraceMs(record.pod), eviction.graceMs),
    reason: "Evicted",
    message: eviction.message,
  };
  return { ...record, expired };
}

function knownRecord(view: PodView): PodRecord | undefined {
  if (view.assignment.kind !== "assigned") return view.record;
  const { pod } = view.assignment;
  const record = view.record ?? freshRecord(pod, view.uid, view.node.bootId, view.now);
  return { ...record, pod };
}

/** A pod nobody assigned and the journal does not know: taken away, unless the control plane may still name it. */
function withoutRecord(view: PodView): PodPlan {
  const nothing = { record: undefined, status: undefined, finished: false, reasons: [] };
  if (view.assignment.kind === "unknown") return { ...nothing, steps: [] };
  return {
    ...nothing,
    steps: teardown(view.observed, true),
    reasons: ["left over on this node and assigned to nobody"],
  };
}

/** The stop that the assignment asks for. Its start is kept; its grace only ever shrinks. */
function withStop(record: PodRecord, view: PodView): PodRecord {
  const wanted = stopWanted(record, view);
  if (!wanted) {
    if (!record.stop || view.assignment.kind === "unknown") return record;
    const { stop: _, ...rest } = record;
    return { ...rest, finished: false };
  }
  const { stop } = record;
  if (!stop) {
    const { setup: _, ...rest } = record; // what could not be set up must not delay taking it down
    return { ...rest, stop: wanted };
  }
  return wanted.graceMs < stop.graceMs ? { ...record, stop: { ...stop, graceMs: wanted.graceMs } } : record;
}

function stopWanted(record: PodRecord, view: PodView): Stop | undefined {
  const start = { startedAtMs: view.now.bootMs, startedAtWallMs: view.now.wallMs };
  if (view.assignment.kind === "unassigned") {
    return {
      ...start,
      graceMs: ownGraceMs(record.pod),
      reason: "Unassigned",
      message: "no longer assigned to this node",
    };
  }
  const { deletionTimestamp, deletionGracePeriodSeconds } = record.pod.metadata;
  if (deletionTimestamp === undefined) return undefined;
  const graceMs = deletionGracePeriodSeconds === undefined ? ownGraceMs(record.pod) : deletionGracePeriodSeconds * 1000;
  return { ...start, graceMs, reason: "Deleted", message: "the pod was deleted" };
}

/** What a start in progress has to say is better said when it is done, a few milliseconds later. */
export function isStarting({ steps }: PodPlan): boolean {
  return steps.some(({ kind }) => kind === "create-container" || kind === "start-container");
}

/** A deleted pod's last steps: what there is to say comes in one with its end, or with what holds that up. */
export function isLeaving({ record, steps }: PodPlan): boolean {
  return record?.stop !== undefined && steps.some(({ kind }) => kind === "remove-container");
}
