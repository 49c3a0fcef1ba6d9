/** PURE. What a step's end means for the record. */
import type { ContainerRecord, PodRecord, UsedImage } from "../journal/record.ts";
import { containerId } from "../runtime/container-id.ts";
import { type FailureWords, failedAgain } from "./backoff-delay.ts";
import { recordOf } from "./pod-machine.ts";
import type { Step } from "./steps.ts";
import type { ReconcilerSettings } from "./view.ts";

export type Outcome =
  /** `pin`: the digest that the image of a pull means. */
  | { readonly kind: "done"; readonly image?: UsedImage; readonly pin?: string }
  /** `words` in Kubernetes' reasons: ErrImagePull, CreateContainerConfigError, RunContainerError … */
  | { readonly kind: "failed"; readonly words: FailureWords };

export function recordOutcome(
  record: PodRecord,
  step: Step,
  outcome: Outcome,
  settings: ReconcilerSettings,
  bootMs: number,
): PodRecord {
  if (outcome.kind === "failed") return recordFailure(record, step, outcome.words, settings, bootMs);
  switch (step.kind) {
    case "pull-image":
      return {
        ...record,
        pulls: without(record.pulls, step.reference),
        ...(outcome.pin !== undefined && { pins: { ...record.pins, [step.reference]: outcome.pin } }),
      };
    case "create-container":
      return withContainer(record, step.container, (known) => ({
        ...known,
        ...(outcome.image && { image: outcome.image }),
      }));
    case "start-container":
      return withContainer(record, step.container, ({ creation: _, ...known }) => ({ ...known, started: true }));
    case "run-hook":
      return ofAttempt(record, step, (known) =>
        step.hook === "postStart" ? { ...known, postStarted: true } : { ...known, preStopped: true },
      );
    case "signal-container":
      return withContainer(record, step.container, (known) => ({ ...known, signaled: true }));
    case "kill-container":
      return withContainer(record, step.container, (known) => ({ ...known, killedAtMs: bootMs }));
    case "pause-container":
    case "resume-container":
    case "prepare-volumes": {
      const { setup: _, ...rest } = record;
      return rest;
    }
    default:
      return record;
  }
}

function recordFailure(
  record: PodRecord,
  step: Step,
  words: FailureWords,
  settings: ReconcilerSettings,
  bootMs: number,
): PodRecord {
  switch (step.kind) {
    case "pull-image": {
      const failure = failedAgain(record.pulls[step.reference], words, settings.pull, bootMs);
      return { ...record, pulls: { ...record.pulls, [step.reference]: failure } };
    }
    case "create-container":
    case "start-container":
      return withContainer(record, step.container, (known) => ({
        ...known,
        creation: failedAgain(known.creation, words, settings.setup, bootMs),
      }));
    case "run-hook":
      if (step.hook === "preStop") return recordOutcome(record, step, { kind: "done" }, settings, bootMs);
      return ofAttempt(record, step, (known) => ({ ...known, hookFailed: words.message }));
    // Tried again by the clock (SIGKILL at the end of the grace, then repeated), not by back-off.
    case "signal-container":
    case "kill-container":
      return recordOutcome(record, step, { kind: "done" }, settings, bootMs);
    default:
      return { ...record, setup: failedAgain(record.setup, words, settings.setup, bootMs) };
  }
}

function withContainer(
  record: PodRecord,
  name: string,
  change: (known: ContainerRecord) => ContainerRecord,
): PodRecord {
  if (record.containers[name] === undefined) return record;
  return { ...record, containers: { ...record.containers, [name]: change(recordOf(record, name)) } };
}

/** A hook may end when its attempt is history. */
function ofAttempt(
  record: PodRecord,
  step: { readonly container: string; readonly id: string },
  change: (known: ContainerRecord) => ContainerRecord,
): PodRecord {
  return withContainer(record, step.container, (known) => {
    const id = containerId({ podUid: record.uid, name: step.container, attempt: known.attempt });
    return id === step.id ? change(known) : known;
  });
}

function without<Value>(from: Readonly<Record<string, Value>>, key: string): Readonly<Record<string, Value>> {
  const { [key]: _, ...rest } = from;
  return rest;
}

/** Waits after failures are over: what they failed on may have changed. */
export function nudged(record: PodRecord): PodRecord {
  const containers = Object.entries(record.containers).map(([name, known]): [string, ContainerRecord] => {
    return [name, known.creation ? { ...known, creation: { ...known.creation, notBeforeMs: 0 } } : known];
  });
  return {
    ...record,
    containers: Object.fromEntries(containers),
    pulls: Object.fromEntries(Object.entries(record.pulls).map(([name, pull]) => [name, { ...pull, notBeforeMs: 0 }])),
    ...(record.setup && { setup: { ...record.setup, notBeforeMs: 0 } }),
  };
}
