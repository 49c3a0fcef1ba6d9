/** Kernel parameters a pod may set: only ones that its own namespaces hold, with values that are plain. Pure. */
import { Problem } from "#proto/kit/problem.ts";

/** Kubernetes' safe set, plus net.core.somaxconn. */
const allowed: ReadonlyMap<string, "network" | "ipc"> = new Map([
  ["kernel.shm_rmid_forced", "ipc"],
  ["net.core.somaxconn", "network"],
  ["net.ipv4.ip_local_port_range", "network"],
  ["net.ipv4.ip_local_reserved_ports", "network"],
  ["net.ipv4.ip_unprivileged_port_start", "network"],
  ["net.ipv4.ping_group_range", "network"],
  ["net.ipv4.tcp_fin_timeout", "network"],
  ["net.ipv4.tcp_keepalive_intvl", "network"],
  ["net.ipv4.tcp_keepalive_probes", "network"],
  ["net.ipv4.tcp_keepalive_time", "network"],
  ["net.ipv4.tcp_syncookies", "network"],
]);

/** Refuses what could be read as something else on its way (CVE-2022-0811). Problem `invalid` names the parameter. */
export function checkSysctls(
  sysctls: Readonly<Record<string, string>>,
  shared: { readonly hostNetwork: boolean; readonly hostIpc: boolean },
): void {
  for (const [name, value] of Object.entries(sysctls)) {
    const namespace = allowed.get(name.replaceAll("/", "."));
    const refusal =
      namespace === undefined
        ? "is not in the set that pods may change"
        : (namespace === "network" && shared.hostNetwork) || (namespace === "ipc" && shared.hostIpc)
          ? `would change the node: the pod shares its ${namespace} namespace`
          : /^[\w ,-]{1,256}$/.test(value)
            ? undefined
            : "has a value with characters that are not allowed";
    if (refusal === undefined) continue;
    throw new Problem("invalid", `kernel parameter ${JSON.stringify(name)} ${refusal}`, {
      causes: [{ path: "spec.securityContext.sysctls", message: `${name} ${refusal}` }],
    });
  }
}
