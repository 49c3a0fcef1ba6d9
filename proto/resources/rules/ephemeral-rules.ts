/** Containers that are added to a pod that runs, to look inside: what they may be, and that they stay as they are. */
import type { EphemeralContainer, Pod, PodSpec } from "../pod.ts";
import type { Path } from "../schema/field-path.ts";
import { type Findings, quote } from "../schema/findings.ts";
import { isSame } from "./changes.ts";
import { type ContainerScope, validateContainer } from "./container-rules.ts";

/** As in Kubernetes: nothing that would need a promise of resources, of serving or of coming back. */
const forbidden = [
  "ports",
  "resources",
  "resizePolicy",
  "restartPolicy",
  "restartPolicyRules",
  "lifecycle",
  "livenessProbe",
  "readinessProbe",
  "startupProbe",
] as const;

export function validateEphemeral(spec: PodSpec, scope: ContainerScope, path: Path, findings: Findings): void {
  const targets = new Set(spec.containers.map(({ name }) => name));
  for (const [i, container] of (spec.ephemeralContainers ?? []).entries()) {
    const at = [...path, i];
    validateContainer(container, scope, at, findings);
    for (const field of forbidden)
      if (isSaid(container[field])) findings.forbidden([...at, field], "an ephemeral container cannot have it");
    for (const [j, { subPath, subPathExpr }] of (container.volumeMounts ?? []).entries())
      if (subPath || subPathExpr) findings.forbidden([...at, "volumeMounts", j], "must be of a whole volume here");
    const target = container.targetContainerName;
    if (target && !targets.has(target))
      findings.add([...at, "targetContainerName"], "FieldValueNotFound", `the pod has no container ${quote(target)}`);
  }
}

const isSaid = (value: unknown): boolean =>
  value !== undefined && !(typeof value === "object" && value !== null && Object.keys(value).length === 0);

/** They can be added, by the subresource ephemeralcontainers; never taken away or changed. */
export function ephemeralProblem(previous: Pod, next: Pod): string | undefined {
  const before = previous.spec.ephemeralContainers ?? [];
  const after = new Map((next.spec.ephemeralContainers ?? []).map((one) => [one.name, one]));
  for (const old of before) {
    const now = after.get(old.name);
    if (!now) return `container ${quote(old.name)} cannot be taken away: it stays until the pod is deleted`;
    if (!isSame(settled(old), settled(now))) return `container ${quote(old.name)} cannot change: add another one`;
  }
  return undefined;
}

/** Without what is filled in where it is left out. */
const settled = ({ imagePullPolicy: _, terminationMessagePath: __, ...rest }: EphemeralContainer): object => rest;
