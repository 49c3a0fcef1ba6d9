/** Settings of a whole cluster, fixed when it is made. The control plane keeps them and sends them to agents in Welcome. */

export interface RegistrySettings {
  /** As `registry.example:5000`. */
  readonly host: string;
  /** Plain HTTP is used only where it is asked for here. */
  readonly plainHttp: boolean;
  /** PEM of the authority that signed the registry's certificate; the system's authorities when absent. */
  readonly certificateAuthority?: string;
}

export interface ClusterSettings {
  readonly clusterName: string;
  /** Addresses of pods; every node gets a part of 2^(32-nodeMaskBits). */
  readonly podCidr: string;
  readonly serviceCidr: string;
  readonly clusterDomain: string;
  readonly nodeMaskBits: number;
  readonly heartbeatIntervalMs: number;
  /** A node is NotReady this long after its last heartbeat. */
  readonly nodeTimeoutMs: number;
  readonly registries: readonly RegistrySettings[];
}

export const defaultClusterSettings: ClusterSettings = {
  clusterName: "local",
  podCidr: "10.128.0.0/12",
  serviceCidr: "10.96.0.0/16",
  clusterDomain: "cluster.local",
  nodeMaskBits: 24,
  heartbeatIntervalMs: 2000,
  nodeTimeoutMs: 5000,
  registries: [],
};
