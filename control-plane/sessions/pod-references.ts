/** Which Secrets and ConfigMaps a pod names. Pure. */
import type { KubeObject } from "#proto/resources/object.ts";

interface Named {
  readonly name?: string;
}
interface ContainerLike {
  readonly env?: readonly {
    readonly valueFrom?: { readonly secretKeyRef?: Named; readonly configMapKeyRef?: Named };
  }[];
  readonly envFrom?: readonly { readonly secretRef?: Named; readonly configMapRef?: Named }[];
}
interface VolumeLike {
  readonly secret?: { readonly secretName?: string };
  readonly configMap?: Named;
  readonly projected?: { readonly sources?: readonly { readonly secret?: Named; readonly configMap?: Named }[] };
  readonly csi?: { readonly nodePublishSecretRef?: Named };
}
interface PodLike extends KubeObject {
  readonly spec?: {
    readonly nodeName?: string;
    readonly imagePullSecrets?: readonly Named[];
    readonly containers?: readonly ContainerLike[];
    readonly initContainers?: readonly ContainerLike[];
    readonly ephemeralContainers?: readonly ContainerLike[];
    readonly volumes?: readonly VolumeLike[];
  };
  readonly status?: { readonly phase?: string };
}

export type ReferredResource = "secrets" | "configmaps";

export interface PodReference {
  readonly resource: ReferredResource;
  readonly name: string;
}

export function nodeOf(pod: KubeObject): string | undefined {
  return (pod as PodLike).spec?.nodeName || undefined;
}

/** In the pod's namespace, each once. A pod that is over (Succeeded, Failed) needs none any more. */
export function podReferences(pod: KubeObject): readonly PodReference[] {
  const { spec, status } = pod as PodLike;
  if (!spec || status?.phase === "Succeeded" || status?.phase === "Failed") return [];
  const secrets = new Set<string>();
  const configMaps = new Set<string>();
  const add = (names: Set<string>, name: string | undefined): void => void (name && names.add(name));
  for (const secret of spec.imagePullSecrets ?? []) add(secrets, secret.name);
  for (const list of [spec.initContainers, spec.containers, spec.ephemeralContainers]) {
    for (const container of list ?? []) addContainer(container, secrets, configMaps, add);
  }
  for (const volume of spec.volumes ?? []) {
    add(secrets, volume.secret?.secretName);
    add(secrets, volume.csi?.nodePublishSecretRef?.name);
    add(configMaps, volume.configMap?.name);
    for (const source of volume.projected?.sources ?? []) {
      add(secrets, source.secret?.name);
      add(configMaps, source.configMap?.name);
    }
  }
  return [
    ...Array.from(secrets, (name) => ({ resource: "secrets" as const, name })),
    ...Array.from(configMaps, (name) => ({ resource: "configmaps" as const, name })),
  ];
}

function addContainer(
  container: ContainerLike,
  secrets: Set<string>,
  configMaps: Set<string>,
  add: (names: Set<string>, name: string | undefined) => void,
): void {
  for (const { valueFrom } of container.env ?? []) {
    add(secrets, valueFrom?.secretKeyRef?.name);
    add(configMaps, valueFrom?.configMapKeyRef?.name);
  }
  for (const { secretRef, configMapRef } of container.envFrom ?? []) {
    add(secrets, secretRef?.name);
    add(configMaps, configMapRef?.name);
  }
}
