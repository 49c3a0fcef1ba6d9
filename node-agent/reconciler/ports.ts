/** What the reconciler works with. wiring.ts and the tests bring the implementations. */
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import type { Random } from "#proto/kit/random.ts";
import type { Pod, PodStatus } from "#proto/resources/pod.ts";
import type { AgentFaults } from "../fault-points.ts";
import type { ImageStore, RootfsStore } from "../images/image-store.ts";
import type { Instant } from "../journal/record.ts";
import type { ContainerLogs } from "../logs/container-logs.ts";
import type { PodNetwork } from "../network/pod-network.ts";
import type { HookRunner } from "../probes/runner.ts";
import type { ContainerRuntime, SandboxRuntime } from "../runtime/container-runtime.ts";
import type { PodObjects, VolumeStore } from "../volumes/volume-store.ts";
import type { PodFacts } from "./field-value.ts";
import type { ImagePinner } from "./image-pinner.ts";
import type { Listeners } from "./listeners.ts";
import type { Assignment, ProbeVerdicts } from "./view.ts";

/** The parts of the host. */
export interface HostPorts {
  readonly images: ImageStore;
  readonly rootfs: RootfsStore;
  readonly volumes: VolumeStore;
  readonly network: PodNetwork;
  readonly sandboxes: SandboxRuntime;
  readonly runtime: ContainerRuntime;
  readonly logs: ContainerLogs;
}

/** What the control plane wants of this node. */
export interface AssignmentSource {
  of(uid: string): Assignment;
  uids(): readonly string[];
  objectsFor(namespace: string): PodObjects;
}

/** Takes a pod's status; keeps the newest, sends changes. */
export interface StatusSink {
  publish(update: PodReport): void;
  /** The pod is no longer known here. */
  forget(uid: string): void;
}

export interface PodReport {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly status: PodStatus;
  readonly finished: boolean;
}

export interface PodEvent {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  /** Container the event is about, if one. */
  readonly container?: string;
}

export interface EventSink {
  emit(pod: Pod, event: PodEvent): void;
}

export interface RunningContainer {
  readonly id: string;
  readonly name: string;
  readonly startedAtMs: number;
  /** What an earlier agent, or this one, last knew; undefined for a fresh start. */
  readonly wasReady: boolean | undefined;
  readonly startupPassed: boolean;
}

export interface ProbeSource {
  /** The pod's running containers now: begins and ends their probes. */
  sync(pod: Pod, addresses: readonly string[], running: readonly RunningContainer[]): void;
  verdicts(containerId: string): ProbeVerdicts | undefined;
  forget(uid: string): void;
}

export interface ReconcilerPorts extends HostPorts {
  readonly pinner: Pick<ImagePinner, "find">;
  readonly assignments: AssignmentSource;
  readonly status: StatusSink;
  readonly events: EventSink;
  readonly probes: ProbeSource;
  readonly hooks: HookRunner;
  readonly listeners: Listeners;
  readonly facts: () => Omit<PodFacts, "podAddresses"> & { readonly clusterDomain: string };
  readonly now: () => Instant;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly faults?: AgentFaults | undefined;
}

/** Hears what the reconciler did. Cheap, and never throws. */
export interface StepObserver {
  step(kind: string, result: "done" | "failed", tookMs: number): void;
  /** One look at a pod, with all that it did. */
  reconciled(tookMs: number): void;
}
