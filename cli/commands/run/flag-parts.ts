/** Limits, users, capabilities, restart policies and health of `run`, from Docker's spelling to Kubernetes'. Pure. */
import type { Container, PodSpec } from "#proto/resources/pod.ts";
import { usageProblem } from "../../program-options.ts";
import type { RunOptions } from "./run-options.ts";

const policies: Readonly<Record<string, NonNullable<PodSpec["restartPolicy"]>>> = {
  no: "Never",
  never: "Never",
  "on-failure": "OnFailure",
  onfailure: "OnFailure",
  always: "Always",
  "unless-stopped": "Always", // `orchctl stop` holds whatever restarts: the wish to be stopped is kept
};

export function restartPolicyOf(text: string): NonNullable<PodSpec["restartPolicy"]> {
  const lower = text.toLowerCase();
  const found = Object.hasOwn(policies, lower) ? policies[lower] : undefined;
  if (found) return found;
  if (/^on-failure:\d+$/.test(lower))
    throw usageProblem(
      `--restart ${text}: the number of restarts cannot be limited`,
      "waits between them grow up to 5 minutes; --restart on-failure goes on for good",
    );
  throw usageProblem(`--restart ${text} is not known`, "use no, on-failure, always or unless-stopped");
}

const units: Readonly<Record<string, number>> = { "": 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** Docker's sizes, `512m` being mebibytes; Kubernetes' `512Mi` means the same. */
export function bytesOf(text: string, what: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([bkmgt]?)(?:i?b?)$/i.exec(text);
  const unit = units[(match?.[2] ?? "?").toLowerCase()];
  const bytes = Math.round(Number(match?.[1]) * (unit ?? Number.NaN));
  if (bytes > 0) return bytes;
  throw usageProblem(`"${text}" is no size for ${what}`, "as in: 512m, 2g");
}

export function resourcesOf({ memory, cpus }: RunOptions): Container["resources"] | undefined {
  if (cpus !== undefined && !(Number(cpus) > 0)) throw usageProblem(`--cpus ${cpus} is no number`, "as in: --cpus 1.5");
  const limits = {
    ...(cpus !== undefined && { cpu: `${Math.ceil(Number(cpus) * 1000)}m` }),
    ...(memory !== undefined && { memory: String(bytesOf(memory, "--memory")) }),
  };
  return Object.keys(limits).length === 0 ? undefined : { limits };
}

export function securityOf(options: RunOptions): Container["securityContext"] | undefined {
  const { capAdd = [], capDrop = [], privileged, readOnly, securityOpt = [], user } = options;
  const context: NonNullable<Container["securityContext"]> = {
    ...userOf(user),
    ...(privileged && { privileged }),
    ...(readOnly && { readOnlyRootFilesystem: true }),
    ...((capAdd.length > 0 || capDrop.length > 0) && {
      capabilities: {
        ...(capAdd.length > 0 && { add: capAdd.map(capability) }),
        ...(capDrop.length > 0 && { drop: capDrop.map(capability) }),
      },
    }),
    ...Object.assign({}, ...securityOpt.map(fromSecurityOption)),
  };
  return Object.keys(context).length === 0 ? undefined : context;
}

const capability = (name: string): string => name.toUpperCase().replace(/^CAP_/, "");

function userOf(user: string | undefined): { runAsUser?: number; runAsGroup?: number } {
  if (user === undefined) return {};
  const match = /^(\d+)(?::(\d+))?$/.exec(user);
  if (!match)
    throw usageProblem(
      `--user ${user}: names are not looked up`,
      "give numbers, as in --user 1000:1000; the image's own USER may be a name",
    );
  return { runAsUser: Number(match[1]), ...(match[2] !== undefined && { runAsGroup: Number(match[2]) }) };
}

function fromSecurityOption(text: string): NonNullable<Container["securityContext"]> {
  const [name = "", value] = text.split(/[=:](.*)/s, 2);
  if (name === "no-new-privileges" && (value === undefined || value === "true"))
    return { allowPrivilegeEscalation: false };
  if (name === "seccomp" && value === "unconfined") return { seccompProfile: { type: "Unconfined" } };
  if (name === "seccomp" && (value === "builtin" || value === "default"))
    return { seccompProfile: { type: "RuntimeDefault" } };
  if (name === "seccomp" && value !== undefined)
    return { seccompProfile: { type: "Localhost", localhostProfile: value } };
  if (name === "apparmor" && value === "unconfined") return { appArmorProfile: { type: "Unconfined" } };
  if (name === "apparmor" && value !== undefined)
    return { appArmorProfile: { type: "Localhost", localhostProfile: value } };
  throw usageProblem(`--security-opt ${text} is not known`, "known are no-new-privileges, seccomp=… and apparmor=…");
}

/** Docker's health only shows; here it also says whether the pod may serve. */
export function probeOf(options: RunOptions): Container["readinessProbe"] | undefined {
  const { healthCmd, healthInterval, healthTimeout, healthRetries, healthStartPeriod } = options;
  if (healthCmd === undefined) {
    if (healthInterval ?? healthTimeout ?? healthRetries ?? healthStartPeriod)
      throw usageProblem("the --health- flags need --health-cmd", "as in: --health-cmd 'wget -q -O- localhost'");
    return undefined;
  }
  const seconds = (ms: number): number => Math.max(1, Math.round(ms / 1000));
  return {
    exec: { command: ["/bin/sh", "-c", healthCmd] },
    periodSeconds: seconds(healthInterval ?? 30_000),
    timeoutSeconds: seconds(healthTimeout ?? 30_000),
    failureThreshold: healthRetries ?? 3,
    ...(healthStartPeriod !== undefined && { initialDelaySeconds: seconds(healthStartPeriod) }),
  };
}
