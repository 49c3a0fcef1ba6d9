/** The kinds as controllers read them: narrow, read-only in use, structurally part of the schemas in `proto/resources`. */
import type { KubeObject } from "#proto/resources/object.ts";

export interface LabelSelectorRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[] | undefined;
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>> | undefined;
  readonly matchExpressions?: readonly LabelSelectorRequirement[] | undefined;
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly lastTransitionTime?: string | undefined;
  readonly lastUpdateTime?: string | undefined;
  readonly lastHeartbeatTime?: string | undefined;
  readonly observedGeneration?: number | undefined;
}

export interface Toleration {
  readonly key?: string | undefined;
  readonly operator?: string | undefined;
  readonly value?: string | undefined;
  readonly effect?: string | undefined;
  readonly tolerationSeconds?: number | undefined;
}

export interface Taint {
  readonly key: string;
  readonly value?: string | undefined;
  readonly effect: string;
  readonly timeAdded?: string | undefined;
}

export interface PodSpec {
  readonly nodeName?: string | undefined;
  readonly tolerations?: readonly Toleration[] | undefined;
  readonly terminationGracePeriodSeconds?: number | undefined;
  readonly restartPolicy?: string | undefined;
  readonly [field: string]: unknown;
}

export interface ContainerStatus {
  readonly name: string;
  readonly restartCount?: number | undefined;
  readonly ready?: boolean | undefined;
}

export interface PodStatus {
  readonly phase?: string | undefined;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly conditions?: readonly Condition[] | undefined;
  readonly containerStatuses?: readonly ContainerStatus[] | undefined;
  readonly [field: string]: unknown;
}

export interface Pod extends KubeObject {
  spec: PodSpec;
  status?: PodStatus | undefined;
}

export interface PodTemplateSpec {
  readonly metadata?:
    | {
        readonly labels?: Readonly<Record<string, string>> | undefined;
        readonly annotations?: Readonly<Record<string, string>> | undefined;
        readonly finalizers?: readonly string[] | undefined;
      }
    | undefined;
  readonly spec?: PodSpec | undefined;
}

export interface ReplicaSetStatus {
  readonly replicas: number;
  readonly fullyLabeledReplicas?: number | undefined;
  readonly readyReplicas?: number | undefined;
  readonly availableReplicas?: number | undefined;
  readonly terminatingReplicas?: number | undefined;
  readonly observedGeneration?: number | undefined;
  readonly conditions?: readonly Condition[] | undefined;
}

export interface ReplicaSet extends KubeObject {
  spec: {
    readonly replicas?: number | undefined;
    readonly minReadySeconds?: number | undefined;
    readonly selector: LabelSelector;
    readonly template: PodTemplateSpec;
  };
  status?: ReplicaSetStatus | undefined;
}

export interface DeploymentStatus {
  readonly observedGeneration?: number | undefined;
  readonly replicas?: number | undefined;
  readonly updatedReplicas?: number | undefined;
  readonly readyReplicas?: number | undefined;
  readonly availableReplicas?: number | undefined;
  readonly unavailableReplicas?: number | undefined;
  readonly terminatingReplicas?: number | undefined;
  readonly collisionCount?: number | undefined;
  readonly conditions?: readonly Condition[] | undefined;
}

export interface Deployment extends KubeObject {
  spec: {
    readonly replicas?: number | undefined;
    readonly selector: LabelSelector;
    readonly template: PodTemplateSpec;
    readonly strategy?:
      | {
          readonly type?: string | undefined;
          readonly rollingUpdate?:
            | {
                readonly maxSurge?: number | string | undefined;
                readonly maxUnavailable?: number | string | undefined;
              }
            | undefined;
        }
      | undefined;
    readonly minReadySeconds?: number | undefined;
    readonly progressDeadlineSeconds?: number | undefined;
    readonly revisionHistoryLimit?: number | undefined;
    readonly paused?: boolean | undefined;
  };
  status?: DeploymentStatus | undefined;
}

export interface Node extends KubeObject {
  spec?:
    | {
        readonly podCIDR?: string | undefined;
        readonly podCIDRs?: readonly string[] | undefined;
        readonly taints?: readonly Taint[] | undefined;
        readonly unschedulable?: boolean | undefined;
        readonly [field: string]: unknown;
      }
    | undefined;
  status?:
    | {
        readonly conditions?: readonly Condition[] | undefined;
        readonly allocatable?: Readonly<Record<string, string | number>> | undefined;
        readonly capacity?: Readonly<Record<string, string | number>> | undefined;
        readonly [field: string]: unknown;
      }
    | undefined;
}

export interface Namespace extends KubeObject {
  spec?: { readonly finalizers?: readonly string[] | undefined } | undefined;
  status?: { readonly phase?: string | undefined; readonly conditions?: readonly Condition[] | undefined } | undefined;
}
