/** PURE. The next move of one container, and whether a pod has come to its end. States only move forward within an attempt. */
import { wishOf } from "#proto/resources/container-wishes.ts";
import type { Container, Pod } from "#proto/resources/pod.ts";
import { isEphemeral } from "#proto/resources/pod-containers.ts";
import type { ContainerRecord, PodRecord } from "../journal/record.ts";
import { freshContainer } from "../journal/record.ts";
import { parseContainerId } from "../runtime/container-id.ts";
import { newestOf } from "./newest-container.ts";
import type { ObservedContainer, PodView } from "./view.ts";

export type ContainerMove =
  /** Created and waiting for its start. */
  | { readonly kind: "start"; readonly observed: ObservedContainer }
  | { readonly kind: "running"; readonly observed: ObservedContainer }
  /** To be created as `attempt` as soon as its pod has what it needs. */
  | { readonly kind: "create"; readonly attempt: number }
  | { readonly kind: "wait"; readonly untilMs: number }
  /** Not to run for now, because people wish so. */
  | { readonly kind: "held" }
  /** Ended and not to be restarted. */
  | { readonly kind: "ended"; readonly succeeded: boolean };

export type ContainerRole = "init" | "sidecar" | "main" | "ephemeral";

export function recordOf(record: PodRecord, name: string): ContainerRecord {
  return record.containers[name] ?? freshContainer;
}

export function roleOf(pod: Pod, container: Container): ContainerRole {
  if (isEphemeral(pod, container.name)) return "ephemeral";
  if (!pod.spec.initContainers?.includes(container)) return "main";
  return container.restartPolicy === "Always" ? "sidecar" : "init";
}

/** Whether a container that ended so is started again: by its own policy, else the pod's; a rule for its exit code comes first. */
export function isRestarted(pod: Pod, container: Container, record: ContainerRecord): boolean {
  const { ended, held } = record;
  if (!ended || held) return true;
  if (container.restartPolicyRules?.some(({ exitCodes }) => exitCodes && isAmong(ended.exitCode, exitCodes)))
    return true;
  if (roleOf(pod, container) === "ephemeral") return false;
  const policy = container.restartPolicy ?? pod.spec.restartPolicy ?? "Always";
  const failed = ended.exitCode !== 0;
  if (roleOf(pod, container) === "init") return failed && policy !== "Never";
  return policy === "Always" || (policy === "OnFailure" && failed);
}

interface ExitCodes {
  readonly operator: "In" | "NotIn";
  readonly values?: readonly number[] | undefined;
}

const isAmong = (code: number, { operator, values = [] }: ExitCodes): boolean =>
  values.includes(code) === (operator === "In");

export function nextMove(pod: Pod, container: Container, record: PodRecord, view: PodView): ContainerMove {
  const known = recordOf(record, container.name);
  const observed = newestOf(view.observed.containers, container.name);
  const wish = wishOf(pod, container.name);
  const isAskedFor = wish.restart > (known.restart ?? 0);
  if (observed && observed.attempt === known.attempt && !known.ended && observed.state === "running")
    return { kind: "running", observed };
  if (known.ended && !isAskedFor && !isRestarted(pod, container, known))
    return { kind: "ended", succeeded: known.ended.exitCode === 0 };
  if (wish.state === "Stopped") return { kind: "held" };
  if (observed && observed.attempt === known.attempt && !known.ended && observed.state === "created")
    return delayed(known, view) ?? { kind: "start", observed };
  if (known.ended && !isAskedFor && view.now.bootMs < known.restartNotBeforeMs)
    return { kind: "wait", untilMs: known.restartNotBeforeMs };
  return delayed(known, view) ?? { kind: "create", attempt: nextAttempt(container.name, known, view) };
}

/** An attempt number is used again only while nothing was ever made under it. */
function nextAttempt(name: string, known: ContainerRecord, { observed }: PodView): number {
  const unused = known.started || known.attempt < 0 ? known.attempt + 1 : known.attempt;
  const made = observed.rootfses.map(parseContainerId).filter((identity) => identity?.name === name);
  const attempts = [newestOf(observed.containers, name), ...made].map((identity) => identity?.attempt ?? -1);
  const newest = Math.max(-1, ...attempts);
  return newest > known.attempt ? Math.max(unused, newest + 1) : unused;
}

function delayed(known: ContainerRecord, view: PodView): ContainerMove | undefined {
  const untilMs = known.creation?.notBeforeMs ?? 0;
  return view.now.bootMs < untilMs ? { kind: "wait", untilMs } : undefined;
}

/** Init containers run one after the other; sidecars among them count as done once they run. */
export interface Turn {
  /** Containers that may run now. */
  readonly active: readonly Container[];
  readonly initialized: boolean;
  /** An init container failed and is not tried again. */
  readonly initFailed: boolean;
}

/** Those added to look inside may run at any time: what keeps a pod from getting ready is to be found too. */
export function turnOf(pod: Pod, record: PodRecord): Turn {
  const turn = ownTurn(pod, record);
  return { ...turn, active: [...turn.active, ...(pod.spec.ephemeralContainers ?? [])] };
}

function ownTurn(pod: Pod, record: PodRecord): Turn {
  const active: Container[] = [];
  for (const container of pod.spec.initContainers ?? []) {
    const known = recordOf(record, container.name);
    const role = roleOf(pod, container);
    if (role === "sidecar") {
      active.push(container);
      if (isStarted(container, known)) continue;
      return { active, initialized: false, initFailed: false };
    }
    if (known.ended?.exitCode === 0 && !known.held) continue;
    const initFailed = known.ended !== undefined && !isRestarted(pod, container, known);
    return { active: initFailed ? [] : [...active, container], initialized: false, initFailed };
  }
  return { active: [...active, ...pod.spec.containers], initialized: true, initFailed: false };
}

/** Kubernetes' `started`: runs, its hook is done and its startup probe has passed. Once started a sidecar opens the way for good. */
export function isStarted(container: Container, known: ContainerRecord): boolean {
  if (!known.started) return false;
  if (known.ended) return known.restarts > 0 || known.startupPassed;
  return !awaitsHook(container, known) && (!container.startupProbe || known.startupPassed);
}

/** It runs, and its postStart hook is not done yet. */
export function awaitsHook(container: Container, known: ContainerRecord): boolean {
  return container.lifecycle?.postStart !== undefined && known.postStarted !== true;
}

/** Every main container ended for good, or init failed for good. */
export function isOver(pod: Pod, record: PodRecord): boolean {
  if (turnOf(pod, record).initFailed) return true;
  return pod.spec.containers.every((container) => {
    const known = recordOf(record, container.name);
    return known.ended !== undefined && !isRestarted(pod, container, known);
  });
}

export function ownGraceMs(pod: Pod): number {
  return (pod.spec.terminationGracePeriodSeconds ?? 30) * 1000;
}
