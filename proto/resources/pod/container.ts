/** Containers: what runs in a pod. Init and ephemeral containers share the shape. */
import type { z } from "zod";
import {
  accepted,
  choice,
  flag,
  integer,
  list,
  listByKey,
  map,
  object,
  quantity,
  refused,
  required,
  setOf,
  text,
  works,
} from "../schema/fields.ts";
import { envFromSource, envVar } from "./env.ts";
import { lifecycle, probe } from "./probe.ts";
import { securityContext } from "./security.ts";

const containerPortSchema = object("ContainerPort", () => ({
  name: works(text(), "Name probes and Services can use instead of the number."),
  hostPort: works(integer(), "Port on the node. Only with hostNetwork, where it equals containerPort."),
  containerPort: required(integer(), "Port the process listens on."),
  protocol: works(choice("TCP", "UDP", "SCTP"), { default: "TCP" }),
  hostIP: refused(text(), "publishing a port on the node is not built yet", { harmless: [""] }),
}));
export interface ContainerPort extends z.infer<typeof containerPortSchema> {}
export const containerPort: z.ZodType<ContainerPort> = containerPortSchema;

export const resourceClaim = object("ResourceClaim", () => ({ name: required(text()), request: works(text()) }));

export const resourceList = () => map(quantity());

const resourceRequirementsSchema = object("ResourceRequirements", () => ({
  limits: works(resourceList(), "Most a container may use: cpu, memory, and what else nodes offer."),
  requests: works(resourceList(), "What the scheduler sets aside; the limits when absent."),
  claims: refused(listByKey(resourceClaim, "name"), "dynamic resource allocation is not part of Orch"),
}));
export interface ResourceRequirements extends z.infer<typeof resourceRequirementsSchema> {}
export const resourceRequirements: z.ZodType<ResourceRequirements> = resourceRequirementsSchema;

const volumeMountSchema = object("VolumeMount", () => ({
  name: required(text(), "Name of one of the pod's volumes."),
  readOnly: works(flag()),
  recursiveReadOnly: refused(
    choice("Disabled", "IfPossible", "Enabled"),
    "recursive read-only mounts are not built yet",
    {
      harmless: ["Disabled", "IfPossible"],
    },
  ),
  mountPath: required(text(), "Where in the container the volume appears."),
  subPath: works(text(), "A path inside the volume instead of its root."),
  mountPropagation: refused(
    choice("None", "HostToContainer", "Bidirectional"),
    "mounts made later do not cross between node and container",
    { harmless: ["None"] },
  ),
  subPathExpr: works(text(), "As subPath, with `$(NAME)` replaced by the container's variables."),
  bindMountOptions: refused(setOf(text()), "mount options per container are not built yet"),
}));
export interface VolumeMount extends z.infer<typeof volumeMountSchema> {}
export const volumeMount: z.ZodType<VolumeMount> = volumeMountSchema;

export const volumeDevice = object("VolumeDevice", () => ({ name: required(text()), devicePath: required(text()) }));

export const resizePolicy = object("ContainerResizePolicy", () => ({
  resourceName: required(text()),
  restartPolicy: required(choice("NotRequired", "RestartContainer")),
}));

export const restartRule = object("ContainerRestartRule", () => ({
  action: required(choice("Restart")),
  exitCodes: works(
    object("ContainerRestartRuleOnExitCodes", () => ({
      operator: required(choice("In", "NotIn")),
      values: works(setOf(integer())),
    })),
  ),
}));

export const containerFields = () => ({
  name: required(text(), "Name, unique in the pod."),
  image: required(text(), "Image to run, as `nginx:1.27` or `registry.example/app@sha256:…`."),
  command: works(list(text()), "Replaces the image's entrypoint. `$(NAME)` is replaced by variables."),
  args: works(list(text()), "Replaces the image's arguments. `$(NAME)` is replaced by variables."),
  workingDir: works(text(), "Replaces the image's working directory."),
  ports: works(
    list(containerPort, { type: "map", keys: ["containerPort", "protocol"], patchMergeKey: "containerPort" }),
    "Ports the container listens on; leaving one out closes nothing.",
  ),
  envFrom: works(list(envFromSource), "All keys of ConfigMaps and Secrets as variables."),
  env: works(listByKey(envVar, "name"), "Environment variables; they win over envFrom."),
  resources: works(resourceRequirements, { doc: "What the container needs and may use.", default: {} }),
  resizePolicy: accepted(list(resizePolicy), "resources of running containers cannot change"),
  restartPolicy: works(
    choice("Always", "OnFailure", "Never"),
    "Replaces the pod's for this container. An init container with Always is a sidecar.",
  ),
  restartPolicyRules: works(
    list(restartRule),
    "Exit codes that restart the container whatever its restartPolicy says.",
  ),
  volumeMounts: works(listByKey(volumeMount, "mountPath"), "The pod's volumes this container sees."),
  volumeDevices: refused(listByKey(volumeDevice, "devicePath"), "raw block volumes are not built yet"),
  livenessProbe: works(probe, "Restarts the container when it fails."),
  readinessProbe: works(probe, "Takes the pod out of service while it fails."),
  startupProbe: works(probe, "Holds the other probes back until it succeeds; restarts the container when it fails."),
  lifecycle: works(lifecycle, "Hooks around start and stop."),
  terminationMessagePath: works(text(), {
    doc: "File in the container whose last 4096 bytes become the message of its last state.",
    default: "/dev/termination-log",
  }),
  terminationMessagePolicy: works(choice("File", "FallbackToLogsOnError"), {
    doc: "FallbackToLogsOnError takes the end of the log when a container failed and the file is empty.",
    default: "File",
  }),
  imagePullPolicy: works(choice("Always", "Never", "IfNotPresent"), {
    doc: "Always when the tag is `latest` or absent, else IfNotPresent.",
  }),
  securityContext: works(securityContext, "User, privileges and confinement."),
  stdin: works(flag(), "Keeps standard input open."),
  stdinOnce: works(flag(), "Standard input ends when the first who attached to it has left."),
  tty: works(flag(), "Gives the process a terminal."),
});

const containerSchema = object("Container", containerFields);
export interface Container extends z.infer<typeof containerSchema> {}
export const container: z.ZodType<Container> = containerSchema;

const ephemeralContainerSchema = object("EphemeralContainer", () => ({
  ...containerFields(),
  targetContainerName: works(text()),
}));
export interface EphemeralContainer extends z.infer<typeof ephemeralContainerSchema> {}
export const ephemeralContainer: z.ZodType<EphemeralContainer> = ephemeralContainerSchema;
