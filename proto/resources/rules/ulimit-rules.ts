/** Rules for the annotations that say limits of processes. */
import type { PodSpec } from "../pod/spec.ts";
import type { Path } from "../schema/field-path.ts";
import { type Findings, quote } from "../schema/findings.ts";
import { isUlimitAnnotation, parseUlimits, ulimitContainer } from "../ulimits.ts";

/** `path` leads to the metadata of a pod, or of a template. */
export function validateUlimits(
  annotations: Readonly<Record<string, string>> = {},
  spec: PodSpec,
  path: Path,
  findings: Findings,
): void {
  const names = [...spec.containers, ...(spec.initContainers ?? [])].map(({ name }) => name);
  for (const [key, text] of Object.entries(annotations)) {
    if (!isUlimitAnnotation(key)) continue;
    const at = [...path, "annotations", key];
    const parsed = parseUlimits(text);
    if (typeof parsed === "string") findings.invalid(at, parsed);
    const name = ulimitContainer(key);
    if (name !== undefined && !names.includes(name)) findings.invalid(at, `the pod has no container ${quote(name)}`);
  }
}
