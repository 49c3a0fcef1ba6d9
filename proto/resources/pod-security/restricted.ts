/** The checks that level restricted adds to baseline: pods that need nothing of root. Pure. */
import { quote } from "../schema/findings.ts";
import { ownUsersRelaxSince, plainCapability } from "./baseline.ts";
import {
  type Check,
  containersOf,
  contextsOf,
  hasOwnUsers,
  type Subject,
  type Violation,
  violation,
} from "./subject.ts";

const volumeKinds: ReadonlySet<string> = new Set([
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
]);

function restrictedVolumes({ spec, path }: Subject): readonly Violation[] {
  return (spec.volumes ?? []).flatMap((volume, i) =>
    Object.keys(volume)
      .filter((kind) => kind !== "name" && !volumeKinds.has(kind))
      .map((kind) => violation([...path, "spec", "volumes", i, kind], `must be one of ${[...volumeKinds].join(", ")}`)),
  );
}

function allowPrivilegeEscalation(subject: Subject): readonly Violation[] {
  return containersOf(subject)
    .filter(({ container }) => container.securityContext?.allowPrivilegeEscalation !== false)
    .map(({ path }) => violation([...path, "securityContext", "allowPrivilegeEscalation"], "must be false"));
}

/** A wish of the pod stands for containers without one of their own. */
function runAsNonRoot(subject: Subject, minor: number): readonly Violation[] {
  if (minor >= ownUsersRelaxSince && hasOwnUsers(subject)) return [];
  const ofPod = subject.spec.securityContext?.runAsNonRoot;
  return containersOf(subject)
    .filter(({ container }) => (container.securityContext?.runAsNonRoot ?? ofPod) !== true)
    .map(({ path }) => violation([...path, "securityContext", "runAsNonRoot"], "must be true, here or for the pod"));
}

function runAsUser(subject: Subject, minor: number): readonly Violation[] {
  if (minor >= ownUsersRelaxSince && hasOwnUsers(subject)) return [];
  return contextsOf(subject)
    .filter(({ context }) => context.runAsUser === 0)
    .map(({ path }) => violation([...path, "runAsUser"], "must not be 0"));
}

/** Said, not only meant: the default of another cluster may be no profile at all. */
function seccompProfile(subject: Subject): readonly Violation[] {
  const ofPod = subject.spec.securityContext?.seccompProfile?.type;
  const isConfined = (type: string | undefined): boolean => type === "RuntimeDefault" || type === "Localhost";
  const message = "must be `RuntimeDefault` or `Localhost`, here or for the pod";
  return containersOf(subject)
    .filter(({ container }) => !isConfined(container.securityContext?.seccompProfile?.type ?? ofPod))
    .map(({ path }) => violation([...path, "securityContext", "seccompProfile", "type"], message));
}

function capabilities(subject: Subject): readonly Violation[] {
  return containersOf(subject).flatMap(({ container, path }) => {
    const { add = [], drop = [] } = container.securityContext?.capabilities ?? {};
    const at = [...path, "securityContext", "capabilities"];
    return [
      ...(drop.some((name) => plainCapability(name) === "ALL") ? [] : [violation([...at, "drop"], "must have `ALL`")]),
      ...add.flatMap((name, i) =>
        plainCapability(name) === "NET_BIND_SERVICE"
          ? []
          : [violation([...at, "add", i], `must not be ${quote(name)}: only NET_BIND_SERVICE may come back`)],
      ),
    ];
  });
}

const check = (id: string, since: number, find: Check["find"]): Check => ({ id, level: "restricted", since, find });

export const restrictedChecks: readonly Check[] = [
  check("restrictedVolumes", 0, restrictedVolumes),
  check("allowPrivilegeEscalation", 8, allowPrivilegeEscalation),
  check("runAsNonRoot", 0, runAsNonRoot),
  check("runAsUser", 23, runAsUser),
  check("seccompProfile_restricted", 19, seccompProfile),
  check("capabilities_restricted", 22, capabilities),
];
