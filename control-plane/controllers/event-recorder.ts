/** The port by which controllers tell people what they did. The API piece implements it (counts, retention, rate limits). */
import type { KubeObject } from "#proto/resources/object.ts";

export interface RecordedEvent {
  readonly regarding: KubeObject;
  readonly type: "Normal" | "Warning";
  /** UpperCamelCase, as `ScalingReplicaSet`. */
  readonly reason: string;
  /** A sentence for a person. */
  readonly message: string;
  /** As `deployment-controller`, `default-scheduler`. */
  readonly source: string;
}

export interface EventRecorder {
  /** Never waits, never throws; drops when overloaded. */
  record(event: RecordedEvent): void;
}
