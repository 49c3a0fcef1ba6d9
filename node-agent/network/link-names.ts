/** Names and labels of what the network makes. At most 15 characters for links; derived, so that a crashed agent's are found. Pure. */
import { createHash } from "node:crypto";

export interface NodeIdentity {
  readonly cluster: string;
  readonly node: string;
}

export const podLink = "eth0";

export function bridgeName(identity: NodeIdentity): string {
  return `orb${digest(identity.cluster, identity.node).slice(0, 10)}`;
}

/** The host's end of a pod's link. */
export function hostLinkName(identity: NodeIdentity, podUid: string): string {
  return `orv${digest(identity.cluster, identity.node, podUid).slice(0, 11)}`;
}

export function tableName(identity: NodeIdentity): string {
  return `orch_${digest(identity.cluster, identity.node).slice(0, 10)}`;
}

/** Fixed, so that the bridge does not take over that of a link that comes or goes. Locally administered. */
export function bridgeHardwareAddress(identity: NodeIdentity): Uint8Array {
  return Buffer.from(`02${digest("bridge", identity.cluster, identity.node).slice(0, 10)}`, "hex");
}

/** Made of the address: whoever gets that address later has the same, and no neighbour holds a stale one. */
export function podHardwareAddress(address: number): Uint8Array {
  const bytes = Buffer.from([0x0a, 0x58, 0, 0, 0, 0]);
  bytes.writeUInt32BE(address, 2);
  return bytes;
}

/** The label of a whole link: its absence means half-made. At most 255 bytes, the kernel's limit. */
export function linkLabel(podUid: string, address: string): string {
  return `orch pod=${podUid} address=${address}`;
}

export function parseLinkLabel(label: string): { readonly podUid: string; readonly address: string } | undefined {
  const match = /^orch pod=(\S+) address=(\S+)$/.exec(label);
  return match?.[1] === undefined || match[2] === undefined ? undefined : { podUid: match[1], address: match[2] };
}

function digest(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex");
}
