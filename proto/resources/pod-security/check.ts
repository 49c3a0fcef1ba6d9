/** Holds a pod, or the template of one, against a Pod Security level. Pure. */
import type { PodSpec } from "../pod/spec.ts";
import type { Path } from "../schema/field-path.ts";
import { baselineChecks } from "./baseline.ts";
import { formatLevel, type LevelOf } from "./level.ts";
import { restrictedChecks } from "./restricted.ts";
import type { Violation } from "./subject.ts";

/** The newest edition of the standards that the checks know: `latest`, and what is newer, mean this one. */
export const newestEdition = 35;

export interface Checked {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> | undefined } | undefined;
  readonly spec: PodSpec;
}

/** Empty when the pod may come in. `path` is where it stands in its object. */
export function violationsOf(
  pod: Checked,
  { level, edition }: Pick<LevelOf, "level" | "edition">,
  path: Path = [],
): readonly Violation[] {
  if (level === "privileged") return [];
  const minor = edition === "latest" ? newestEdition : Math.min(edition, newestEdition);
  const checks = level === "baseline" ? baselineChecks : [...baselineChecks, ...restrictedChecks];
  const subject = { annotations: pod.metadata?.annotations ?? {}, spec: pod.spec, path };
  return checks.filter(({ since }) => since <= minor).flatMap(({ find }) => find(subject, minor));
}

const mostTold = 5;

/** `spec.hostNetwork must not be true; spec.volumes[0].hostPath must not be used` */
export function sentenceOf(violations: readonly Violation[]): string {
  const told = violations.slice(0, mostTold).map(({ path, message }) => `${path} ${message}`);
  const more = violations.length - told.length;
  return `${told.join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
}

/** `Pod Security level "baseline" of namespace shop (the default)` */
export function namedLevel(policy: LevelOf, namespace: string): string {
  const origin = policy.isLabelled ? "" : " (the default)";
  return `Pod Security level "${formatLevel(policy)}" of namespace ${namespace}${origin}`;
}
