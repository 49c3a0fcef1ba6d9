/** Where a pod may and should run: node and pod affinity, tolerations, spreading. */
import type { z } from "zod";
import { labelSelector } from "../meta.ts";
import { choice, int64, integer, list, object, required, text, works } from "../schema/fields.ts";

export const nodeSelectorRequirement = object("NodeSelectorRequirement", () => ({
  key: required(text()),
  operator: required(choice("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt")),
  values: works(list(text())),
}));
export type NodeSelectorRequirement = z.infer<typeof nodeSelectorRequirement>;

const nodeSelectorTermSchema = object(
  "NodeSelectorTerm",
  () => ({
    matchExpressions: works(list(nodeSelectorRequirement), "Conditions on the node's labels."),
    matchFields: works(list(nodeSelectorRequirement), "Conditions on `metadata.name` of the node."),
  }),
  { atomic: true },
);
export interface NodeSelectorTerm extends z.infer<typeof nodeSelectorTermSchema> {}
export const nodeSelectorTerm: z.ZodType<NodeSelectorTerm> = nodeSelectorTermSchema;

const nodeSelectorSchema = object(
  "NodeSelector",
  () => ({
    nodeSelectorTerms: required(list(nodeSelectorTerm), "One of these must hold."),
  }),
  { atomic: true },
);
export interface NodeSelector extends z.infer<typeof nodeSelectorSchema> {}
export const nodeSelector: z.ZodType<NodeSelector> = nodeSelectorSchema;

export const preferredSchedulingTerm = object("PreferredSchedulingTerm", () => ({
  weight: required(integer(), "1 to 100."),
  preference: required(nodeSelectorTerm),
}));
export type PreferredSchedulingTerm = z.infer<typeof preferredSchedulingTerm>;

const nodeAffinitySchema = object("NodeAffinity", () => ({
  requiredDuringSchedulingIgnoredDuringExecution: works(nodeSelector, "Nodes that do not match are out."),
  preferredDuringSchedulingIgnoredDuringExecution: works(list(preferredSchedulingTerm), "Nodes that match are better."),
}));
export interface NodeAffinity extends z.infer<typeof nodeAffinitySchema> {}

const podAffinityTermSchema = object("PodAffinityTerm", () => ({
  labelSelector: works(labelSelector, "Pods this term is about."),
  namespaces: works(list(text()), "Namespaces of those pods; the pod's own when absent."),
  topologyKey: required(text(), "Node label whose value is the domain, as `kubernetes.io/hostname`."),
  namespaceSelector: works(labelSelector, "Namespaces by label, added to `namespaces`."),
  matchLabelKeys: works(list(text()), "Label keys whose values are taken from the pod itself."),
  mismatchLabelKeys: works(list(text()), "Label keys whose values must differ from the pod's."),
}));
export interface PodAffinityTerm extends z.infer<typeof podAffinityTermSchema> {}
export const podAffinityTerm: z.ZodType<PodAffinityTerm> = podAffinityTermSchema;

export const weightedPodAffinityTerm = object("WeightedPodAffinityTerm", () => ({
  weight: required(integer(), "1 to 100."),
  podAffinityTerm: required(podAffinityTerm),
}));
export type WeightedPodAffinityTerm = z.infer<typeof weightedPodAffinityTerm>;

const podAffinitySchema = object("PodAffinity", () => ({
  requiredDuringSchedulingIgnoredDuringExecution: works(list(podAffinityTerm)),
  preferredDuringSchedulingIgnoredDuringExecution: works(list(weightedPodAffinityTerm)),
}));
export interface PodAffinity extends z.infer<typeof podAffinitySchema> {}

const affinitySchema = object("Affinity", () => ({
  nodeAffinity: works(nodeAffinitySchema as z.ZodType<NodeAffinity>, "By labels of nodes."),
  podAffinity: works(podAffinitySchema as z.ZodType<PodAffinity>, "Near other pods."),
  podAntiAffinity: works(podAffinitySchema as z.ZodType<PodAffinity>, "Away from other pods."),
}));
export interface Affinity extends z.infer<typeof affinitySchema> {}
export const affinity: z.ZodType<Affinity> = affinitySchema;

const tolerationSchema = object("Toleration", () => ({
  key: works(text(), "Taint key; all keys when absent (operator Exists)."),
  operator: works(choice("Exists", "Equal", "Lt", "Gt"), "Equal when absent."),
  value: works(text()),
  effect: works(choice("NoSchedule", "PreferNoSchedule", "NoExecute"), "All effects when absent."),
  tolerationSeconds: works(int64(), "How long a NoExecute taint is endured; for ever when absent."),
}));
export interface Toleration extends z.infer<typeof tolerationSchema> {}
export const toleration: z.ZodType<Toleration> = tolerationSchema;

const topologySpreadConstraintSchema = object("TopologySpreadConstraint", () => ({
  maxSkew: required(integer(), "Largest allowed difference between the fullest and emptiest domain."),
  topologyKey: required(text(), "Node label whose value is the domain."),
  whenUnsatisfiable: required(choice("DoNotSchedule", "ScheduleAnyway")),
  labelSelector: works(labelSelector, "Pods that are counted."),
  minDomains: works(integer(), "With fewer domains than this the emptiest counts as 0."),
  nodeAffinityPolicy: works(choice("Honor", "Ignore"), "Whether nodes the pod cannot run on are counted."),
  nodeTaintsPolicy: works(choice("Honor", "Ignore"), "Whether tainted nodes are counted."),
  matchLabelKeys: works(list(text()), "Label keys whose values are taken from the pod itself."),
}));
export interface TopologySpreadConstraint extends z.infer<typeof topologySpreadConstraintSchema> {}
export const topologySpreadConstraint: z.ZodType<TopologySpreadConstraint> = topologySpreadConstraintSchema;
