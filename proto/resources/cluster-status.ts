/** What `orchctl cluster status` shows: the answer of the ClusterStatus call. */

export interface ControlPlaneStatus {
  readonly name: string;
  readonly address: string;
  readonly version: string;
  readonly leader: boolean;
  readonly startedAt: string;
}

export interface StoreStatus {
  readonly kind: "embedded" | "external" | "memory";
  readonly endpoints: readonly string[];
  readonly healthy: boolean;
  readonly version?: string;
  readonly revision?: string;
  readonly sizeBytes?: number;
  readonly quotaBytes?: number;
  /** It has no space left: reading and deleting go on, nothing else is written. */
  readonly isFull?: boolean;
  /** Why it is not healthy. */
  readonly message?: string;
}

export interface NodeSummary {
  readonly name: string;
  readonly ready: boolean;
  readonly unschedulable: boolean;
  readonly version: string;
  readonly address?: string;
  readonly pods: number;
  /** Why it is not ready. */
  readonly message?: string;
  /** Types of conditions that hold and should not, as `DiskPressure`. */
  readonly troubles?: readonly string[];
}

export interface PodTrouble {
  /** As `Unschedulable`, `CrashLoopBackOff`, `ImagePullBackOff`. */
  readonly reason: string;
  readonly count: number;
  /** NAMESPACE/NAME of one of them, and what is said of it. */
  readonly example: string;
  readonly message: string;
}

export interface ClusterStatus {
  readonly cluster: string;
  readonly version: string;
  readonly controlPlanes: readonly ControlPlaneStatus[];
  readonly store: StoreStatus;
  readonly nodes: readonly NodeSummary[];
  /** Number of pods by phase. */
  readonly pods: Readonly<Record<string, number>>;
  /** Pods that do not run as they should, the most frequent reason first. */
  readonly podTroubles: readonly PodTrouble[];
  /** Loopback address on the control plane's machine of /metrics, /readyz and /nodes. */
  readonly monitoringAddress?: string;
  /** PEM-free facts about the cluster's authority. */
  readonly authority?: { readonly fingerprint: string; readonly expiresAt: string };
  /** Sentences about what is not as it should be. */
  readonly warnings: readonly string[];
}
