/** Rules for securityContext of pods and containers. */
import type { PodSecurityContext, SeccompProfile, SecurityContext } from "../pod/security.ts";
import type { PodSpec } from "../pod/spec.ts";
import { safeSysctls, sysctlNamespace } from "../pod-security/sysctls.ts";
import type { Path } from "../schema/field-path.ts";
import type { Findings } from "../schema/findings.ts";
import { checkUnique } from "./unique.ts";

const largestId = 2147483647;

function checkId(id: number | undefined, path: Path, findings: Findings): void {
  if (id !== undefined && (id < 0 || id > largestId)) findings.invalid(path, `must be from 0 to ${largestId}`);
}

function validateSeccomp(profile: SeccompProfile | undefined, path: Path, findings: Findings): void {
  if (profile === undefined) return;
  const at = [...path, "seccompProfile", "localhostProfile"];
  const file = profile.localhostProfile;
  if (profile.type !== "Localhost") {
    if (file !== undefined) findings.invalid(at, "can be set only with type Localhost");
  } else if (file === undefined || file === "") findings.required(at, "is required with type Localhost");
  else if (file.startsWith("/") || file.split("/").includes(".."))
    findings.invalid(at, "must be a path below the node's seccomp folder");
}

function validateAppArmor(profile: SecurityContext["appArmorProfile"], path: Path, findings: Findings): void {
  if (profile === undefined) return;
  const at = [...path, "appArmorProfile", "localhostProfile"];
  const name = profile.localhostProfile ?? "";
  if (profile.type === "Localhost" && name.trim() === "") findings.required(at, "is required with type Localhost");
  if (profile.type !== "Localhost" && profile.localhostProfile !== undefined)
    findings.invalid(at, "can be set only with type Localhost");
  if (name !== name.trim() || name.length > 4095) findings.invalid(at, "is not the name of a profile");
}

export function validateSecurityContext(context: SecurityContext | undefined, path: Path, findings: Findings): void {
  if (context === undefined) return;
  checkId(context.runAsUser, [...path, "runAsUser"], findings);
  checkId(context.runAsGroup, [...path, "runAsGroup"], findings);
  validateSeccomp(context.seccompProfile, path, findings);
  validateAppArmor(context.appArmorProfile, path, findings);
  if (context.allowPrivilegeEscalation !== false) return;
  const at = [...path, "allowPrivilegeEscalation"];
  if (context.privileged === true) findings.invalid(at, "cannot be false for a privileged container");
  const added = context.capabilities?.add ?? [];
  if (added.some((capability) => capability === "SYS_ADMIN" || capability === "CAP_SYS_ADMIN"))
    findings.invalid(at, "cannot be false with capability SYS_ADMIN");
}

const sysctlName = /^[a-z0-9]([-_a-z0-9]*[a-z0-9])?([./][a-z0-9]([-_a-z0-9]*[a-z0-9])?)*$/;

function checkSysctl(name: string, path: Path, findings: Findings): void {
  if (name.length > 253 || !sysctlName.test(name)) findings.invalid(path, "is not a name of a kernel parameter");
  else if (sysctlNamespace(name) === undefined) {
    const safe = [...safeSysctls.keys()].join(", ");
    findings.forbidden(path, `is the node's, not the pod's. Safe ones are ${safe}`);
  }
}

/** A parameter of a namespace that the pod shares with the node would change the node. */
export function validateSharedSysctls(spec: PodSpec, path: Path, findings: Findings): void {
  for (const [i, { name }] of (spec.securityContext?.sysctls ?? []).entries()) {
    const namespace = sysctlNamespace(name);
    const sharing = namespace === "network" ? "hostNetwork" : "hostIPC";
    if (namespace !== undefined && spec[sharing] === true)
      findings.forbidden([...path, "securityContext", "sysctls", i, "name"], `would change the node beside ${sharing}`);
  }
}

const mostOwnId = 65_535;

/** Users of a pod's own go with namespaces of its own, and there are so many of them. */
export function validateOwnUsers(spec: PodSpec, path: Path, findings: Findings): void {
  const containers = [
    ...spec.containers.map((container, i) => ({ container, at: [...path, "containers", i] })),
    ...(spec.initContainers ?? []).map((container, i) => ({ container, at: [...path, "initContainers", i] })),
  ];
  if (spec.hostUsers !== false) {
    for (const { container, at } of containers)
      if (container.securityContext?.procMount === "Unmasked")
        findings.forbidden([...at, "securityContext", "procMount"], "can be `Unmasked` only beside hostUsers: false");
    return;
  }
  for (const field of ["hostNetwork", "hostPID", "hostIPC"] as const)
    if (spec[field] === true) findings.forbidden([...path, "hostUsers"], `cannot be false beside ${field}`);
  const contexts = [
    { context: spec.securityContext, at: [...path, "securityContext"] },
    ...containers.map(({ container, at }) => ({ context: container.securityContext, at: [...at, "securityContext"] })),
  ];
  for (const { context, at } of contexts)
    for (const field of ["runAsUser", "runAsGroup"] as const)
      if ((context?.[field] ?? 0) > mostOwnId)
        findings.invalid([...at, field], `must be no more than ${mostOwnId} beside hostUsers: false`);
  const { fsGroup = 0, supplementalGroups = [] } = spec.securityContext ?? {};
  for (const [field, ids] of [["fsGroup", [fsGroup]] as const, ["supplementalGroups", supplementalGroups] as const])
    if (ids.some((id) => id > mostOwnId))
      findings.invalid(
        [...path, "securityContext", field],
        `must be no more than ${mostOwnId} beside hostUsers: false`,
      );
}

export function validatePodSecurityContext(
  context: PodSecurityContext | undefined,
  path: Path,
  findings: Findings,
): void {
  if (context === undefined) return;
  for (const field of ["runAsUser", "runAsGroup", "fsGroup"] as const)
    checkId(context[field], [...path, field], findings);
  for (const [i, group] of (context.supplementalGroups ?? []).entries())
    checkId(group, [...path, "supplementalGroups", i], findings);
  validateSeccomp(context.seccompProfile, path, findings);
  validateAppArmor(context.appArmorProfile, path, findings);
  const names = (context.sysctls ?? []).map((sysctl) => sysctl.name);
  checkUnique(names, (i) => [...path, "sysctls", i, "name"], findings);
  for (const [i, name] of names.entries()) checkSysctl(name, [...path, "sysctls", i, "name"], findings);
}
