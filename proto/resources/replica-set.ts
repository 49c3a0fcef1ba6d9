/** ReplicaSet: keeps a number of equal pods. A Deployment makes one per version of its template. */
import type { z } from "zod";
import { labelSelector, typeMeta } from "./meta.ts";
import { podTemplateSpec } from "./pod/spec.ts";
import { conditionStatus } from "./pod/status.ts";
import { int64, integer, listByKey, object, required, text, time, works } from "./schema/fields.ts";

const replicaSetSpecSchema = object("ReplicaSetSpec", () => ({
  replicas: works(integer(), { doc: "Wanted number of pods.", default: 1 }),
  minReadySeconds: works(integer(), "Seconds a new pod must be ready before it counts as available."),
  selector: required(labelSelector, "Pods that belong to it. Cannot change."),
  template: required(podTemplateSpec, "The pods it makes."),
}));
export interface ReplicaSetSpec extends z.infer<typeof replicaSetSpecSchema> {}
export const replicaSetSpec: z.ZodType<ReplicaSetSpec> = replicaSetSpecSchema;

const replicaSetConditionSchema = object("ReplicaSetCondition", () => ({
  type: required(text()),
  status: required(conditionStatus()),
  lastTransitionTime: works(time()),
  reason: works(text()),
  message: works(text()),
}));
export interface ReplicaSetCondition extends z.infer<typeof replicaSetConditionSchema> {}

const replicaSetStatusSchema = object("ReplicaSetStatus", () => ({
  replicas: required(integer()),
  fullyLabeledReplicas: works(integer()),
  readyReplicas: works(integer()),
  availableReplicas: works(integer()),
  terminatingReplicas: works(integer()),
  observedGeneration: works(int64()),
  conditions: works(listByKey(replicaSetConditionSchema as z.ZodType<ReplicaSetCondition>, "type")),
}));
export interface ReplicaSetStatus extends z.infer<typeof replicaSetStatusSchema> {}
export const replicaSetStatus: z.ZodType<ReplicaSetStatus> = replicaSetStatusSchema;

export const replicaSet = object("ReplicaSet", () => ({
  ...typeMeta("apps/v1", "ReplicaSet"),
  spec: required(replicaSetSpec),
  status: works(replicaSetStatus),
}));
export type ReplicaSet = z.infer<typeof replicaSet>;
