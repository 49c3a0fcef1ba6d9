/** Node: a machine that runs pods. Its agent creates and reports it. */
import type { z } from "zod";
import { typeMeta } from "./meta.ts";
import { resourceList } from "./pod/container.ts";
import { conditionStatus } from "./pod/status.ts";
import {
  accepted,
  choice,
  flag,
  int64,
  integer,
  list,
  listByKey,
  object,
  refused,
  required,
  setOf,
  text,
  time,
  works,
} from "./schema/fields.ts";

const taintSchema = object("Taint", () => ({
  key: required(text()),
  value: works(text()),
  effect: required(choice("NoSchedule", "PreferNoSchedule", "NoExecute"), "NoExecute also evicts running pods."),
  timeAdded: works(time()),
}));
export interface Taint extends z.infer<typeof taintSchema> {}
export const taint: z.ZodType<Taint> = taintSchema;

const configSource = object("NodeConfigSource", () => ({
  configMap: works(
    object("ConfigMapNodeConfigSource", () => ({
      namespace: required(text()),
      name: required(text()),
      uid: works(text()),
      resourceVersion: works(text()),
      kubeletConfigKey: required(text()),
    })),
  ),
}));

const nodeSpecSchema = object("NodeSpec", () => ({
  podCIDR: works(text(), "Addresses of this node's pods. Set by the control plane."),
  podCIDRs: works(setOf(text())),
  providerID: works(text(), "The machine's id at its cloud provider."),
  unschedulable: works(flag(), "No new pods are placed here (`orchctl cordon`)."),
  taints: works(list(taintSchema as z.ZodType<Taint>), "Keep away pods that do not tolerate them."),
  configSource: refused(configSource, "Kubernetes removed this field"),
  externalID: accepted(text(), "Kubernetes deprecated this field"),
  podPreemptionPolicy: refused(
    object("NodePodPreemptionPolicy", () => ({ disableResizePreemption: works(setOf(text())) })),
    "no pod is preempted",
  ),
}));
export interface NodeSpec extends z.infer<typeof nodeSpecSchema> {}
export const nodeSpec: z.ZodType<NodeSpec> = nodeSpecSchema;

const nodeConditionSchema = object("NodeCondition", () => ({
  type: required(text(), "As `Ready`, `MemoryPressure`, `DiskPressure`, `PIDPressure`."),
  status: required(conditionStatus()),
  lastHeartbeatTime: works(time()),
  lastTransitionTime: works(time()),
  reason: works(text()),
  message: works(text()),
}));
export interface NodeCondition extends z.infer<typeof nodeConditionSchema> {}
export const nodeCondition: z.ZodType<NodeCondition> = nodeConditionSchema;

export const nodeSystemInfo = object("NodeSystemInfo", () => ({
  machineID: works(text()),
  systemUUID: works(text()),
  bootID: works(text()),
  kernelVersion: works(text()),
  osImage: works(text()),
  containerRuntimeVersion: works(text(), "As `crun://1.8.1`."),
  kubeletVersion: works(text(), "Version of Orch's agent."),
  kubeProxyVersion: works(text()),
  operatingSystem: works(text()),
  architecture: works(text()),
  swap: works(object("NodeSwapStatus", () => ({ capacity: works(int64()) }))),
}));
export type NodeSystemInfo = z.infer<typeof nodeSystemInfo>;

export const nodeAddress = object("NodeAddress", () => ({
  type: required(text(), "`InternalIP`, `ExternalIP`, `Hostname`, …"),
  address: required(text()),
}));
export type NodeAddress = z.infer<typeof nodeAddress>;

const runtimeHandler = object("NodeRuntimeHandler", () => ({
  name: works(text()),
  features: works(
    object("NodeRuntimeHandlerFeatures", () => ({
      recursiveReadOnlyMounts: works(flag()),
      userNamespaces: works(flag()),
    })),
  ),
}));

const configStatus = object("NodeConfigStatus", () => ({
  assigned: works(configSource),
  active: works(configSource),
  lastKnownGood: works(configSource),
  error: works(text()),
}));

const nodeStatusSchema = object("NodeStatus", () => ({
  capacity: works(resourceList(), "What the machine has."),
  allocatable: works(resourceList(), "What pods may use of it."),
  phase: works(choice("Pending", "Running", "Terminated")),
  conditions: works(listByKey(nodeCondition, "type"), "Ready, and what is wrong."),
  addresses: works(listByKey(nodeAddress, "type")),
  daemonEndpoints: works(
    object("NodeDaemonEndpoints", () => ({
      kubeletEndpoint: works(object("DaemonEndpoint", () => ({ Port: required(integer()) }))),
    })),
  ),
  nodeInfo: works(nodeSystemInfo),
  images: works(list(object("ContainerImage", () => ({ names: works(list(text())), sizeBytes: works(int64()) })))),
  volumesInUse: works(list(text())),
  volumesAttached: works(
    list(object("AttachedVolume", () => ({ name: required(text()), devicePath: required(text()) }))),
  ),
  config: works(configStatus),
  runtimeHandlers: works(list(runtimeHandler)),
  features: works(object("NodeFeatures", () => ({ supplementalGroupsPolicy: works(flag()) }))),
  declaredFeatures: works(list(text())),
}));
export interface NodeStatus extends z.infer<typeof nodeStatusSchema> {}
export const nodeStatus: z.ZodType<NodeStatus> = nodeStatusSchema;

export const node = object("Node", () => ({
  ...typeMeta("v1", "Node"),
  spec: works(nodeSpec, "What was decided about the machine."),
  status: works(nodeStatus, "What was last heard from its agent."),
}));
export type Node = z.infer<typeof node>;
