/** What a pod asks of its sandbox. */
import { Problem } from "#proto/kit/problem.ts";
import type { Pod } from "#proto/resources/pod.ts";
import type { SandboxSpec } from "../runtime/container-runtime.ts";

const maxHostnameLength = 63;
/** The kernel's. */
const maxFullNameLength = 64;

export function buildSandboxSpec(pod: Pod, clusterDomain: string): SandboxSpec {
  const { spec, metadata } = pod;
  const sysctls = spec.securityContext?.sysctls ?? [];
  return {
    podUid: metadata.uid ?? "",
    podNamespace: metadata.namespace ?? "default",
    podName: metadata.name,
    hostname: kernelHostname(pod, clusterDomain),
    hostNetwork: spec.hostNetwork ?? false,
    hostPid: spec.hostPID ?? false,
    hostIpc: spec.hostIPC ?? false,
    ownUsers: spec.hostUsers === false,
    pod: spec,
    sysctls: Object.fromEntries(sysctls.map(({ name, value }) => [name, value ?? ""])),
  };
}

function kernelHostname(pod: Pod, clusterDomain: string): string {
  const full = pod.spec.setHostnameAsFQDN ? fullName(pod, clusterDomain) : undefined;
  if (full === undefined) return hostname(pod);
  if (full.length <= maxFullNameLength) return full;
  throw new Problem(
    "invalid",
    `the pod's full name ${full} is longer than the ${maxFullNameLength} characters a host name may have`,
    {
      hint: "Choose a shorter hostname or subdomain, or leave setHostnameAsFQDN out.",
    },
  );
}

/** Undefined for a pod without subdomain. */
export function fullName(pod: Pod, clusterDomain: string): string | undefined {
  const { subdomain, hostnameOverride } = pod.spec;
  if (!subdomain || hostnameOverride) return undefined;
  return `${hostname(pod)}.${subdomain}.${pod.metadata.namespace ?? "default"}.svc.${clusterDomain}`;
}

/** Kubernetes cuts long names to what the kernel takes, and lets no dash or dot stand at the end. */
export function hostname({ spec, metadata }: Pod): string {
  const wanted = spec.hostnameOverride || spec.hostname || metadata.name;
  const most = spec.hostnameOverride ? maxFullNameLength : maxHostnameLength;
  return wanted.slice(0, most).replace(/[-.]+$/, "");
}
