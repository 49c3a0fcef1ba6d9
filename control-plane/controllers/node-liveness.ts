/** The port by which node-lifecycle learns which nodes are alive. The sessions piece implements it. */

export interface NodeLiveness {
  /**
   * Monotonic instant (of the control plane's Clock) at which the node was last known to be alive: its last heartbeat here,
   * or now while another control plane holds its session. Undefined: not heard of since this process looks.
   */
  lastHeardAtMs(node: string): number | undefined;
  /**
   * Monotonic instant since which silence counts as silence: this process runs without stalls, reads the store and accepts
   * sessions. Undefined while it does not. Nobody is judged before one full period of it.
   */
  judgesSinceMs(): number | undefined;
  /** Calls `handler` when a node is heard for the first time or again after silence, or its session ended. */
  subscribe(handler: (node: string) => void): () => void;
}
