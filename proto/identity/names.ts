/** Who is who in certificates: subjects as in Kubernetes, and the TLS names both sides check. Spelled here and nowhere else. */

export const nodesGroup = "system:nodes";
export const mastersGroup = "system:masters";
/** Who comes in by a control plane's own socket. */
export const rootUser = "system:root";
const nodeUserPrefix = "system:node:";

const label = "[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?";
const clusterNamePattern = new RegExp(`^${label}$`);
const nodeNamePattern = new RegExp(`^${label}(?:\\.${label})*$`);
const controlPlanePattern = new RegExp(`^control-plane\\.(${label})\\.orch$`);

/** One DNS label: it becomes part of TLS names, folders and link names. */
export function isClusterName(text: string): boolean {
  return clusterNamePattern.test(text);
}

/** A DNS subdomain, as Kubernetes asks of node names; short enough for the TLS name to stay valid. */
export function isNodeName(text: string): boolean {
  return text.length <= 120 && nodeNamePattern.test(text);
}

export function nodeUser(name: string): string {
  return `${nodeUserPrefix}${name}`;
}

/** The node's name when `subject` is a node's certificate subject (`CN=system:node:NAME, O=system:nodes`), else undefined. */
export function nodeNameOf(subject: { readonly user: string; readonly groups: readonly string[] }): string | undefined {
  if (!subject.groups.includes(nodesGroup) || !subject.user.startsWith(nodeUserPrefix)) return undefined;
  const name = subject.user.slice(nodeUserPrefix.length);
  return isNodeName(name) ? name : undefined;
}

/** The TLS name of every control plane of the cluster; clients set it as `grpc.ssl_target_name_override`. */
export function controlPlaneTlsName(cluster: string): string {
  return `control-plane.${cluster}.orch`;
}

export function nodeTlsName(node: string, cluster: string): string {
  return `${node}.node.${cluster}.orch`;
}

/** The cluster whose control plane carries this TLS name; undefined for any other name, a node's included. */
export function clusterOfTlsName(tlsName: string): string | undefined {
  return controlPlanePattern.exec(tlsName)?.[1];
}
