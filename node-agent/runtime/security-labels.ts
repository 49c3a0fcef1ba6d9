/** AppArmor profile and SELinux label of a container, as far as this node's kernel knows them. Pure. */
import { createHash } from "node:crypto";
import { Problem } from "#proto/kit/problem.ts";
import { defaultProfileName } from "./apparmor-profile.ts";
import type { ContainerSpec } from "./container-runtime.ts";
import type { SecurityModules } from "./security-modules.ts";

type Asked = Pick<ContainerSpec, "security" | "podSecurity" | "appArmorAnnotation" | "podUid">;

/**
 * The container's word, then the pod's, then the old annotation; RuntimeDefault when nobody says anything. Problem `unsupported` for a
 * profile of the node that is not there: without it the container would have more than it was given.
 */
export function appArmorProfile(asked: Asked, { appArmorProfiles: loaded }: SecurityModules): string | undefined {
  const profile = asked.security?.appArmorProfile ?? asked.podSecurity?.appArmorProfile ?? annotated(asked);
  if (profile?.type === "Localhost") {
    const name = profile.localhostProfile ?? "";
    if (loaded?.has(name)) return name;
    const why = loaded ? "is not loaded on this node" : "needs AppArmor, which this node's kernel does not have";
    throw new Problem("unsupported", `the AppArmor profile ${JSON.stringify(name)} ${why}`, {
      causes: [{ path: "securityContext.appArmorProfile.localhostProfile", message: why }],
    });
  }
  if (!loaded || asked.security?.privileged === true) return undefined;
  if (profile?.type === "Unconfined") return "unconfined";
  return loaded.has(defaultProfileName) ? defaultProfileName : undefined;
}

interface NamedProfile {
  readonly type: "RuntimeDefault" | "Unconfined" | "Localhost";
  readonly localhostProfile?: string;
}

/** `runtime/default`, `unconfined` or `localhost/NAME`; anything else is as good as unknown, and refused by name. */
function annotated({ appArmorAnnotation: text }: Asked): NamedProfile | undefined {
  if (text === undefined || text === "" || text === "runtime/default") return undefined;
  if (text === "unconfined") return { type: "Unconfined" };
  return { type: "Localhost", localhostProfile: text.replace(/^localhost\//, "") };
}

export interface SeLinuxLabels {
  readonly process: string;
  readonly mount: string;
}

/** Only for pods that ask, on nodes that have it: the labels of images' files are the node's policy's matter. */
export function seLinuxLabels(asked: Asked, { seLinux }: SecurityModules): SeLinuxLabels | undefined {
  const options = { ...asked.podSecurity?.seLinuxOptions, ...asked.security?.seLinuxOptions };
  if (!seLinux || Object.keys(options).length === 0) return undefined;
  const { user = "system_u", role = "system_r", type = "container_t", level = ownCategories(asked.podUid) } = options;
  return { process: `${user}:${role}:${type}:${level}`, mount: `${user}:object_r:container_file_t:${level}` };
}

const categories = 1024;

/** Two categories that belong to the pod, so that pods of one type cannot read each other's files. */
function ownCategories(podUid: string): string {
  const digest = createHash("sha256").update(podUid).digest();
  const first = digest.readUInt16LE(0) % categories;
  const second = (first + 1 + (digest.readUInt16LE(2) % (categories - 1))) % categories;
  return `s0:c${Math.min(first, second)},c${Math.max(first, second)}`;
}
