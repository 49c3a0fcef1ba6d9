/** securityContext of pods and containers. */
import type { z } from "zod";
import { accepted, choice, flag, int64, list, object, refused, required, text, works } from "../schema/fields.ts";

const noSelinux = "volumes get no SELinux labels of their own";
const noWindows = "nodes run Linux";
const appArmorDoc =
  "What programs may touch, on nodes whose kernel has AppArmor. A Localhost profile needs a node that has loaded it.";

export const capabilities = object("Capabilities", () => ({
  add: works(list(text()), "Capabilities beyond the default set, without the CAP_ prefix."),
  drop: works(list(text()), "Capabilities taken away; `ALL` takes all."),
}));
export type Capabilities = z.infer<typeof capabilities>;

export const seLinuxOptions = object("SELinuxOptions", () => ({
  user: works(text()),
  role: works(text()),
  type: works(text()),
  level: works(text()),
}));

export const windowsOptions = object("WindowsSecurityContextOptions", () => ({
  gmsaCredentialSpecName: works(text()),
  gmsaCredentialSpec: works(text()),
  runAsUserName: works(text()),
  hostProcess: works(flag()),
}));

export const seccompProfile = object("SeccompProfile", () => ({
  type: required(choice("RuntimeDefault", "Unconfined", "Localhost"), "RuntimeDefault is what Orch uses when absent."),
  localhostProfile: works(text(), "File below the node's seccomp folder; only with type Localhost."),
}));
export type SeccompProfile = z.infer<typeof seccompProfile>;

export const appArmorProfile = object("AppArmorProfile", () => ({
  type: required(choice("RuntimeDefault", "Unconfined", "Localhost")),
  localhostProfile: works(text()),
}));

export const sysctl = object("Sysctl", () => ({ name: required(text()), value: required(text()) }));

const securityContextSchema = object("SecurityContext", () => ({
  capabilities: works(capabilities, "Linux capabilities added to or taken from the default set."),
  privileged: works(flag(), "All capabilities, devices and no confinement: root on the node in effect."),
  seLinuxOptions: works(
    seLinuxOptions,
    "Label of the processes, on nodes whose kernel has SELinux; no effect on others.",
  ),
  windowsOptions: refused(windowsOptions, noWindows),
  runAsUser: works(int64(), "User id of the first process; the image's when absent."),
  runAsGroup: works(int64(), "Group id of the first process; the image's when absent."),
  runAsNonRoot: works(flag(), "Refuses to start a container that would run as user id 0."),
  readOnlyRootFilesystem: works(flag(), "Mounts the container's root read-only."),
  allowPrivilegeEscalation: works(
    flag(),
    "True lets programs with a setuid bit or file capabilities gain by it, as sudo does. Off when absent: no_new_privs is set.",
  ),
  procMount: works(choice("Default", "Unmasked"), "Unmasked shows all of /proc; only beside hostUsers: false."),
  seccompProfile: works(seccompProfile, "System calls the container may use."),
  appArmorProfile: works(appArmorProfile, appArmorDoc),
}));
export interface SecurityContext extends z.infer<typeof securityContextSchema> {}
export const securityContext: z.ZodType<SecurityContext> = securityContextSchema;

const podSecurityContextSchema = object("PodSecurityContext", () => ({
  seLinuxOptions: works(seLinuxOptions, "As for a container; for those that do not set their own."),
  windowsOptions: refused(windowsOptions, noWindows),
  runAsUser: works(int64(), "User id for containers that do not set their own."),
  runAsGroup: works(int64(), "Group id for containers that do not set their own."),
  runAsNonRoot: works(flag(), "Refuses to start containers that would run as user id 0."),
  supplementalGroups: works(list(int64()), "Further group ids of every container's first process."),
  supplementalGroupsPolicy: works(
    choice("Merge", "Strict"),
    "Strict leaves out the groups that the image's /etc/group gives the user. Merge when absent.",
  ),
  fsGroup: works(int64(), "Group that owns the pod's volumes and that every process is in."),
  sysctls: works(
    list(sysctl),
    "Kernel parameters of the pod's own namespaces. Unsafe ones need a namespace of Pod Security level privileged.",
  ),
  fsGroupChangePolicy: works(
    choice("OnRootMismatch", "Always"),
    "When a volume's files are given to fsGroup. Volumes are made fresh for each pod, so both come to the same.",
  ),
  seccompProfile: works(seccompProfile, "System calls the containers may use."),
  appArmorProfile: works(appArmorProfile, appArmorDoc),
  seLinuxChangePolicy: accepted(choice("Recursive", "MountOption"), noSelinux),
}));
export interface PodSecurityContext extends z.infer<typeof podSecurityContextSchema> {}
export const podSecurityContext: z.ZodType<PodSecurityContext> = podSecurityContextSchema;
