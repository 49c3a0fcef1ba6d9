/** Which Secrets and ConfigMaps a pod names, itself or by the registries of its images. Pure. */
import type { ImageRegistry } from "#proto/resources/image-registry.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { covers, repositoryOf } from "#proto/resources/registry-match.ts";

interface Named {
  readonly name?: string;
}
interface ContainerLike {
  readonly image?: string;
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

/** Secrets with the credentials of the registries, and of their mirrors, that this pod's images come from. */
export function registrySecrets(
  pod: KubeObject,
  registries: readonly KubeObject[],
): readonly { readonly namespace: string; readonly name: string }[] {
  const { spec, status } = pod as PodLike;
  if (!spec || status?.phase === "Succeeded" || status?.phase === "Failed") return [];
  const containers = [spec.initContainers, spec.containers, spec.ephemeralContainers].flatMap((list) => list ?? []);
  const repositories = containers.flatMap(({ image }) => (image === undefined ? [] : [repositoryOf(image)]));
  const secrets = new Map<string, { readonly namespace: string; readonly name: string }>();
  for (const { spec: registry } of registries as readonly ImageRegistry[]) {
    const isUsed = registry.hosts.some((host) => repositories.some((repository) => covers(host, repository)));
    if (!isUsed) continue;
    for (const { credentialsSecretRef } of [registry, ...(registry.mirrors ?? [])]) {
      if (!credentialsSecretRef) continue;
      const { name, namespace = "default" } = credentialsSecretRef;
      secrets.set(`${namespace}/${name}`, { namespace, name });
    }
  }
  return [...secrets.values()];
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
