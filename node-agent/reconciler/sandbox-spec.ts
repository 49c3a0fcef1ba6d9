/** What a pod asks of its sandbox. */
import type { Pod } from "#proto/resources/pod.ts";
import type { SandboxSpec } from "../runtime/container-runtime.ts";

const maxHostnameLength = 63;

export function buildSandboxSpec(pod: Pod): SandboxSpec {
  const { spec, metadata } = pod;
  const sysctls = spec.securityContext?.sysctls ?? [];
  return {
    podUid: metadata.uid ?? "",
    podNamespace: metadata.namespace ?? "default",
    podName: metadata.name,
    hostname: hostname(pod),
    hostNetwork: spec.hostNetwork ?? false,
    hostPid: spec.hostPID ?? false,
    hostIpc: spec.hostIPC ?? false,
    ownUsers: spec.hostUsers === false,
    pod: spec,
    sysctls: Object.fromEntries(sysctls.map(({ name, value }) => [name, value ?? ""])),
  };
}

/** Kubernetes cuts long names to what the kernel takes, and lets no dash or dot stand at the end. */
function hostname({ spec, metadata }: Pod): string {
  const wanted = spec.hostnameOverride || spec.hostname || metadata.name;
  return wanted.slice(0, maxHostnameLength).replace(/[-.]+$/, "");
}
