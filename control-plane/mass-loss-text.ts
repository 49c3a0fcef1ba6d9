/** For events and the cluster's status. */
export function massLossText(lost: number, total: number, intervalMs: number): string {
  if (total === 1) return "the only node is not heard of; nothing is replaced before it is back";
  const pace =
    lost === total
      ? "nothing is replaced before one of them is back"
      : `one node's pods are replaced every ${intervalMs / 1000} s`;
  return `${lost} of ${total} nodes are not heard of, so the network is the likelier fault than the nodes; ${pace}`;
}
