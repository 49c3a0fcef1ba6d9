/** Which capabilities a container's first process gets. Pure. */
import { Problem } from "#proto/kit/problem.ts";
import type { OciCapabilities } from "./oci-types.ts";

/** What Kubernetes' baseline lets pods ask for: Docker's default set without NET_RAW, which forges packets of the pod's network. */
const defaultCapabilities: readonly string[] = [
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_FSETID",
  "CAP_FOWNER",
  "CAP_MKNOD",
  "CAP_SETGID",
  "CAP_SETUID",
  "CAP_SETFCAP",
  "CAP_SETPCAP",
  "CAP_NET_BIND_SERVICE",
  "CAP_SYS_CHROOT",
  "CAP_KILL",
  "CAP_AUDIT_WRITE",
];

/** In the kernel's numbering (capability.h): index = bit. */
export const allCapabilities: readonly string[] = (
  "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE " +
  "NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN " +
  "SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE " +
  "MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE"
)
  .split(" ")
  .map((name) => `CAP_${name}`);

export interface CapabilityRequest {
  readonly add: readonly string[];
  readonly drop: readonly string[];
  readonly privileged: boolean;
  /** What the agent itself may hand on: its bounding set. */
  readonly grantable: ReadonlySet<string>;
}

/**
 * Kubernetes' rule: the default set, or with `add: [ALL]` every one, minus `drop` (or nothing for `drop: [ALL]`), plus the ones added
 * by name. Inheritable and ambient stay empty. Problem `invalid` for names no kernel knows and for what this node lacks.
 */
export function capabilitySet(request: CapabilityRequest): OciCapabilities {
  if (request.privileged) return sets(allCapabilities.filter((name) => request.grantable.has(name)));
  const add = request.add.map((name) => canonical(name, "add"));
  const drop = request.drop.map((name) => canonical(name, "drop"));
  const base = add.includes("ALL") ? allCapabilities : drop.includes("ALL") ? [] : defaultCapabilities;
  const chosen = new Set(base.filter((name) => !drop.includes(name)));
  for (const name of add) {
    if (name === "ALL") continue;
    if (!request.grantable.has(name)) {
      throw new Problem("invalid", `capability ${name} cannot be added: this node does not have it`, {
        causes: [{ path: "securityContext.capabilities.add", message: `${name} is not in the agent's own set` }],
      });
    }
    chosen.add(name);
  }
  return sets(allCapabilities.filter((name) => chosen.has(name) && request.grantable.has(name)));
}

function canonical(name: string, field: "add" | "drop"): string {
  const upper = name.toUpperCase();
  if (upper === "ALL") return upper;
  const full = upper.startsWith("CAP_") ? upper : `CAP_${upper}`;
  if (allCapabilities.includes(full)) return full;
  throw new Problem("invalid", `${JSON.stringify(name)} is not a capability`, {
    causes: [{ path: `securityContext.capabilities.${field}`, message: `unknown capability ${JSON.stringify(name)}` }],
  });
}

/** The kernel itself drops effective and permitted when a process that is not root is executed. */
function sets(names: readonly string[]): OciCapabilities {
  return { bounding: names, effective: names, permitted: names, inheritable: [], ambient: [] };
}
