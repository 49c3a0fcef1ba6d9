/**
 * The first process of a pod whose containers share processes: it starts nothing, reaps what others leave behind, and has nothing that a
 * container could take from it. Pure.
 */
import type { Sandbox } from "./container-runtime.ts";
import type { HostFacts } from "./host-facts.ts";
import { isHostNamespace } from "./oci-spec.ts";
import type { OciConfig, OciDeviceRule, OciNamespace } from "./oci-types.ts";
import { defaultSeccomp } from "./seccomp-profile.ts";
import { idMappings, userNamespace } from "./user-mappings.ts";

export interface HolderInput {
  readonly sandbox: Sandbox;
  readonly host: Pick<HostFacts, "architecture" | "capabilities">;
  /** Path on the host of catatonit. */
  readonly program: string;
  readonly rootfs: string;
}

/** In the cgroup of its pod. */
export const holderGroup = (sandbox: Sandbox): string => `${sandbox.cgroup}/holder`;

/** Nobody's, so that a container's root without CAP_SYS_PTRACE cannot look into it. */
const nobody = 65_535;
/** In its root. */
export const holderProgram = "pause";
const noCapabilities = { bounding: [], effective: [], permitted: [], inheritable: [], ambient: [] };
/** The runtime's own while it starts it. */
const fewProcesses = 32;
/** runc opens the null device in it. */
const devices: readonly OciDeviceRule[] = [
  { allow: false, access: "rwm" },
  { allow: true, type: "c", major: 1, minor: 3, access: "rw" },
];
/** The last of its pod to be killed for memory; the kubelet's value. */
const protectedScore = -998;

export function holderConfig({ sandbox, host, program, rootfs }: HolderInput): OciConfig {
  return {
    ociVersion: "1.0.2",
    process: {
      terminal: false,
      user: { uid: nobody, gid: nobody, additionalGids: [] },
      args: [`/${holderProgram}`, "-P"],
      env: [],
      cwd: "/",
      capabilities: noCapabilities,
      rlimits: [],
      noNewPrivileges: true,
      oomScoreAdj: host.capabilities.has("CAP_SYS_RESOURCE") ? protectedScore : 0,
    },
    root: { path: rootfs, readonly: true },
    mounts: [
      { destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "noexec", "nodev"] },
      // For the devices that the runtime gives to every container; on the node's own no device can be opened.
      { destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["nosuid", "noexec", "mode=755", "size=64k"] },
      {
        destination: `/${holderProgram}`,
        type: "bind",
        source: program,
        options: ["bind", "rprivate", "ro", "nosuid", "nodev"],
      },
    ],
    annotations: { "orch/pod-uid": sandbox.podUid },
    linux: {
      namespaces: namespaces(sandbox),
      cgroupsPath: holderGroup(sandbox),
      resources: { devices, pids: { limit: fewProcesses } },
      ...idMappings(sandbox),
      seccomp: defaultSeccomp(host.architecture, []),
      maskedPaths: [],
      readonlyPaths: [],
    },
  };
}

function namespaces(sandbox: Sandbox): readonly OciNamespace[] {
  const { network, ipc, uts } = sandbox.namespaces;
  const joined = [
    { type: "network" as const, path: network },
    { type: "ipc" as const, path: ipc },
    { type: "uts" as const, path: uts },
  ].filter(({ path }) => !isHostNamespace(path));
  return [...userNamespace(sandbox), ...joined, { type: "mount" }, { type: "cgroup" }, { type: "pid" }];
}
