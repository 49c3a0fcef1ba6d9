/** Defaults and rules for Deployments and ReplicaSets. */
import type { Deployment } from "../deployment.ts";
import { type IntOrString, parsePercentage } from "../int-or-string.ts";
import type { PodTemplateSpec } from "../pod.ts";
import type { ReplicaSet } from "../replica-set.ts";
import type { Path } from "../schema/field-path.ts";
import type { Findings } from "../schema/findings.ts";
import { isSame } from "./changes.ts";
import { validateAnnotations, validateInit, validateLabels } from "./meta-rules.ts";
import { applyPodSpecDefaults, validatePodSpec } from "./pod-spec-rules.ts";
import type { RulesFor } from "./rules-for.ts";
import { validateOwnSelector } from "./selector-rules.ts";
import { validateUlimits } from "./ulimit-rules.ts";

function validateTemplate(template: PodTemplateSpec, findings: Findings): void {
  const path: Path = ["spec", "template"];
  validateLabels(template.metadata?.labels, [...path, "metadata", "labels"], findings);
  validateAnnotations(template.metadata?.annotations, [...path, "metadata", "annotations"], findings);
  validateInit(template.metadata?.annotations, [...path, "metadata", "annotations"], findings);
  validateUlimits(template.metadata?.annotations, template.spec, [...path, "metadata"], findings);
  validatePodSpec(template.spec, [...path, "spec"], findings);
  if ((template.spec.ephemeralContainers ?? []).length > 0)
    findings.forbidden(
      [...path, "spec", "ephemeralContainers"],
      "cannot be part of a template: orchctl debug adds them",
    );
  const { restartPolicy = "Always", activeDeadlineSeconds } = template.spec;
  if (activeDeadlineSeconds !== undefined)
    findings.forbidden([...path, "spec", "activeDeadlineSeconds"], "is for pods that come to an end by themselves");
  if (restartPolicy !== "Always")
    findings.add(
      [...path, "spec", "restartPolicy"],
      "FieldValueNotSupported",
      "must be `Always`: the pods are meant to keep running",
    );
}

function checkNotNegative(spec: object, fields: readonly string[], findings: Findings): void {
  for (const field of fields) {
    const value: unknown = Reflect.get(spec, field);
    if (typeof value === "number" && value < 0) findings.invalid(["spec", field], "must not be negative");
  }
}

function validateFixedSelector(
  object: Deployment | ReplicaSet,
  previous: Deployment | ReplicaSet,
  findings: Findings,
): void {
  if (!isSame(previous.spec.selector, object.spec.selector))
    findings.invalid(
      ["spec", "selector"],
      "cannot change: delete the object and create it anew, or give it another name",
    );
}

const defaultShare = "25%";

function applyDeploymentDefaults({ spec }: Deployment): void {
  applyPodSpecDefaults(spec.template.spec);
  if (spec.strategy?.type !== "RollingUpdate") return;
  const rolling = spec.strategy.rollingUpdate ?? {};
  rolling.maxUnavailable ??= defaultShare;
  rolling.maxSurge ??= defaultShare;
  spec.strategy.rollingUpdate = rolling;
}

function validateDeployment({ spec }: Deployment, findings: Findings): void {
  checkNotNegative(spec, ["replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"], findings);
  validateOwnSelector(spec.selector, spec.template.metadata?.labels, findings);
  validateTemplate(spec.template, findings);
  validateStrategy(spec.strategy, findings);
  const { progressDeadlineSeconds, minReadySeconds = 0 } = spec;
  if (progressDeadlineSeconds !== undefined && progressDeadlineSeconds <= minReadySeconds)
    findings.invalid(["spec", "progressDeadlineSeconds"], "must be more than minReadySeconds");
}

function validateStrategy(strategy: Deployment["spec"]["strategy"], findings: Findings): void {
  const rolling = strategy?.rollingUpdate;
  if (rolling === undefined) return;
  const path: Path = ["spec", "strategy", "rollingUpdate"];
  if (strategy?.type === "Recreate") findings.forbidden(path, "can be set only with type RollingUpdate");
  const surge = checkShare(rolling.maxSurge, [...path, "maxSurge"], findings);
  const unavailable = checkShare(rolling.maxUnavailable, [...path, "maxUnavailable"], findings);
  if (typeof rolling.maxUnavailable === "string" && (unavailable ?? 0) > 100)
    findings.invalid([...path, "maxUnavailable"], "must be no more than 100%");
  if (surge === 0 && unavailable === 0)
    findings.invalid([...path, "maxUnavailable"], "cannot be 0 when maxSurge is 0: no pod could ever be replaced");
}

/** The number, without its percent sign. */
function checkShare(value: IntOrString | undefined, path: Path, findings: Findings): number | undefined {
  if (value === undefined) return undefined;
  const share = typeof value === "number" ? value : parsePercentage(value);
  if (share === undefined) findings.invalid(path, "must be a number or a percentage, as 2 or `25%`");
  else if (share < 0) findings.invalid(path, "must not be negative");
  return share;
}

export const deploymentRules: RulesFor<Deployment> = {
  applyDefaults: applyDeploymentDefaults,
  validate: validateDeployment,
  validateUpdate: validateFixedSelector,
};

export const replicaSetRules: RulesFor<ReplicaSet> = {
  applyDefaults: ({ spec }) => applyPodSpecDefaults(spec.template.spec),
  validate({ spec }, findings) {
    checkNotNegative(spec, ["replicas", "minReadySeconds"], findings);
    validateOwnSelector(spec.selector, spec.template.metadata?.labels, findings);
    validateTemplate(spec.template, findings);
  },
  validateUpdate: validateFixedSelector,
};
