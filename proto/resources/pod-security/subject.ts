/** What the checks of the Pod Security Standards look at: a pod, or the template of one. Pure. */
import type { Container } from "../pod/container.ts";
import type { SecurityContext } from "../pod/security.ts";
import type { PodSpec } from "../pod/spec.ts";
import { formatPath, type Path } from "../schema/field-path.ts";

export interface Subject {
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
  /** Where the pod stands in its object: empty, or `spec.template`. */
  readonly path: Path;
}

export interface Violation {
  readonly path: string;
  /** Follows the path in a sentence: `must not be true`. */
  readonly message: string;
}

export interface Check {
  /** As Kubernetes names it. */
  readonly id: string;
  readonly level: "baseline" | "restricted";
  /** Minor version of the first edition that has it. */
  readonly since: number;
  readonly find: (subject: Subject, minor: number) => readonly Violation[];
}

export interface ContainerAt {
  readonly container: Pick<
    Container,
    "name" | "ports" | "lifecycle" | "livenessProbe" | "readinessProbe" | "startupProbe"
  > & {
    readonly securityContext?: SecurityContext | undefined;
  };
  readonly path: Path;
}

/** All of a pod, ephemeral ones too. */
export function containersOf({ spec, path }: Subject): readonly ContainerAt[] {
  const lists = [
    ["initContainers", spec.initContainers],
    ["containers", spec.containers],
    ["ephemeralContainers", spec.ephemeralContainers],
  ] as const;
  return lists.flatMap(([field, list]) =>
    (list ?? []).map((container, i) => ({ container, path: [...path, "spec", field, i] })),
  );
}

/** `securityContext` of the pod first, then of each container; absent ones are left out. */
export function contextsOf(subject: Subject): readonly { readonly context: SecurityContext; readonly path: Path }[] {
  const { securityContext } = subject.spec;
  const ofPod = securityContext
    ? [{ context: securityContext as SecurityContext, path: [...subject.path, "spec", "securityContext"] }]
    : [];
  const ofContainers = containersOf(subject).flatMap(({ container, path }) =>
    container.securityContext ? [{ context: container.securityContext, path: [...path, "securityContext"] }] : [],
  );
  return [...ofPod, ...ofContainers];
}

export const violation = (path: Path, message: string): Violation => ({ path: formatPath(path), message });

/** A user namespace of its own: being root in it is nobody outside. */
export const hasOwnUsers = ({ spec }: Subject): boolean => spec.hostUsers === false;
