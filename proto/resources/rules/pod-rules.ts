/** Defaults and rules for pods, and the little that may change in one. */
import { validateContainerWishes } from "../container-wishes.ts";
import type { Pod, PodSpec } from "../pod.ts";
import { withPodDefaults } from "../pod-defaults.ts";
import { qosClass } from "../qos-class.ts";
import type { Findings } from "../schema/findings.ts";
import { changedPaths, isSame } from "./changes.ts";
import { validateInit } from "./meta-rules.ts";
import { applyPodSpecDefaults, validatePodSpec } from "./pod-spec-rules.ts";
import type { RulesFor } from "./rules-for.ts";
import { validateUlimits } from "./ulimit-rules.ts";

function applyDefaults(pod: Pod): void {
  applyPodSpecDefaults(pod.spec);
  pod.spec = withPodDefaults(pod.spec);
  pod.status = { phase: "Pending", ...pod.status, qosClass: qosClass(pod.spec) };
}

/** Images may change; tolerations may be added; the rest is fixed once a pod exists. */
function validateUpdate(pod: Pod, previous: Pod, findings: Findings): void {
  const { spec } = pod;
  const before = previous.spec;
  const added = (spec.tolerations ?? []).length >= (before.tolerations ?? []).length;
  const kept = (before.tolerations ?? []).every((old) => (spec.tolerations ?? []).some((now) => isSame(old, now)));
  if (!added || !kept)
    findings.forbidden(["spec", "tolerations"], "can be added to a pod, but not taken away or changed");
  const allowed: PodSpec = { ...before, containers: withImages(before, spec) };
  if (spec.tolerations !== undefined) allowed.tolerations = spec.tolerations;
  else delete allowed.tolerations;
  const path =
    spec.containers.length === before.containers.length
      ? changedPaths(allowed, spec, ["spec"])
      : [["spec", "containers"]];
  for (const changed of path)
    findings.forbidden(
      changed,
      "cannot change in a pod: only images and added tolerations can; delete it and create it anew",
    );
}

const withImages = (before: PodSpec, now: PodSpec): PodSpec["containers"] =>
  before.containers.map((container, i) => ({ ...container, image: now.containers[i]?.image ?? container.image }));

export const podRules: RulesFor<Pod> = {
  applyDefaults,
  validate: (pod, findings) => {
    validateInit(pod.metadata.annotations, ["metadata", "annotations"], findings);
    validateUlimits(pod.metadata.annotations, pod.spec, ["metadata"], findings);
    validatePodSpec(pod.spec, ["spec"], findings);
    validateContainerWishes(pod, findings);
  },
  validateCreate: (pod, findings) => {
    if ((pod.spec.ephemeralContainers ?? []).length > 0)
      findings.forbidden(
        ["spec", "ephemeralContainers"],
        "cannot be set when a pod is made: add them to one that runs, with orchctl debug",
      );
  },
  validateUpdate,
};
