/** From a ContainerSpec and what was resolved for it to the runtime's config.json. Pure: no file is read or written here. */
import { Problem } from "#proto/kit/problem.ts";
import { capabilitySet } from "./capabilities.ts";
import { containerMounts, maskedPaths, readOnlyPaths } from "./container-mounts.ts";
import { processArgs, processEnv, workingDirectory } from "./container-process.ts";
import {
  cgroupLimits,
  oomScoreAdjustment,
  processLimits,
  type QosClass,
  qosClassOf,
  type ResourceAmounts,
  type RuntimeLimits,
} from "./container-resources.ts";
import type { ContainerSpec } from "./container-runtime.ts";
import type { HostFacts } from "./host-facts.ts";
import type { ContainerUser } from "./image-user.ts";
import type {
  OciConfig,
  OciDevice,
  OciDeviceRule,
  OciLinux,
  OciNamespace,
  OciProcess,
  OciResources,
  OciSeccomp,
} from "./oci-types.ts";
import { defaultSeccomp } from "./seccomp-profile.ts";
import { appArmorProfile, seLinuxLabels } from "./security-labels.ts";
import { checkMapped, defaultSysctls, idMappings, isProcUnmasked, userNamespace } from "./user-mappings.ts";

export interface OciSpecInput {
  readonly spec: ContainerSpec;
  readonly user: ContainerUser;
  readonly hostname: string;
  readonly amounts: ResourceAmounts;
  /** Already read; only for type `Localhost`. */
  readonly localSeccomp: OciSeccomp | undefined;
  readonly host: HostFacts;
  readonly limits: RuntimeLimits;
  /** Devices of the host, given to privileged containers. */
  readonly hostDevices: readonly OciDevice[];
  readonly mountedDevices: readonly OciDeviceRule[];
}

/** Problem `invalid` for every wish that cannot be granted: nothing is dropped silently. */
export function ociConfig(input: OciSpecInput): OciConfig {
  const { spec } = input;
  const privileged = spec.security?.privileged === true;
  const readOnlyRoot = spec.security?.readOnlyRootFilesystem === true;
  const shared = sharedNamespaces(spec);
  return {
    ociVersion: "1.0.2",
    process: ociProcess(input, privileged),
    root: { path: spec.rootfs, readonly: readOnlyRoot },
    ...(shared.uts ? {} : { hostname: input.hostname }),
    mounts: containerMounts({
      mounts: spec.mounts,
      privileged,
      readOnlyRoot,
      sharesHostIpc: shared.ipc,
      sandboxDirectory: spec.sandbox.directory,
    }),
    annotations: {
      "orch/pod-uid": spec.podUid,
      "orch/pod-name": spec.podName,
      "orch/pod-namespace": spec.podNamespace,
      "orch/container": spec.name,
    },
    linux: ociLinux(input, privileged),
  };
}

function ociProcess(input: OciSpecInput, privileged: boolean): OciProcess {
  const { spec, user, host } = input;
  checkMapped(spec.sandbox, user);
  const capabilities = containerCapabilities(input, privileged);
  const canRaiseLimits = host.capabilities.has("CAP_SYS_RESOURCE");
  return {
    terminal: spec.terminal,
    user: { uid: user.uid, gid: user.gid, additionalGids: user.additionalGids },
    args: processArgs(spec),
    env: processEnv(spec, { hostname: input.hostname, home: user.home }),
    cwd: workingDirectory(spec),
    capabilities,
    rlimits: processLimits(spec.ulimits ?? [], host.hardLimits, canRaiseLimits).rlimits,
    noNewPrivileges: noNewPrivileges(spec, privileged, capabilities.bounding),
    oomScoreAdj: oomScoreAdj(input, canRaiseLimits),
    ...securityLabels(input),
  };
}

function securityLabels({ spec, host }: OciSpecInput): Pick<OciProcess, "apparmorProfile" | "selinuxLabel"> {
  const apparmorProfile = appArmorProfile(spec, host.securityModules);
  const selinux = seLinuxLabels(spec, host.securityModules);
  return {
    ...(apparmorProfile !== undefined && { apparmorProfile }),
    ...(selinux && { selinuxLabel: selinux.process }),
  };
}

function containerCapabilities(input: OciSpecInput, privileged: boolean): OciProcess["capabilities"] {
  return capabilitySet({
    add: input.spec.security?.capabilities?.add ?? [],
    drop: input.spec.security?.capabilities?.drop ?? [],
    privileged,
    grantable: input.host.capabilities,
  });
}

/** On unless allowed: by name, or by what includes it anyhow. As in Kubernetes, asking for it contradicts what includes it. */
function noNewPrivileges(spec: ContainerSpec, privileged: boolean, capabilities: readonly string[]): boolean {
  const asked = spec.security?.allowPrivilegeEscalation;
  const added = (spec.security?.capabilities?.add ?? []).map((name) => name.toUpperCase().replace(/^CAP_/, ""));
  if (asked === undefined) return !privileged && !added.includes("SYS_ADMIN") && !added.includes("ALL");
  if (asked) return false;
  if (!privileged && !added.includes("SYS_ADMIN")) return true;
  throw new Problem("invalid", "allowPrivilegeEscalation: false contradicts privileged and CAP_SYS_ADMIN", {
    causes: [
      {
        path: "securityContext.allowPrivilegeEscalation",
        message: `the container has ${capabilities.length} capabilities`,
      },
    ],
  });
}

function oomScoreAdj(input: OciSpecInput, canLower: boolean): number {
  const { spec, amounts, host } = input;
  const score = oomScoreAdjustment(
    qosClassFor(input),
    (amounts.memoryRequestBytes ?? amounts.memoryLimitBytes ?? 0) + (spec.sharedMemoryRequestBytes ?? 0),
    host.memoryBytes,
  );
  // Going below one's own value needs CAP_SYS_RESOURCE; without it the best protection is 0.
  return canLower ? score : Math.max(0, score);
}

function qosClassFor({ spec, amounts }: OciSpecInput): QosClass {
  return spec.qosClass ?? qosClassOf(spec.resources, amounts);
}

/** What was asked for and cannot be had on this node, in sentences. */
export function limitNotes({ ulimits = [] }: ContainerSpec, host: HostFacts): readonly string[] {
  return processLimits(ulimits, host.hardLimits, host.capabilities.has("CAP_SYS_RESOURCE")).notes;
}

function ociLinux(input: OciSpecInput, privileged: boolean): OciLinux {
  const { spec, host } = input;
  const shared = sharedNamespaces(spec);
  const unmasked = privileged || isProcUnmasked(spec);
  const seccomp = seccompFor(input, privileged);
  const seLinux = seLinuxLabels(spec, host.securityModules);
  return {
    namespaces: namespaces(spec),
    cgroupsPath: `${spec.sandbox.cgroup}/${spec.id}`,
    resources: resources(input, privileged),
    ...idMappings(spec.sandbox),
    ...(shared.network ? {} : { sysctl: defaultSysctls(spec.sandbox, host) }),
    ...(seccomp ? { seccomp } : {}),
    ...(seLinux && { mountLabel: seLinux.mount }),
    maskedPaths: unmasked ? [] : [...maskedPaths, ...host.thermalThrottlePaths],
    readonlyPaths: unmasked ? [] : readOnlyPaths,
    // Users of the pod's own can neither make nor open those of the node.
    ...(privileged && !spec.sandbox.users ? { devices: input.hostDevices } : {}),
    ...rootfsPropagation(spec),
  };
}

function resources(input: OciSpecInput, privileged: boolean): OciResources {
  const { amounts, spec, host, limits, mountedDevices } = input;
  const facts = { ...limits, ...host, privileged, qosClass: qosClassFor(input) };
  const own = cgroupLimits(amounts, facts, spec.resources);
  return { ...own, devices: [...own.devices, ...mountedDevices] };
}

/** A mount that hands later mounts on needs a root that does not hold them back. */
function rootfsPropagation(spec: ContainerSpec): { readonly rootfsPropagation?: string } {
  const asked = new Set(spec.mounts.map((mount) => mount.propagation));
  if (asked.has("rshared")) return { rootfsPropagation: "rshared" };
  return asked.has("rslave") ? { rootfsPropagation: "rslave" } : {};
}

function seccompFor(input: OciSpecInput, privileged: boolean): OciSeccomp | undefined {
  if (privileged) return undefined;
  const profile = input.spec.security?.seccompProfile ?? input.spec.podSecurity?.seccompProfile;
  if (profile?.type === "Unconfined") return undefined;
  if (profile?.type === "Localhost") {
    if (input.localSeccomp) return input.localSeccomp;
    throw new Problem("invalid", "the Localhost seccomp profile was not found");
  }
  return defaultSeccomp(input.host.architecture, containerCapabilities(input, privileged).bounding);
}

interface SharedNamespaces {
  readonly network: boolean;
  readonly ipc: boolean;
  readonly uts: boolean;
}

/** Which namespaces of the host the pod shares: its sandbox names the host's own files then. */
function sharedNamespaces(spec: ContainerSpec): SharedNamespaces {
  const { network, ipc, uts } = spec.sandbox.namespaces;
  return { network: isHostNamespace(network), ipc: isHostNamespace(ipc), uts: isHostNamespace(uts) };
}

export function isHostNamespace(path: string): boolean {
  return path.startsWith("/proc/self/ns/");
}

function namespaces(spec: ContainerSpec): readonly OciNamespace[] {
  const { network, ipc, uts } = spec.sandbox.namespaces;
  const joined = [
    { type: "network" as const, path: network },
    { type: "ipc" as const, path: ipc },
    { type: "uts" as const, path: uts },
  ].filter((namespace) => !isHostNamespace(namespace.path));
  const own: readonly OciNamespace[] = [{ type: "mount" }, { type: "cgroup" }];
  const pid = { type: "pid" as const, ...(spec.pidNamespace !== undefined && { path: spec.pidNamespace }) };
  return [...userNamespace(spec.sandbox), ...joined, ...own, ...(spec.hostPid ? [] : [pid])];
}
