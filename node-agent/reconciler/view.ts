/** PURE. All that the reconciler looks at to decide about one pod. Deeply read-only. */
import type { Pod } from "#proto/resources/pod.ts";
import type { Instant, PodRecord } from "../journal/record.ts";

export type Assignment =
  | { readonly kind: "assigned"; readonly pod: Pod }
  /** The control plane's whole list does not have it. */
  | { readonly kind: "unassigned" }
  /** No whole list was seen since this agent started: the journal's word counts. */
  | { readonly kind: "unknown" };

export interface ObservedContainer {
  readonly id: string;
  readonly name: string;
  readonly attempt: number;
  readonly state: "created" | "running" | "exited";
  readonly exitCode: number | undefined;
  readonly signal: number | undefined;
  readonly oomKilled: boolean;
  /** Its processes are frozen. */
  readonly paused?: boolean;
  /** Its last words. */
  readonly message?: string;
  readonly startedAtMs: number | undefined;
  readonly finishedAtMs: number | undefined;
}

export interface ObservedImage {
  readonly digest: string;
  readonly stopSignal: string | undefined;
}

/** Somebody waits for a container to be made, or is attached to it. */
export type Listening = "waiting" | "attached";

/** What is on this host for one pod. Complete: what is not in here does not exist. */
export interface ObservedPod {
  readonly sandbox: boolean;
  /** undefined = not attached. Without prefix length. */
  readonly addresses: readonly string[] | undefined;
  /** `left` = something of a predecessor is there, paths not known to this process. */
  readonly volumes: "absent" | "left" | "ready";
  readonly logs: boolean;
  readonly containers: readonly ObservedContainer[];
  /** Ids of containers that have a root filesystem here. */
  readonly rootfses: readonly string[];
  /** By reference as the pod spells it; absent = not on this node. */
  readonly images: Readonly<Record<string, ObservedImage>>;
  readonly pulling: readonly string[];
  /** Hooks under way, by `hookKey`. */
  readonly hooks: readonly string[];
  /** References pulled by this process for attempts not created yet: what `imagePullPolicy: Always` asks for. */
  readonly pulled: readonly string[];
  /** Who waits for a container, or is attached to it, by container. */
  readonly listeners: Readonly<Record<string, Listening>>;
}

/** By probe; undefined = no verdict yet. */
export interface ProbeVerdicts {
  readonly startup?: boolean;
  readonly liveness?: boolean;
  readonly readiness?: boolean;
  /** The last failure's words. */
  readonly message?: string;
}

export interface NodeFacts {
  readonly bootId: string;
  readonly hostAddresses: readonly string[];
}

export interface BackoffLimits {
  readonly initialMs: number;
  readonly maxMs: number;
}

export interface ReconcilerSettings {
  readonly restart: BackoffLimits & { readonly healthyAfterMs: number };
  readonly pull: BackoffLimits;
  readonly setup: BackoffLimits;
  /**
   * How long a fresh agent that does not know its assignments yet adopts only, before it makes containers from its journal
   * alone: after a long absence the pod may run elsewhere by now. Longer when nothing of the pod stands here: the machine was
   * rebooted, and the pod has most likely been replaced.
   */
  readonly holdMs: { readonly standing: number; readonly gone: number };
  /** How long after SIGKILL the kill is repeated. */
  readonly killRepeatMs: number;
  /** How long after a pod came here its start waits for somebody who is to attach and has not said so. */
  readonly attachMs: number;
}

export const defaultSettings: ReconcilerSettings = {
  restart: { initialMs: 1_000, maxMs: 300_000, healthyAfterMs: 600_000 },
  pull: { initialMs: 2_000, maxMs: 300_000 },
  setup: { initialMs: 500, maxMs: 60_000 },
  holdMs: { standing: 3_000, gone: 10_000 },
  killRepeatMs: 2_000,
  attachMs: 60_000,
};

/** With another longest wait before a restart. As in the kubelet, a container that ran for twice as long is well again. */
export function withRestartCap(maxMs: number): ReconcilerSettings {
  const restart = { ...defaultSettings.restart, maxMs, healthyAfterMs: maxMs * 2 };
  return { ...defaultSettings, restart };
}

/** The node can do without the pod. */
export interface Eviction {
  readonly message: string;
  /** Most time for its containers to stop in. */
  readonly graceMs: number;
}

export interface PodView {
  readonly uid: string;
  readonly assignment: Assignment;
  readonly record: PodRecord | undefined;
  readonly observed: ObservedPod;
  /** By container id. */
  readonly probes: Readonly<Record<string, ProbeVerdicts>>;
  readonly eviction?: Eviction | undefined;
  readonly node: NodeFacts;
  /** Boot clock. */
  readonly agentStartedAtMs: number;
  readonly settings: ReconcilerSettings;
  readonly now: Instant;
}

export const nothingObserved: ObservedPod = {
  sandbox: false,
  addresses: undefined,
  volumes: "absent",
  logs: false,
  containers: [],
  rootfses: [],
  images: {},
  pulling: [],
  hooks: [],
  pulled: [],
  listeners: {},
};
