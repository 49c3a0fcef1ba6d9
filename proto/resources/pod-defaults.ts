/**
 * What Kubernetes sets on a pod but not on a template. Pure, and without schemas: controllers that make pods from stored
 * templates use it too, because their pods do not pass through admission.
 */
import type { Container, ContainerPort, PodSpec } from "./pod.ts";

/** Requests from limits, host ports where the pod uses the node's network, service links. A new spec; the input stays. */
export function withPodDefaults(spec: PodSpec): PodSpec {
  const hostNetwork = spec.hostNetwork === true;
  return {
    ...spec,
    enableServiceLinks: spec.enableServiceLinks ?? true,
    containers: spec.containers.map((container) => completed(container, hostNetwork)),
  };
}

function completed(container: Container, hostNetwork: boolean): Container {
  const next = { ...container };
  const limits = container.resources?.limits;
  if (limits !== undefined)
    next.resources = { ...container.resources, requests: { ...limits, ...container.resources?.requests } };
  if (hostNetwork && container.ports !== undefined) next.ports = container.ports.map(withHostPort);
  return next;
}

const withHostPort = (port: ContainerPort): ContainerPort => ({
  ...port,
  hostPort: port.hostPort || port.containerPort,
});
