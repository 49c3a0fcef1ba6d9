/** From a pod's container to what the runtime is asked to make. */
import { wantsInit } from "#proto/resources/init-process.ts";
import type { Container, Pod } from "#proto/resources/pod.ts";
import { toBytes } from "#proto/resources/quantity.ts";
import { ulimitsOf } from "#proto/resources/ulimits.ts";
import type { Image } from "../images/image-store.ts";
import type { ContainerSpec, Sandbox } from "../runtime/container-runtime.ts";
import type { PodObjects, PreparedVolume } from "../volumes/volume-store.ts";
import { expand, resolveEnvironment } from "./environment.ts";
import type { PodFacts } from "./field-value.ts";
import { containerMounts, type PinSubPath } from "./mounts.ts";

export interface ContainerParts {
  readonly pod: Pod;
  readonly container: Container;
  readonly id: string;
  readonly attempt: number;
  readonly image: Image;
  readonly rootfs: string;
  readonly sandbox: Sandbox;
  readonly volumes: readonly PreparedVolume[];
  readonly pinSubPath: PinSubPath;
  readonly objects: PodObjects;
  readonly facts: PodFacts;
  readonly logPath: string;
  /** The pod's or another container's, whose processes it shares. */
  readonly pidNamespace?: string | undefined;
}

/** Problem `invalid` when a reference cannot be resolved. */
export async function buildContainerSpec(parts: ContainerParts): Promise<ContainerSpec> {
  const { pod, container } = parts;
  const env = resolveEnvironment(parts);
  const values = new Map(env.map(({ name, value }) => [name, value]));
  return {
    id: parts.id,
    podUid: pod.metadata.uid ?? "",
    podNamespace: pod.metadata.namespace ?? "default",
    podName: pod.metadata.name,
    name: container.name,
    attempt: parts.attempt,
    sandbox: parts.sandbox,
    rootfs: parts.rootfs,
    image: parts.image.config,
    command: container.command?.map((word) => expand(word, values)),
    args: container.args?.map((word) => expand(word, values)),
    workingDirectory: container.workingDir,
    env,
    mounts: await containerMounts(container, parts.volumes, values, parts.pinSubPath),
    terminationMessagePath: container.terminationMessagePath ?? "",
    resources: container.resources,
    ...(pod.status?.qosClass !== undefined && { qosClass: pod.status.qosClass }),
    ulimits: ulimitsOf(pod.metadata.annotations, container.name),
    sharedMemoryRequestBytes: sharedMemoryRequest(pod.spec),
    podSecurity: pod.spec.securityContext,
    security: container.securityContext,
    appArmorAnnotation: pod.metadata.annotations?.[`container.apparmor.security.beta.kubernetes.io/${container.name}`],
    hostPid: pod.spec.hostPID ?? false,
    init: wantsInit(pod) && parts.pidNamespace === undefined,
    ...(parts.pidNamespace !== undefined && { pidNamespace: parts.pidNamespace }),
    terminal: container.tty ?? false,
    stdin: container.stdin ?? false,
    stdinOnce: container.stdinOnce ?? false,
    logPath: parts.logPath,
  };
}

/** Memory requested for the pod as a whole beyond what its containers request, in equal parts: the kubelet's, for the kernel's choice of victim. */
function sharedMemoryRequest({ resources, containers, initContainers = [] }: Pod["spec"]): number {
  const own = resources?.requests?.memory ?? resources?.limits?.memory;
  if (own === undefined) return 0;
  const all = [...containers, ...initContainers];
  const asked = all.reduce(
    (sum, one) => sum + toBytes(one.resources?.requests?.memory ?? one.resources?.limits?.memory),
    0,
  );
  return Math.max(0, Math.floor((toBytes(own) - asked) / all.length));
}
