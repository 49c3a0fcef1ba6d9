/** Pod: containers that share a node, an address and volumes. Its parts live in pod/. */
import type { z } from "zod";
import { typeMeta } from "./meta.ts";
import { podSpec } from "./pod/spec.ts";
import { podStatus } from "./pod/status.ts";
import { object, required, works } from "./schema/fields.ts";

export type {
  Affinity,
  NodeAffinity,
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
  PreferredSchedulingTerm,
  Toleration,
  TopologySpreadConstraint,
  WeightedPodAffinityTerm,
} from "./pod/affinity.ts";
export type {
  Container,
  ContainerPort,
  EphemeralContainer,
  ResourceRequirements,
  VolumeMount,
} from "./pod/container.ts";
export type {
  ConfigMapKeySelector,
  EnvFromSource,
  EnvSource,
  EnvVar,
  EnvVarSource,
  ObjectFieldSelector,
  ResourceFieldSelector,
  SecretKeySelector,
} from "./pod/env.ts";
export type {
  ExecAction,
  HttpGetAction,
  HttpHeader,
  Lifecycle,
  LifecycleHandler,
  Probe,
  TcpSocketAction,
} from "./pod/probe.ts";
export type { Capabilities, PodSecurityContext, SeccompProfile, SecurityContext } from "./pod/security.ts";
export type { HostAlias, PodDnsConfig, PodSpec, PodTemplateSpec } from "./pod/spec.ts";
export type {
  ConditionStatus,
  ContainerState,
  ContainerStateRunning,
  ContainerStateTerminated,
  ContainerStateWaiting,
  ContainerStatus,
  PodCondition,
  PodStatus,
} from "./pod/status.ts";
export type { DownwardFile, KeyToPath, Volume, VolumeProjection } from "./pod/volume.ts";

export const pod = object("Pod", () => ({
  ...typeMeta("v1", "Pod"),
  spec: required(podSpec, "What runs and where."),
  status: works(podStatus, "What was last seen of it. Written by the node's agent."),
}));
export type Pod = z.infer<typeof pod>;
