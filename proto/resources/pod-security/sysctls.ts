/** Kernel parameters that pods may ask for: only ones that their own namespaces hold. Pure. */

/**
 * Kubernetes' safe ones, with the minor version of the first edition of the Pod Security Standards that has them: they touch nothing
 * but the pod.
 */
export const safeSysctls: ReadonlyMap<string, number> = new Map([
  ["kernel.shm_rmid_forced", 0],
  ["net.ipv4.ip_local_port_range", 0],
  ["net.ipv4.tcp_syncookies", 0],
  ["net.ipv4.ping_group_range", 0],
  ["net.ipv4.ip_unprivileged_port_start", 0],
  ["net.ipv4.ip_local_reserved_ports", 27],
  ["net.ipv4.tcp_keepalive_time", 29],
  ["net.ipv4.tcp_fin_timeout", 29],
  ["net.ipv4.tcp_keepalive_intvl", 29],
  ["net.ipv4.tcp_keepalive_probes", 29],
  ["net.ipv4.tcp_rmem", 32],
  ["net.ipv4.tcp_wmem", 32],
]);

/** The namespace that holds a parameter; undefined when it is the node's. */
export function sysctlNamespace(name: string): "network" | "ipc" | undefined {
  const dotted = name.replaceAll("/", ".");
  if (dotted.startsWith("net.")) return "network";
  const ipc = ["kernel.shm", "kernel.msg", "fs.mqueue."];
  return dotted === "kernel.sem" || ipc.some((prefix) => dotted.startsWith(prefix)) ? "ipc" : undefined;
}
