/** Nodes with real servers on loopback and certificates of one authority, for tests of what they give each other. */
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BlobStore } from "#node-agent/images/blob-store.ts";
import type { ImageOffice, PeerOffer } from "#node-agent/images/peers/image-office.ts";
import { ImagePeers } from "#node-agent/images/peers/image-peers.ts";
import type { PeerIdentity } from "#node-agent/images/peers/peer-identity.ts";
import { PeerServer } from "#node-agent/images/peers/peer-server.ts";
import type { Reference } from "#node-agent/images/reference.ts";
import { signTicket, type TicketSigner } from "#proto/identity/blob-ticket.ts";
import { controlPlaneTlsName, nodeTlsName } from "#proto/identity/names.ts";
import { type Clock, systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { type TestAuthority, testAuthority } from "./certificates.ts";

const cluster = "local";
export const reference: Reference = {
  domain: "r.test",
  path: "app",
  tag: undefined,
  digest: `sha256:${"a".repeat(64)}`,
};
export const digestOf = (bytes: Uint8Array): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

export interface PeerNode {
  readonly name: string;
  readonly blobs: BlobStore;
  readonly identity: PeerIdentity;
  readonly server: PeerServer;
}

export class PeerGround {
  readonly #folder: string;
  readonly #authority: TestAuthority;
  readonly #signer: TicketSigner;
  readonly #servers: PeerServer[] = [];
  #names = 0;

  private constructor(folder: string, authority: TestAuthority, signer: TicketSigner) {
    this.#folder = folder;
    this.#authority = authority;
    this.#signer = signer;
  }

  static async create(): Promise<PeerGround> {
    const authority = await testAuthority();
    const { certificateChain, privateKey } = await authority.issue("CN=control-plane", [controlPlaneTlsName(cluster)]);
    const folder = await mkdtemp(join(tmpdir(), "orch-peers-"));
    return new PeerGround(folder, authority, { certificatePem: certificateChain, privateKeyPem: privateKey });
  }

  async close(): Promise<void> {
    for (const server of this.#servers) await server.stop();
    await rm(this.#folder, { recursive: true });
  }

  async startNode(options: { readonly maxUploads?: number; readonly clock?: Clock } = {}): Promise<PeerNode> {
    const name = `n${++this.#names}`;
    const blobs = await BlobStore.open(join(this.#folder, name));
    const identity = await this.identity(`CN=system:node:${name}, O=system:nodes`, [nodeTlsName(name, cluster)]);
    const server = await PeerServer.start({
      ...{ nodeName: name, host: "127.0.0.1", port: 0, identity, blobs, clock: systemClock, logger: silentLogger },
      ...options,
    });
    this.#servers.push(server);
    return { name, blobs, identity, server };
  }

  async identity(subject: string, names: readonly string[] = []): Promise<PeerIdentity> {
    const { certificateChain, privateKey, authorities } = await this.#authority.issue(subject, names);
    return { cluster, certificateChainPem: certificateChain, privateKeyPem: privateKey, authoritiesPem: authorities };
  }

  offerOf(from: PeerNode, by: PeerNode, digest: string): PeerOffer {
    const expiresAtMs = systemClock.nowMs() + 60_000;
    const ticket = signTicket({ from: from.name, by: by.name, digest, expiresAtMs }, this.#signer);
    return { node: from.name, address: from.server.address, ticket };
  }
}

/** What `by` knows of others: offers as a control plane would make them, without those it asks to avoid. */
export function peersOf(
  by: PeerNode,
  offers: readonly PeerOffer[],
  clock: Clock = systemClock,
): { peers: ImagePeers; avoided: string[][]; ended: string[] } {
  const avoided: string[][] = [];
  const ended: string[] = [];
  const office: ImageOffice = {
    state: "open",
    pin: async () => undefined,
    locate: async ({ avoid }) => {
      avoided.push([...avoid]);
      return offers.filter(({ node }) => !avoid.includes(node));
    },
    needed: async () => undefined,
  };
  const peers = new ImagePeers({
    ...{ office, clock, logger: silentLogger, identity: () => by.identity, blobs: () => by.blobs },
    onEnd: (digest, end) => void ended.push(`${end} ${digest}`),
  });
  return { peers, avoided, ended };
}

export async function put(node: PeerNode, content: Uint8Array, digest = digestOf(content)): Promise<string> {
  await node.blobs.put(content, { digest, size: content.length }, "a test blob");
  return digest;
}
