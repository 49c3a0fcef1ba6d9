/** Which ConfigMaps and Secrets a pod refers to, as keys of the assignments. */

import type { Container, Pod } from "#proto/resources/pod.ts";
import { allContainers } from "#proto/resources/pod-containers.ts";

export function referencesOf(pod: Pod): readonly string[] {
  const namespace = pod.metadata.namespace ?? "default";
  const keys = new Set<string>();
  const configMap = (name: string | undefined): void => {
    if (name) keys.add(objectKey("configmaps", namespace, name));
  };
  const secret = (name: string | undefined): void => {
    if (name) keys.add(objectKey("secrets", namespace, name));
  };
  for (const { name } of pod.spec.imagePullSecrets ?? []) secret(name);
  for (const container of allContainers(pod)) {
    inEnvironment(container, configMap, secret);
  }
  for (const volume of pod.spec.volumes ?? []) {
    configMap(volume.configMap?.name);
    secret(volume.secret?.secretName);
    for (const source of volume.projected?.sources ?? []) {
      configMap(source.configMap?.name);
      secret(source.secret?.name);
    }
  }
  return [...keys];
}

type Add = (name: string | undefined) => void;

function inEnvironment(container: Container, configMap: Add, secret: Add): void {
  for (const from of container.envFrom ?? []) {
    configMap(from.configMapRef?.name);
    secret(from.secretRef?.name);
  }
  for (const { valueFrom } of container.env ?? []) {
    configMap(valueFrom?.configMapKeyRef?.name);
    secret(valueFrom?.secretKeyRef?.name);
  }
}

export function objectKey(resource: string, namespace: string, name: string): string {
  return `${resource}/${namespace}/${name}`;
}
