/** PURE. A pod that should run: what its containers need, in order, and the restarts that are due. */
import { wishOf } from "#proto/resources/container-wishes.ts";
import type { Container } from "#proto/resources/pod.ts";
import { isEphemeral } from "#proto/resources/pod-containers.ts";
import { startsWhenAttached } from "#proto/resources/start-when-attached.ts";
import type { ContainerRecord, PodRecord, Stop } from "../journal/record.ts";
import { pinOf } from "./pins.ts";
import { stopOne, strays } from "./plan-stop.ts";
import { pauseSteps, wishedStop } from "./plan-wish.ts";
import { awaitsHook, nextMove, ownGraceMs, recordOf, turnOf } from "./pod-machine.ts";
import { type Draft, hookKey, type Step } from "./steps.ts";
import type { ObservedContainer, PodView } from "./view.ts";

interface Want {
  readonly container: Container;
  readonly attempt: number;
}

/** Collects while the plan is made; never leaves this file. */
interface Sketch {
  record: PodRecord;
  readonly steps: Step[];
  readonly wants: Want[];
  readonly reasons: string[];
  recheckAtMs: number;
}

export function planRun(record: PodRecord, view: PodView): Draft {
  const steps: Step[] = [...strays(record, view)];
  const sketch: Sketch = { record, steps, wants: [], reasons: [], recheckAtMs: Number.POSITIVE_INFINITY };
  for (const container of turnOf(record.pod, record).active) move(sketch, container, view);
  const retryAtMs = record.setup?.notBeforeMs ?? 0;
  if (retryAtMs > view.now.bootMs) sketch.recheckAtMs = retryAtMs;
  const untilMs = heldUntilMs(view);
  if (sketch.wants.length > 0 && untilMs > 0) {
    sketch.recheckAtMs = Math.min(sketch.recheckAtMs, untilMs);
    sketch.reasons.push("waits a moment for the control plane to say whether it is still wanted here");
  } else if (sketch.wants.length > 0) fulfil(sketch, view);
  else repairNetwork(sketch, view);
  return {
    record: sketch.record,
    steps: sketch.steps,
    reasons: sketch.reasons,
    ...(Number.isFinite(sketch.recheckAtMs) && { recheckAtMs: sketch.recheckAtMs }),
  };
}

/** Until when a fresh agent makes nothing of this pod; 0 = it may. */
function heldUntilMs({ assignment, agentStartedAtMs, settings, observed, now }: PodView): number {
  if (assignment.kind !== "unknown") return 0;
  const untilMs = agentStartedAtMs + (observed.sandbox ? settings.holdMs.standing : settings.holdMs.gone);
  return now.bootMs < untilMs ? untilMs : 0;
}

function move(sketch: Sketch, container: Container, view: PodView): void {
  const { name } = container;
  const next = nextMove(sketch.record.pod, container, sketch.record, view);
  switch (next.kind) {
    case "running":
      followWish(sketch, container, next.observed, view);
      if (!next.observed.paused || recordOf(sketch.record, container.name).stop)
        stopIfOutdatedOrUnhealthy(sketch, container, next.observed, view);
      return;
    case "start":
      start(sketch, name, next.observed.attempt, view);
      return;
    case "wait":
      sketch.recheckAtMs = Math.min(sketch.recheckAtMs, next.untilMs);
      sketch.reasons.push(`container ${name} waits before it is tried again`);
      return;
    case "create":
      sketch.wants.push({ container, attempt: next.attempt });
      return;
    case "held":
    case "ended":
      return;
  }
}

function followWish(sketch: Sketch, container: Container, observed: ObservedContainer, view: PodView): void {
  const stop = wishedStop(sketch.record, container, view);
  if (stop) setContainer(sketch, container.name, { ...recordOf(sketch.record, container.name), stop });
  sketch.steps.push(...pauseSteps(sketch.record, container, observed, view));
}

function stopIfOutdatedOrUnhealthy(
  sketch: Sketch,
  container: Container,
  observed: ObservedContainer,
  view: PodView,
): void {
  const known = recordOf(sketch.record, container.name);
  const verdicts = view.probes[observed.id];
  if (!known.stop && known.image && known.image.reference !== container.image) {
    beginStop(sketch, container, view, `Container ${container.name} definition changed, will be restarted`);
  }
  runPostStart(sketch, container, observed, view);
  const failed = verdicts?.startup === false ? "startup" : verdicts?.liveness === false ? "liveness" : undefined;
  if (failed) {
    const probe = failed === "startup" ? container.startupProbe : container.livenessProbe;
    const message = `Container ${container.name} failed ${failed} probe, will be restarted`;
    beginStop(sketch, container, view, message, probe?.terminationGracePeriodSeconds);
  }
  const { stop } = recordOf(sketch.record, container.name);
  if (!stop) return;
  const stopping = stopOne(sketch.record, observed, stop, view);
  sketch.steps.push(...stopping.steps);
  sketch.recheckAtMs = Math.min(sketch.recheckAtMs, stopping.recheckAtMs);
  sketch.reasons.push(stop.message);
}

/** Begins the hook; what it ends with is in the record, or asks for a stop. */
function runPostStart(sketch: Sketch, container: Container, observed: ObservedContainer, view: PodView): void {
  const known = recordOf(sketch.record, container.name);
  if (!awaitsHook(container, known) || known.stop) return;
  if (known.hookFailed !== undefined) beginStop(sketch, container, view, known.hookFailed);
  else {
    sketch.reasons.push(`container ${container.name} runs its postStart hook`);
    const { id } = observed;
    if (!view.observed.hooks.includes(hookKey("postStart", id)))
      sketch.steps.push({ kind: "run-hook", hook: "postStart", container: container.name, id });
  }
}

/** Kubernetes restarts a container by stopping it: its restart policy does the rest. A stop in progress goes on. */
function beginStop(sketch: Sketch, container: Container, view: PodView, message: string, graceSeconds?: number): void {
  const known = recordOf(sketch.record, container.name);
  if (known.stop) return;
  const stop: Stop = {
    startedAtMs: view.now.bootMs,
    startedAtWallMs: view.now.wallMs,
    graceMs: graceSeconds === undefined ? ownGraceMs(sketch.record.pod) : graceSeconds * 1000,
    reason: "Restarting",
    message,
  };
  setContainer(sketch, container.name, { ...known, stop });
}

function setContainer(sketch: Sketch, name: string, container: ContainerRecord): void {
  sketch.record = { ...sketch.record, containers: { ...sketch.record.containers, [name]: container } };
}

/** Pulls go first: they run in the background while the sandbox is made. */
function fulfil(sketch: Sketch, view: PodView): void {
  const ready = sketch.wants.filter((want) => isImageReady(sketch, want.container, view));
  if (!prepare(sketch, view)) return;
  for (const { container, attempt } of ready) {
    const begun = beginAttempt(recordOf(sketch.record, container.name), attempt);
    const { restart } = wishOf(sketch.record.pod, container.name);
    setContainer(sketch, container.name, restart > 0 ? { ...begun, restart } : begun);
    sketch.steps.push({ kind: "create-container", container: container.name, attempt });
    start(sketch, container.name, attempt, view);
  }
}

/** At once; or when somebody has attached, if the pod asks for that. A restart waits for nobody. */
function start(sketch: Sketch, container: string, attempt: number, view: PodView): void {
  const { pod, admittedAtBootMs = 0 } = sketch.record;
  const listening = view.observed.listeners[container];
  const untilMs = admittedAtBootMs + view.settings.attachMs;
  const mayWait = startsWhenAttached(pod, container) && pod.spec.containers.some(({ name }) => name === container);
  const isAwaited =
    recordOf(sketch.record, container).restarts === 0 &&
    ((listening === "waiting" && (mayWait || isEphemeral(pod, container))) ||
      (listening === undefined && mayWait && view.now.bootMs < untilMs));
  if (!isAwaited) {
    sketch.steps.push({ kind: "start-container", container, attempt });
    return;
  }
  sketch.reasons.push(`container ${container} starts when somebody has attached to it`);
  if (listening === undefined) sketch.recheckAtMs = Math.min(sketch.recheckAtMs, untilMs);
}

/** Written before the container is made: its id is spent from then on. */
function beginAttempt(known: ContainerRecord, attempt: number): ContainerRecord {
  const {
    ended,
    held: _______,
    stop: _,
    killedAtMs: __,
    image: ___,
    postStarted: ____,
    preStopped: _____,
    hookFailed: ______,
    ...rest
  } = known;
  return {
    ...rest,
    attempt,
    started: false,
    restarts: ended ? known.restarts + 1 : known.restarts,
    ...(ended && { previous: { ...ended, attempt: known.attempt } }),
    signaled: false,
    ready: false,
    startupPassed: false,
  };
}

function isImageReady(sketch: Sketch, container: Container, view: PodView): boolean {
  const { observed, now } = view;
  const reference = container.image;
  const policy = container.imagePullPolicy ?? "IfNotPresent";
  const isHere = observed.images[reference] !== undefined;
  const isPinned = pinOf(sketch.record.pod, sketch.record, reference) !== undefined;
  // Never: the executor refuses to create it, with ErrImageNeverPull.
  const isAllowed = policy === "Always" ? observed.pulled.includes(reference) : policy === "Never" || isHere;
  if (isPinned && isAllowed) return true;
  const failure = sketch.record.pulls[reference];
  if (failure && now.bootMs < failure.notBeforeMs) {
    sketch.recheckAtMs = Math.min(sketch.recheckAtMs, failure.notBeforeMs);
    sketch.reasons.push(`image ${reference} waits before it is pulled again: ${failure.message}`);
    return false;
  }
  sketch.reasons.push(`image ${reference} is being pulled`);
  const isAsked = sketch.steps.some((step) => step.kind === "pull-image" && step.reference === reference);
  if (!isAsked && !observed.pulling.includes(reference)) {
    sketch.steps.push({ kind: "pull-image", reference, container: container.name });
  }
  return false;
}

/** Sandbox, address, volumes. False while an earlier failure of theirs asks to wait. */
function prepare(sketch: Sketch, view: PodView): boolean {
  const { observed, now } = view;
  const { setup, pod } = sketch.record;
  if (setup && now.bootMs < setup.notBeforeMs) {
    sketch.reasons.push(setup.message);
    return false;
  }
  if (!observed.sandbox) sketch.steps.push({ kind: "create-sandbox" });
  if (!observed.addresses && !pod.spec.hostNetwork) sketch.steps.push({ kind: "attach-network" });
  if (observed.volumes !== "ready") sketch.steps.push({ kind: "prepare-volumes" });
  return true;
}

/** Running containers whose address record was lost get it back; `attach` gives the same one again. */
function repairNetwork(sketch: Sketch, view: PodView): void {
  const { observed, now } = view;
  if (sketch.record.pod.spec.hostNetwork || observed.addresses || !observed.sandbox) return;
  if ((sketch.record.setup?.notBeforeMs ?? 0) <= now.bootMs) sketch.steps.push({ kind: "attach-network" });
}
