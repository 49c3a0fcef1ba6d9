/** Deployment: keeps a number of equal pods running and replaces them step by step when their template changes. */
import type { z } from "zod";
import { labelSelector, typeMeta } from "./meta.ts";
import { podTemplateSpec } from "./pod/spec.ts";
import { conditionStatus } from "./pod/status.ts";
import {
  choice,
  flag,
  int64,
  integer,
  intOrString,
  listByKey,
  object,
  required,
  text,
  time,
  works,
} from "./schema/fields.ts";

export const rollingUpdate = object("RollingUpdateDeployment", () => ({
  maxUnavailable: works(intOrString(), "Pods that may be missing during an update, as number or percentage."),
  maxSurge: works(intOrString(), "Pods that may exist beyond `replicas` during an update."),
}));
export type RollingUpdateDeployment = z.infer<typeof rollingUpdate>;

export const deploymentStrategy = object(
  "DeploymentStrategy",
  () => ({
    type: works(choice("Recreate", "RollingUpdate"), { doc: "How old pods make way.", default: "RollingUpdate" }),
    rollingUpdate: works(rollingUpdate, "Only with type RollingUpdate."),
  }),
  { retainKeys: true },
);
export type DeploymentStrategy = z.infer<typeof deploymentStrategy>;

const deploymentSpecSchema = object("DeploymentSpec", () => ({
  replicas: works(integer(), { doc: "Wanted number of pods.", default: 1 }),
  selector: required(labelSelector, "Pods that belong to it; must match the template's labels. Cannot change."),
  template: required(podTemplateSpec, "The pods. A change starts a rollout."),
  strategy: works(deploymentStrategy, { doc: "How a change of the template is rolled out.", default: {} }),
  minReadySeconds: works(integer(), "Seconds a new pod must be ready before it counts as available."),
  revisionHistoryLimit: works(integer(), { doc: "Old ReplicaSets kept for `rollout undo`.", default: 10 }),
  paused: works(flag(), "Changes of the template are not rolled out."),
  progressDeadlineSeconds: works(integer(), {
    doc: "Seconds without progress until a rollout counts as failed.",
    default: 600,
  }),
}));
export interface DeploymentSpec extends z.infer<typeof deploymentSpecSchema> {}
export const deploymentSpec: z.ZodType<DeploymentSpec> = deploymentSpecSchema;

const deploymentConditionSchema = object("DeploymentCondition", () => ({
  type: required(text(), "`Available`, `Progressing` or `ReplicaFailure`."),
  status: required(conditionStatus()),
  lastUpdateTime: works(time()),
  lastTransitionTime: works(time()),
  reason: works(text()),
  message: works(text()),
}));
export interface DeploymentCondition extends z.infer<typeof deploymentConditionSchema> {}

const deploymentStatusSchema = object("DeploymentStatus", () => ({
  observedGeneration: works(int64()),
  replicas: works(integer()),
  updatedReplicas: works(integer()),
  readyReplicas: works(integer()),
  availableReplicas: works(integer()),
  unavailableReplicas: works(integer()),
  terminatingReplicas: works(integer()),
  conditions: works(listByKey(deploymentConditionSchema as z.ZodType<DeploymentCondition>, "type")),
  collisionCount: works(integer()),
}));
export interface DeploymentStatus extends z.infer<typeof deploymentStatusSchema> {}
export const deploymentStatus: z.ZodType<DeploymentStatus> = deploymentStatusSchema;

export const deployment = object("Deployment", () => ({
  ...typeMeta("apps/v1", "Deployment"),
  spec: required(deploymentSpec, "Wanted pods and how they change."),
  status: works(deploymentStatus, "Counts and conditions. Written by the controller."),
}));
export type Deployment = z.infer<typeof deployment>;
