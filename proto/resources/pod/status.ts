/** PodStatus: what the node's agent reports about a pod. */
import type { z } from "zod";
import {
  choice,
  flag,
  int64,
  integer,
  list,
  listByKey,
  map,
  object,
  quantity,
  required,
  setOf,
  text,
  time,
  works,
} from "../schema/fields.ts";
import { resourceList, resourceRequirements } from "./container.ts";

export const conditionStatus = () => choice("True", "False", "Unknown");
export type ConditionStatus = "True" | "False" | "Unknown";

export const containerStateWaiting = object("ContainerStateWaiting", () => ({
  reason: works(text(), "As `ContainerCreating`, `ImagePullBackOff`, `CrashLoopBackOff`."),
  message: works(text()),
}));
export const containerStateRunning = object("ContainerStateRunning", () => ({ startedAt: works(time()) }));
export const containerStateTerminated = object("ContainerStateTerminated", () => ({
  exitCode: required(integer()),
  signal: works(integer()),
  reason: works(text(), "As `Completed`, `Error`, `OOMKilled`."),
  message: works(text()),
  startedAt: works(time()),
  finishedAt: works(time()),
  containerID: works(text()),
}));
export type ContainerStateWaiting = z.infer<typeof containerStateWaiting>;
export type ContainerStateRunning = z.infer<typeof containerStateRunning>;
export type ContainerStateTerminated = z.infer<typeof containerStateTerminated>;

const containerStateSchema = object("ContainerState", () => ({
  waiting: works(containerStateWaiting),
  running: works(containerStateRunning),
  terminated: works(containerStateTerminated),
}));
/** Exactly one of the three is set. */
export interface ContainerState extends z.infer<typeof containerStateSchema> {}
export const containerState: z.ZodType<ContainerState> = containerStateSchema;

const resourceHealth = object("ResourceStatus", () => ({
  name: required(text()),
  resources: works(
    listByKey(
      object("ResourceHealth", () => ({ resourceID: required(text()), health: works(text()), message: works(text()) })),
      "resourceID",
    ),
  ),
}));

const volumeMountStatus = object("VolumeMountStatus", () => ({
  name: required(text()),
  mountPath: required(text()),
  readOnly: works(flag()),
  recursiveReadOnly: works(text()),
  volumeStatus: works(
    object("VolumeStatus", () => ({ image: works(object("ImageVolumeStatus", () => ({ imageRef: works(text()) }))) })),
  ),
}));

const containerUser = object("ContainerUser", () => ({
  linux: works(
    object("LinuxContainerUser", () => ({
      uid: required(int64()),
      gid: required(int64()),
      supplementalGroups: works(list(int64())),
    })),
  ),
}));

const containerStatusSchema = object("ContainerStatus", () => ({
  name: required(text()),
  state: works(containerState, "Now."),
  lastState: works(containerState, "How the previous run ended."),
  ready: required(flag()),
  restartCount: required(integer()),
  image: required(text()),
  imageID: required(text(), "Digest of the image that runs."),
  containerID: works(text()),
  started: works(flag()),
  allocatedResources: works(resourceList()),
  resources: works(resourceRequirements),
  volumeMounts: works(listByKey(volumeMountStatus, "mountPath")),
  user: works(containerUser),
  allocatedResourcesStatus: works(listByKey(resourceHealth, "name")),
  stopSignal: works(text()),
}));
export interface ContainerStatus extends z.infer<typeof containerStatusSchema> {}
export const containerStatus: z.ZodType<ContainerStatus> = containerStatusSchema;

const podConditionSchema = object("PodCondition", () => ({
  type: required(text(), "As `PodScheduled`, `Initialized`, `ContainersReady`, `Ready`."),
  status: required(conditionStatus()),
  observedGeneration: works(int64()),
  lastProbeTime: works(time()),
  lastTransitionTime: works(time()),
  reason: works(text()),
  message: works(text()),
}));
export interface PodCondition extends z.infer<typeof podConditionSchema> {}
export const podCondition: z.ZodType<PodCondition> = podConditionSchema;

const ip = (name: string) => object(name, () => ({ ip: required(text()) }));
const claimName = () => works(text());

const extendedClaim = object("PodExtendedResourceClaimStatus", () => ({
  requestMappings: works(
    list(
      object("ContainerExtendedResourceRequest", () => ({
        containerName: required(text()),
        resourceName: required(text()),
        requestName: required(text()),
      })),
    ),
  ),
  resourceClaimName: required(text()),
}));

const allocatableClaim = object("NodeAllocatableResourceClaimStatus", () => ({
  resourceClaimName: required(text()),
  containers: works(setOf(text())),
  mapping: works(
    list(object("NodeAllocatableMappedResources", () => ({ name: required(text()), quantity: works(quantity()) }))),
  ),
  overhead: works(
    list(
      object("NodeAllocatableOverheadResources", () => ({
        name: required(text()),
        perPod: works(quantity()),
        perContainer: works(quantity()),
      })),
    ),
  ),
}));

const volumeHealth = object("PodVolumeHealth", () => ({
  name: required(text()),
  healthConditions: works(
    list(
      object("VolumeHealthCondition", () => ({ status: works(text()), reason: works(text()), message: works(text()) })),
    ),
  ),
  lastTransitionTime: works(time()),
}));

const claimStatuses = () => ({
  resourceClaimStatuses: works(
    listByKey(
      object("PodResourceClaimStatus", () => ({ name: required(text()), resourceClaimName: claimName() })),
      "name",
    ),
  ),
  extendedResourceClaimStatus: works(extendedClaim),
  nodeAllocatableResourceClaimStatuses: works(listByKey(allocatableClaim, "resourceClaimName")),
  volumeHealth: works(listByKey(volumeHealth, "name")),
});

const podStatusSchema = object("PodStatus", () => ({
  observedGeneration: works(int64()),
  phase: works(choice("Pending", "Running", "Succeeded", "Failed", "Unknown"), "Where the pod is in its life."),
  conditions: works(listByKey(podCondition, "type"), "PodScheduled, Initialized, ContainersReady, Ready."),
  message: works(text()),
  reason: works(text(), "As `Evicted` or `NodeLost`."),
  nominatedNodeName: works(text()),
  hostIP: works(text(), "Address of the node."),
  hostIPs: works(list(ip("HostIP"), { type: "atomic", keys: [], patchMergeKey: "ip" })),
  podIP: works(text(), "Address of the pod."),
  podIPs: works(listByKey(ip("PodIP"), "ip")),
  startTime: works(time(), "When the agent took the pod on."),
  initContainerStatuses: works(list(containerStatus)),
  containerStatuses: works(list(containerStatus)),
  ephemeralContainerStatuses: works(list(containerStatus)),
  qosClass: works(choice("Guaranteed", "Burstable", "BestEffort"), "Follows from requests and limits."),
  resize: works(text()),
  allocatedResources: works(map(quantity())),
  resources: works(resourceRequirements),
  ...claimStatuses(),
}));
export interface PodStatus extends z.infer<typeof podStatusSchema> {}
export const podStatus: z.ZodType<PodStatus> = podStatusSchema;
