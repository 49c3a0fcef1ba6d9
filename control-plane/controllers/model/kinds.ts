/** The kinds controllers work on, from the one schema of each. */
export type { Deployment, DeploymentCondition, DeploymentSpec, DeploymentStatus } from "#proto/resources/deployment.ts";
export type { Namespace, NamespaceCondition } from "#proto/resources/namespace.ts";
export type { Node, NodeCondition, NodeSpec, NodeStatus, Taint } from "#proto/resources/node.ts";
export type { Pod, PodCondition, PodSpec, PodStatus, PodTemplateSpec, Toleration } from "#proto/resources/pod.ts";
export type { ReplicaSet, ReplicaSetStatus } from "#proto/resources/replica-set.ts";
