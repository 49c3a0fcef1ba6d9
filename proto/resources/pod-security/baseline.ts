/** The checks of level baseline: what would let a pod reach the node or other pods is not asked for. Pure. */
import type { HttpGetAction, TcpSocketAction } from "../pod/probe.ts";
import type { Path } from "../schema/field-path.ts";
import { quote } from "../schema/findings.ts";
import {
  type Check,
  containersOf,
  contextsOf,
  hasOwnUsers,
  type Subject,
  type Violation,
  violation,
} from "./subject.ts";
import { safeSysctls } from "./sysctls.ts";

/** What `capabilities.add` may name. */
export const baselineCapabilities: readonly string[] = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
];

/** First edition in which a user namespace of its own makes up for some of the rules. */
export const ownUsersRelaxSince = 35;
const seccompFieldSince = 19;
const appArmorAnnotation = "container.apparmor.security.beta.kubernetes.io/";
const seccompPodAnnotation = "seccomp.security.alpha.kubernetes.io/pod";
const seccompContainerAnnotation = "container.seccomp.security.alpha.kubernetes.io/";

function hostNamespaces({ spec, path }: Subject): readonly Violation[] {
  return (["hostNetwork", "hostPID", "hostIPC"] as const)
    .filter((field) => spec[field] === true)
    .map((field) => violation([...path, "spec", field], "must not be true"));
}

function privileged(subject: Subject): readonly Violation[] {
  return contextsOf(subject)
    .filter(({ context }) => context.privileged === true)
    .map(({ path }) => violation([...path, "privileged"], "must not be true"));
}

function hostProcess(subject: Subject): readonly Violation[] {
  return contextsOf(subject)
    .filter(({ context }) => context.windowsOptions?.hostProcess === true)
    .map(({ path }) => violation([...path, "windowsOptions", "hostProcess"], "must not be true"));
}

function capabilities(subject: Subject): readonly Violation[] {
  return contextsOf(subject).flatMap(({ context, path }) =>
    (context.capabilities?.add ?? []).flatMap((name, i) =>
      baselineCapabilities.includes(plainCapability(name))
        ? []
        : [violation([...path, "capabilities", "add", i], `must not be ${quote(name)}`)],
    ),
  );
}

/** Runtimes take a capability with and without its prefix, in any case. */
export const plainCapability = (name: string): string => name.toUpperCase().replace(/^CAP_/, "");

function hostPathVolumes({ spec, path }: Subject): readonly Violation[] {
  return (spec.volumes ?? []).flatMap((volume, i) =>
    volume.hostPath ? [violation([...path, "spec", "volumes", i, "hostPath"], "must not be used")] : [],
  );
}

function hostPorts(subject: Subject): readonly Violation[] {
  return containersOf(subject).flatMap(({ container, path }) =>
    (container.ports ?? []).flatMap(({ hostPort = 0 }, i) =>
      hostPort === 0 ? [] : [violation([...path, "ports", i, "hostPort"], "must not be set")],
    ),
  );
}

interface Handler {
  readonly httpGet?: Pick<HttpGetAction, "host"> | undefined;
  readonly tcpSocket?: Pick<TcpSocketAction, "host"> | undefined;
}

function hostProbes(subject: Subject): readonly Violation[] {
  return containersOf(subject).flatMap(({ container, path }) => {
    const handlers: readonly (readonly [Path, Handler | undefined])[] = [
      [["livenessProbe"], container.livenessProbe],
      [["readinessProbe"], container.readinessProbe],
      [["startupProbe"], container.startupProbe],
      [["lifecycle", "postStart"], container.lifecycle?.postStart],
      [["lifecycle", "preStop"], container.lifecycle?.preStop],
    ];
    return handlers.flatMap(([at, handler]) =>
      (["httpGet", "tcpSocket"] as const)
        .filter((action) => (handler?.[action]?.host ?? "") !== "")
        .map((action) => violation([...path, ...at, action, "host"], "must not be set")),
    );
  });
}

function appArmor(subject: Subject): readonly Violation[] {
  const isAllowed = (value: string): boolean =>
    value === "" || value === "runtime/default" || value.startsWith("localhost/");
  const annotated = Object.entries(subject.annotations)
    .filter(([name, value]) => name.startsWith(appArmorAnnotation) && !isAllowed(value))
    .map(([name, value]) =>
      violation([...subject.path, "metadata", "annotations", name], `must not be ${quote(value)}`),
    );
  const fields = contextsOf(subject)
    .filter(({ context }) => context.appArmorProfile?.type === "Unconfined")
    .map(({ path }) => violation([...path, "appArmorProfile", "type"], "must not be `Unconfined`"));
  return [...annotated, ...fields];
}

const engineTypeSince = 31;

function seLinuxOptions(subject: Subject, minor: number): readonly Violation[] {
  const types = ["", "container_t", "container_init_t", "container_kvm_t"];
  if (minor >= engineTypeSince) types.push("container_engine_t");
  return contextsOf(subject).flatMap(({ context, path }) => {
    const { type = "", user = "", role = "" } = context.seLinuxOptions ?? {};
    const at = [...path, "seLinuxOptions"];
    return [
      ...(types.includes(type) ? [] : [violation([...at, "type"], `must not be ${quote(type)}`)]),
      ...(user === "" ? [] : [violation([...at, "user"], "must not be set")]),
      ...(role === "" ? [] : [violation([...at, "role"], "must not be set")]),
    ];
  });
}

function procMount(subject: Subject, minor: number): readonly Violation[] {
  if (minor >= ownUsersRelaxSince && hasOwnUsers(subject)) return [];
  return contextsOf(subject).flatMap(({ context, path }) =>
    (context.procMount ?? "Default") === "Default" ? [] : [violation([...path, "procMount"], "must be `Default`")],
  );
}

function seccompProfile(subject: Subject, minor: number): readonly Violation[] {
  if (minor < seccompFieldSince) return seccompAnnotations(subject);
  return contextsOf(subject)
    .filter(({ context }) => context.seccompProfile?.type === "Unconfined")
    .map(({ path }) => violation([...path, "seccompProfile", "type"], "must not be `Unconfined`"));
}

function seccompAnnotations({ annotations, path }: Subject): readonly Violation[] {
  const isAllowed = (value: string): boolean =>
    value === "runtime/default" || value === "docker/default" || value.startsWith("localhost/");
  return Object.entries(annotations)
    .filter(([name]) => name === seccompPodAnnotation || name.startsWith(seccompContainerAnnotation))
    .filter(([, value]) => !isAllowed(value))
    .map(([name, value]) => violation([...path, "metadata", "annotations", name], `must not be ${quote(value)}`));
}

function sysctls({ spec, path }: Subject, minor: number): readonly Violation[] {
  return (spec.securityContext?.sysctls ?? []).flatMap(({ name }, i) => {
    const since = safeSysctls.get(name.replaceAll("/", "."));
    if (since !== undefined && since <= minor) return [];
    return [violation([...path, "spec", "securityContext", "sysctls", i, "name"], `must not be ${quote(name)}`)];
  });
}

const check = (id: string, since: number, find: Check["find"]): Check => ({ id, level: "baseline", since, find });

const lifecycleHostSince = 34;

export const baselineChecks: readonly Check[] = [
  check("hostNamespaces", 0, hostNamespaces),
  check("privileged", 0, privileged),
  check("windowsHostProcess", 0, hostProcess),
  check("capabilities_baseline", 0, capabilities),
  check("hostPathVolumes", 0, hostPathVolumes),
  check("hostPorts", 0, hostPorts),
  check("hostProbesAndHostLifecycle", lifecycleHostSince, hostProbes),
  check("appArmorProfile", 0, appArmor),
  check("seLinuxOptions", 0, seLinuxOptions),
  check("procMount", 0, procMount),
  check("seccompProfile_baseline", 0, seccompProfile),
  check("sysctls", 0, sysctls),
];
