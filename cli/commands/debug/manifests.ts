/** What `debug` makes: a container to be added, a copy of a pod with it, a pod on a node. Pure. */
import type { KubeObject } from "#proto/resources/object.ts";
import type { EphemeralContainer, Pod } from "#proto/resources/pod.ts";
import { startAnnotation, whenAttachedTo } from "#proto/resources/start-when-attached.ts";
import { usageProblem } from "../../program-options.ts";

export interface ToolOptions {
  readonly image: string;
  readonly container?: string;
  readonly target?: string;
  readonly stdin?: boolean;
  readonly tty?: boolean;
  readonly env: readonly string[];
}

/** `unique` tells containers of the same pod apart. */
export function toolContainer(options: ToolOptions, words: readonly string[], unique: string): EphemeralContainer {
  const env = options.env.map((pair) => {
    const at = pair.indexOf("=");
    if (at < 1) throw usageProblem(`-e ${pair} is no NAME=value`);
    return { name: pair.slice(0, at), value: pair.slice(at + 1) };
  });
  return {
    name: options.container ?? `debugger-${unique}`,
    image: options.image,
    ...(words.length > 0 && { command: [...words] }),
    ...(env.length > 0 && { env }),
    ...((options.stdin || options.tty) && { stdin: true }),
    ...(options.stdin && { stdinOnce: true }),
    ...(options.tty && { tty: true }),
    ...(options.target !== undefined && { targetContainerName: options.target }),
  };
}

interface CopyOptions {
  readonly name: string;
  readonly sameNode: boolean;
  readonly isAttached: boolean;
}

/** Without labels, so that no Service and no controller takes it for one of its own, and without probes that would restart it. */
export function copyOf(
  pod: Pod,
  { targetContainerName: _, ...tool }: EphemeralContainer,
  options: CopyOptions,
): KubeObject {
  const { nodeName, ephemeralContainers: __, ...spec } = pod.spec;
  const containers = spec.containers.map(({ livenessProbe, readinessProbe, startupProbe, ...rest }) => rest);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: options.name,
      ...(options.isAttached && { annotations: { [startAnnotation]: whenAttachedTo(tool.name) } }),
    },
    spec: {
      ...spec,
      ...(options.sameNode && nodeName !== undefined && { nodeName }),
      containers: [tool, ...containers.filter(({ name }) => name !== tool.name)],
    },
  };
}

/** In the node's own network and among its processes; its files are in /host. */
export function nodePod(
  node: string,
  { targetContainerName: _, ...tool }: EphemeralContainer,
  unique: string,
): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `node-debugger-${unique}`, annotations: { [startAnnotation]: whenAttachedTo(tool.name) } },
    spec: {
      nodeName: node,
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 0,
      hostNetwork: true,
      hostPID: true,
      hostIPC: true,
      tolerations: [{ operator: "Exists" }],
      volumes: [{ name: "host", hostPath: { path: "/" } }],
      containers: [{ ...tool, volumeMounts: [{ name: "host", mountPath: "/host" }] }],
    },
  };
}
