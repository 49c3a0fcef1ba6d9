/** What differs in a container's configuration when its pod has users of its own. Pure. */
import { Problem } from "#proto/kit/problem.ts";
import type { ContainerSpec, Sandbox } from "./container-runtime.ts";
import type { HostFacts } from "./host-facts.ts";
import type { ContainerUser } from "./image-user.ts";
import type { OciLinux, OciNamespace } from "./oci-types.ts";

/** First, as it owns the others. */
export function userNamespace({ users }: Sandbox): readonly OciNamespace[] {
  return users ? [{ type: "user", path: users.namespace }] : [];
}

export function idMappings({ users }: Sandbox): Pick<OciLinux, "uidMappings" | "gidMappings"> {
  if (!users) return {};
  const mappings = [{ containerID: 0, hostID: users.first, size: users.count }];
  return { uidMappings: mappings, gidMappings: mappings };
}

/** A group that the pod does not have cannot be in the range of those who may ping. */
export function defaultSysctls({ users }: Sandbox, { defaultSysctls: all }: HostFacts): HostFacts["defaultSysctls"] {
  const name = "net.ipv4.ping_group_range";
  return users && all[name] !== undefined ? { ...all, [name]: `0 ${users.count - 1}` } : all;
}

/** Problem `invalid` for an id that the pod does not have. */
export function checkMapped({ users }: Sandbox, { uid, gid, additionalGids }: ContainerUser): void {
  const beyond = users && [uid, gid, ...additionalGids].find((id) => id >= users.count);
  if (beyond === undefined) return;
  throw new Problem(
    "invalid",
    `user or group ${beyond} does not exist: with hostUsers: false a pod has ${users?.count}`,
    {
      hint: "set runAsUser and runAsGroup, or leave out hostUsers: false",
    },
  );
}

/** Whether /proc is as the kernel shows it: for those who are nobody outside. */
export function isProcUnmasked({ security, sandbox }: Pick<ContainerSpec, "security" | "sandbox">): boolean {
  return security?.procMount === "Unmasked" && sandbox.users !== undefined;
}
