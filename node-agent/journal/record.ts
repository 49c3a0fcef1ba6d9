/** PURE. What the agent must remember of one pod across its own restart. Never a secret value: those live on tmpfs only. */
import type { Pod } from "#proto/resources/pod.ts";

export const recordVersion = 1;

/** How one attempt of a container ended. Wall clock of this machine. */
export interface Termination {
  readonly containerId: string;
  readonly exitCode: number;
  readonly signal?: number;
  readonly reason: string;
  readonly message?: string;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
}

/** Something failed and may be tried again no sooner than `notBeforeMs` (boot clock). */
export interface Failure {
  readonly failures: number;
  readonly notBeforeMs: number;
  readonly reason: string;
  readonly message: string;
}

/** A graceful stop in progress. `startedAtMs` is boot clock; the wall clock stands in for it after a reboot. */
export interface Stop {
  readonly startedAtMs: number;
  readonly startedAtWallMs: number;
  readonly graceMs: number;
  readonly reason: string;
  readonly message: string;
  /** Instead of the container's own stop signal. */
  readonly signal?: string;
}

/** A container whose stop was wished for has not failed, whatever it ends with. */
export const isWished = ({ reason }: Stop): boolean => reason === "Stopped" || reason === "Restarted";

export interface UsedImage {
  readonly reference: string;
  readonly digest: string;
  readonly stopSignal?: string;
}

export interface ContainerRecord {
  /** Newest attempt; -1 before the first. Its id is never used again once it was started. */
  readonly attempt: number;
  readonly started: boolean;
  readonly restarts: number;
  readonly image?: UsedImage;
  /** How `attempt` ended. */
  readonly ended?: Termination;
  /** How the one before it ended: `lastState`, and what `logs --previous` shows. */
  readonly previous?: Termination & { readonly attempt: number };
  /** Restart back-off: ends in a row without ten healthy minutes between them, and the instant the next start may happen. */
  readonly crashes: number;
  readonly restartNotBeforeMs: number;
  readonly creation?: Failure;
  /** Which of the restarts that people asked for `attempt` has answered. */
  readonly restart?: number;
  /** It ended because people wished so: no end of its own, and no failure. */
  readonly held?: true;
  /** Being stopped alone (liveness, or a wish), while its pod lives on. */
  readonly stop?: Stop;
  /** The postStart hook of this attempt is done. */
  readonly postStarted?: true;
  /** What the postStart hook of this attempt failed with: the container is stopped for it. */
  readonly hookFailed?: string;
  /** The preStop hook of this attempt is done, or failed: nothing holds the stop signal back. */
  readonly preStopped?: true;
  /** The stop signal was sent to this attempt. */
  readonly signaled: boolean;
  /** When SIGKILL was last sent to it (boot clock). */
  readonly killedAtMs?: number;
  readonly ready: boolean;
  /** The startup probe of this attempt has passed (or there is none). */
  readonly startupPassed: boolean;
}

export interface ConditionRecord {
  readonly status: "True" | "False";
  readonly reason?: string;
  readonly message?: string;
  readonly sinceMs: number;
}

export interface PodRecord {
  readonly version: typeof recordVersion;
  readonly uid: string;
  /** Boot clock instants below belong to this boot of the machine. */
  readonly bootId: string;
  readonly pod: Pod;
  /** When this agent first saw it: `status.startTime`. */
  readonly admittedAtMs: number;
  /** The same by the boot clock: what a deadline counts from, whatever becomes of the wall clock. */
  readonly admittedAtBootMs?: number;
  readonly addresses: readonly string[];
  readonly containers: Readonly<Record<string, ContainerRecord>>;
  readonly pulls: Readonly<Record<string, Failure>>;
  /** Which digest each image means, by its name as the pod spells it, as far as it was found out here. */
  readonly pins?: Readonly<Record<string, string>>;
  /** Sandbox, network or volumes could not be made. */
  readonly setup?: Failure;
  readonly conditions: Readonly<Record<string, ConditionRecord>>;
  readonly stop?: Stop;
  /** Its activeDeadlineSeconds have passed, or the node evicts it: stopped for good, kept until it is deleted. */
  readonly expired?: Stop;
  /** Every process, mount and address of a stopped pod is gone. */
  readonly finished: boolean;
}

export const freshContainer: ContainerRecord = {
  attempt: -1,
  started: false,
  restarts: 0,
  crashes: 0,
  restartNotBeforeMs: 0,
  signaled: false,
  ready: false,
  startupPassed: false,
};

export interface Instant {
  /** Wall clock: for stamps that people read. */
  readonly wallMs: number;
  /** Monotonic since this machine's boot: for durations, also across a restart of the agent. */
  readonly bootMs: number;
}

export function freshRecord(pod: Pod, uid: string, bootId: string, now: Instant): PodRecord {
  return {
    version: recordVersion,
    uid,
    bootId,
    pod,
    admittedAtMs: now.wallMs,
    admittedAtBootMs: now.bootMs,
    addresses: [],
    containers: {},
    pulls: {},
    conditions: {},
    finished: false,
  };
}

/** A record of an earlier boot, with its instants on this boot's clock: waits are over, a stop keeps what is left of its grace. */
export function rebase(record: PodRecord, bootId: string, now: Instant): PodRecord {
  if (record.bootId === bootId) return record;
  const containers = Object.fromEntries(
    Object.entries(record.containers).map(([name, container]) => [name, rebaseContainer(container, now)]),
  );
  const { setup, stop, expired, ...rest } = record;
  return {
    ...rest,
    bootId,
    admittedAtBootMs: now.bootMs - Math.max(0, now.wallMs - record.admittedAtMs),
    containers,
    pulls: {},
    ...(setup && { setup: { ...setup, notBeforeMs: now.bootMs } }),
    ...(stop && { stop: rebaseStop(stop, now) }),
    ...(expired && { expired: rebaseStop(expired, now) }),
  };
}

function rebaseContainer(container: ContainerRecord, now: Instant): ContainerRecord {
  const { creation, stop, ...rest } = container;
  return {
    ...rest,
    restartNotBeforeMs: now.bootMs,
    ...(creation && { creation: { ...creation, notBeforeMs: now.bootMs } }),
    ...(stop && { stop: rebaseStop(stop, now) }),
  };
}

function rebaseStop(stop: Stop, now: Instant): Stop {
  const spentMs = Math.max(0, Math.min(stop.graceMs, now.wallMs - stop.startedAtWallMs));
  return { ...stop, startedAtMs: now.bootMs - spentMs };
}
