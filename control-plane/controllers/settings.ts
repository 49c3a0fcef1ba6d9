/** What an operator may tune about controllers. Defaults are the product's promises. */

export interface ControllerSettings {
  /** Silence after which a node is NotReady. */
  readonly nodeGraceMs: number;
  /** A node silent for this long has its pods removed from the API. */
  readonly nodeGoneMs: number;
  /** Time bare pods tolerate a lost node when they say nothing about it. ReplicaSet pods: 0. */
  readonly defaultTolerationMs: number;
  /** Above this share of lost nodes, eviction slows down to one node per `slowEvictionIntervalMs`. */
  readonly massLossShare: number;
  readonly slowEvictionIntervalMs: number;
  readonly clusterCidr: string;
  readonly nodeCidrMaskSize: number;
  /** Terminated pods kept before the oldest are removed. */
  readonly terminatedPodThreshold: number;
  /** Keys of one controller worked on at the same time. */
  readonly concurrency: number;
  /** Longest wait for an own write to show in the cache. */
  readonly cacheWaitMs: number;
}

export const defaultControllerSettings: ControllerSettings = {
  nodeGraceMs: 5_000,
  nodeGoneMs: 300_000,
  defaultTolerationMs: 300_000,
  massLossShare: 0.55,
  slowEvictionIntervalMs: 30_000,
  clusterCidr: "10.128.0.0/12",
  nodeCidrMaskSize: 24,
  terminatedPodThreshold: 1_000,
  concurrency: 8,
  cacheWaitMs: 10_000,
};
