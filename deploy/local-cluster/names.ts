/**
 * Every name, path and address of a local cluster, derived from its name alone: so that `down` finds all of it again after a
 * crash, and two clusters on one host never meet. Pure.
 */
import { createHash } from "node:crypto";

/** DNS label: it becomes a part of host names, file names and cgroup names. */
export function isClusterName(name: string): boolean {
  return /^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$/.test(name);
}

export interface ClusterPaths {
  readonly data: string;
  readonly run: string;
  readonly state: string;
  readonly controlPlaneData: string;
  readonly controlPlaneRun: string;
  /** Written by the control plane: a context with all rights. */
  readonly adminContext: string;
  readonly supervisorSocket: string;
  readonly supervisorPid: string;
  readonly logs: string;
  /** Pinned namespace between the nodes. */
  readonly underlay: string;
}

export function clusterPaths(cluster: string): ClusterPaths {
  const data = `/var/lib/orch/${cluster}`;
  const run = `/run/orch/${cluster}`;
  return {
    data,
    run,
    state: `${data}/cluster.json`,
    controlPlaneData: `${data}/control-plane`,
    controlPlaneRun: `${run}/control-plane`,
    adminContext: `${data}/control-plane/admin.yaml`,
    supervisorSocket: `${run}/supervisor.sock`,
    supervisorPid: `${run}/supervisor.pid`,
    logs: `${data}/logs`,
    underlay: `${run}/pins/underlay.net`,
  };
}

export interface NodePaths {
  readonly data: string;
  readonly run: string;
  readonly networkPin: string;
  readonly mountPin: string;
  readonly pid: string;
  /** There while the agent has had a session since its start. */
  readonly ready: string;
  readonly log: string;
  /** Relative to each cgroup controller's root. */
  readonly cgroup: string;
}

export function nodePaths(cluster: string, node: string): NodePaths {
  const paths = clusterPaths(cluster);
  return {
    data: `${paths.data}/nodes/${node}`,
    run: `${paths.run}/nodes/${node}`,
    networkPin: `${paths.run}/pins/${node}.net`,
    mountPin: `${paths.run}/pins/${node}.mnt`,
    pid: `${paths.run}/pins/${node}.pid`,
    ready: `${paths.run}/pins/${node}.ready`,
    log: `${paths.logs}/${node}.log`,
    cgroup: `/orch/${cluster}/${node}`,
  };
}

export function clusterHash(cluster: string): string {
  return createHash("sha256").update(cluster).digest("hex").slice(0, 8);
}

/** The host's end of its one link to the cluster; at most 15 characters. */
export const hostLink = (cluster: string): string => `orch-${clusterHash(cluster)}`;
/** Our nft table on the host. */
export const hostTable = (cluster: string): string => `orch_${clusterHash(cluster)}`;
export const nodeName = (index: number): string => `node-${index + 1}`;
/** A node's port on the bridge, in the underlay namespace. */
export const bridgePort = (index: number): string => `port${index + 1}`;

/** All /24 networks of 10.64.0.0/11, starting at one derived from the name. */
export function* subnetCandidates(cluster: string): Generator<string> {
  const start = Number.parseInt(clusterHash(cluster).slice(0, 4), 16) % 8192;
  for (let i = 0; i < 8192; i++) {
    const index = (start + i) % 8192;
    yield `10.${64 + (index >> 8)}.${index & 255}.0/24`;
  }
}

/** The host (and with it the control plane) is .1, nodes start at .11. */
export function addressOf(subnet: string, host: number): string {
  return subnet.replace(/\.0\/24$/, `.${host}`);
}
export const hostAddress = (subnet: string): string => addressOf(subnet, 1);
export const nodeAddress = (subnet: string, index: number): string => addressOf(subnet, 11 + index);

/** A loopback address of the cluster's own: several clusters serve their metrics on the same port. */
export const loopbackOf = (subnet: string): string => hostAddress(subnet).replace(/^10\./, "127.");

/** Nodes of one cluster: its /24 has no more addresses for them. */
export const maxNodes = 200;

/** IPv4 networks as [base, mask]: do they share an address? */
export function overlaps(one: string, other: string): boolean {
  const [a, b] = [parseNetwork(one), parseNetwork(other)];
  const mask = Math.min(a.bits, b.bits);
  const shift = 2 ** (32 - mask);
  return Math.floor(a.base / shift) === Math.floor(b.base / shift);
}

function parseNetwork(text: string): { readonly base: number; readonly bits: number } {
  const [address = "", bits = "32"] = text.split("/");
  const base = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return { base, bits: Number(bits) };
}
