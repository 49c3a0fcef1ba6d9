/** Seccomp filters: Docker's default semantics, resolved for this machine and the container's capabilities. Pure. */
import { Problem } from "#proto/kit/problem.ts";
import type { OciSeccomp, OciSeccompRule } from "./oci-types.ts";
import { allowedSyscalls, forbiddenSyscalls, syscallsByCapability } from "./seccomp-syscalls.ts";

const allow = "SCMP_ACT_ALLOW";
const refuse = "SCMP_ACT_ERRNO";
const notPermitted = 1; // EPERM
const notImplemented = 38; // ENOSYS

/** Namespace flags of clone(2): mount, cgroup, uts, ipc, user, pid, network. */
const namespaceFlags: readonly number[] = [
  0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000,
];

/** Linux, Linux32, uname26 and both, and "tell me". */
const allowedPersonalities: readonly number[] = [0x0, 0x8, 0x20000, 0x20008, 0xffffffff];

const architectures: Readonly<Record<string, readonly string[]>> = {
  x64: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
  arm64: ["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"],
};

/**
 * The profile `RuntimeDefault`. A call that is known and forbidden answers EPERM, one that nobody knew when the lists were written
 * ENOSYS, so that libraries that probe for it fall back; clone3 too, because its flags cannot be filtered.
 */
export function defaultSeccomp(architecture: string, capabilities: readonly string[]): OciSeccomp {
  const architectureNames = architectures[architecture];
  if (!architectureNames) {
    throw new Problem("unsupported", `there is no default seccomp profile for ${architecture}`, {
      hint: "run on x64 or arm64, or set seccompProfile Unconfined",
    });
  }
  const granted = new Set(allowedSyscalls);
  const withheld = new Set(forbiddenSyscalls);
  for (const [capability, names] of Object.entries(syscallsByCapability)) {
    for (const name of names) (capabilities.includes(capability) ? granted : withheld).add(name);
  }
  const isAdmin = capabilities.includes("CAP_SYS_ADMIN");
  if (!isAdmin) for (const name of ["clone", "clone3"]) withheld.delete(name);
  return {
    defaultAction: refuse,
    defaultErrnoRet: notImplemented,
    architectures: architectureNames,
    syscalls: [
      { names: [...granted], action: allow },
      { names: [...withheld].filter((name) => !granted.has(name)), action: refuse, errnoRet: notPermitted },
      ...socketRules,
      ...allowedPersonalities.map((value) => argumentRule("personality", allow, { value, op: "SCMP_CMP_EQ" })),
      ...(isAdmin ? [] : cloneRules),
    ],
  };
}

/** All address families but AF_ALG (38) and AF_VSOCK (40): the kernel's crypto and the way out to a hypervisor. */
const socketRules: readonly OciSeccompRule[] = [
  argumentRule("socket", allow, { value: 38, op: "SCMP_CMP_LT" }),
  argumentRule("socket", allow, { value: 39, op: "SCMP_CMP_EQ" }),
  argumentRule("socket", allow, { value: 40, op: "SCMP_CMP_GT" }),
  argumentRule("socket", refuse, { value: 38, op: "SCMP_CMP_EQ" }),
  argumentRule("socket", refuse, { value: 40, op: "SCMP_CMP_EQ" }),
];

const cloneRules: readonly OciSeccompRule[] = [
  argumentRule("clone", allow, {
    value: namespaceFlags.reduce((sum, flag) => sum + flag, 0),
    valueTwo: 0,
    op: "SCMP_CMP_MASKED_EQ",
  }),
  ...namespaceFlags.map((flag) =>
    argumentRule("clone", refuse, { value: flag, valueTwo: flag, op: "SCMP_CMP_MASKED_EQ" }),
  ),
  { names: ["clone3"], action: refuse, errnoRet: notImplemented },
];

function argumentRule(
  name: string,
  action: string,
  argument: { readonly value: number; readonly valueTwo?: number; readonly op: string },
): OciSeccompRule {
  return {
    names: [name],
    action,
    ...(action === refuse ? { errnoRet: notPermitted } : {}),
    args: [{ index: 0, ...argument }],
  };
}

const actions: ReadonlySet<string> = new Set([
  allow,
  refuse,
  "SCMP_ACT_KILL",
  "SCMP_ACT_KILL_THREAD",
  "SCMP_ACT_KILL_PROCESS",
  "SCMP_ACT_TRAP",
  "SCMP_ACT_TRACE",
  "SCMP_ACT_LOG",
]);

/** Longest `Localhost` profile that is read. */
export const maxProfileBytes = 1024 * 1024;

/**
 * A profile file of the node, already resolved as runtimes write it (no includes, excludes or archMap). Empty, broken or filtering
 * nothing is refused: it would run unconfined.
 */
export function parseSeccompProfile(name: string, text: string): OciSeccomp {
  const refused = (reason: string): Problem =>
    new Problem("invalid", `seccomp profile ${name} ${reason}`, {
      causes: [{ path: "securityContext.seccompProfile.localhostProfile", message: reason }],
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw refused(`is not JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
  if (!isRecord(value)) throw refused("is not an object");
  const { defaultAction, architectures: listed, syscalls, defaultErrnoRet } = value;
  if (typeof defaultAction !== "string" || !actions.has(defaultAction)) throw refused("has no valid defaultAction");
  if (syscalls !== undefined && !Array.isArray(syscalls)) throw refused("has syscalls that are not a list");
  const rules: readonly unknown[] = syscalls ?? [];
  if (rules.length === 0 && defaultAction === allow) throw refused("filters nothing");
  if (!rules.every(isRule)) throw refused("has a syscalls entry without names or valid action");
  return {
    defaultAction,
    ...(typeof defaultErrnoRet === "number" ? { defaultErrnoRet } : {}),
    architectures: Array.isArray(listed) ? listed.filter((entry) => typeof entry === "string") : [],
    syscalls: rules,
  };
}

function isRule(value: unknown): value is OciSeccompRule {
  if (!isRecord(value) || typeof value.action !== "string" || !actions.has(value.action)) return false;
  if ("includes" in value || "excludes" in value) return false;
  return Array.isArray(value.names) && value.names.every((name) => typeof name === "string");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
