/**
 * Kernel parameters a pod may set: only ones that its own namespaces hold, with values that are plain. Which of them are safe is for the
 * Pod Security level of its namespace to say. Pure.
 */
import { Problem } from "#proto/kit/problem.ts";
import { sysctlNamespace } from "#proto/resources/pod-security/sysctls.ts";

const namePattern = /^[a-z0-9]([-_a-z0-9]*[a-z0-9])?([./][a-z0-9]([-_a-z0-9]*[a-z0-9])?)*$/;

/** Refuses what could be read as something else on its way (CVE-2022-0811). Problem `invalid` names the parameter. */
export function checkSysctls(
  sysctls: Readonly<Record<string, string>>,
  shared: { readonly hostNetwork: boolean; readonly hostIpc: boolean },
): void {
  for (const [name, value] of Object.entries(sysctls)) {
    const namespace = namePattern.test(name) ? sysctlNamespace(name) : undefined;
    const refusal =
      namespace === undefined
        ? "is the node's: no namespace of a pod holds it"
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
