/**
 * The node's own pod network: one bridge, a veth pair per pod, rules in a table of its own. What exists is read from links and their
 * labels, so a new agent finds everything. Relative to the network namespace it runs in.
 */
import type { Duplex } from "node:stream";
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { AgentFaults } from "../fault-points.ts";
import { AddressPool } from "./address-pool.ts";
import { dialPod } from "./dial.ts";
import { applyRuleset, listRuleset, openForeignForward, removeRuleset } from "./firewall.ts";
import { foreignDrops, hasRules } from "./foreign-drops.ts";
import { configureInside } from "./inside.ts";
import { formatAddress } from "./ipv4.ts";
import { applyKernelSettings } from "./kernel-settings.ts";
import {
  bridgeHardwareAddress,
  bridgeName,
  hostLinkName,
  linkLabel,
  type NodeIdentity,
  parseLinkLabel,
  podHardwareAddress,
  podLink,
  tableName,
} from "./link-names.ts";
import { LinkRemoval } from "./link-removal.ts";
import { addressOf, type Link, Links } from "./links.ts";
import type { NetworkAttachment, PodNetwork } from "./pod-network.ts";

export interface BridgeNetworkOptions extends NodeIdentity {
  readonly clock: Clock;
  readonly logger: Logger;
  /** All pods' and services' networks: no masquerading towards them. */
  readonly clusterCidrs: readonly string[];
  readonly mtu?: number;
  readonly faults?: AgentFaults | undefined;
}

type Pod = { readonly uid: string; readonly namespacePath: string };

export class BridgeNetwork implements PodNetwork {
  readonly #options: BridgeNetworkOptions;
  readonly #bridgeName: string;
  readonly #removal: LinkRemoval;
  readonly #links = new Links();
  readonly #addresses = new Map<string, number>();
  #podCidr: string | undefined;
  #ready: { readonly pool: AddressPool; readonly bridge: Link } | undefined;

  constructor(options: BridgeNetworkOptions) {
    this.#options = options;
    this.#bridgeName = bridgeName(options);
    this.#removal = new LinkRemoval(options.clock);
  }

  async setUp(podCidr: string): Promise<void> {
    const found = this.#links.ensureBridge(this.#bridgeName, bridgeHardwareAddress(this.#options), this.#options.mtu);
    const pool = this.#poolWithout(podCidr, found);
    this.#links.setAddress(found, pool.gateway, pool.cidr.prefixLength);
    await applyKernelSettings(this.#bridgeName);
    await applyRuleset(this.#firewallFacts(podCidr), this.#options.clock);
    this.#ready = { pool, bridge: found };
    this.#podCidr = podCidr;
  }

  /** What is free of the network, as the links that exist have it. */
  #poolWithout(podCidr: string, bridge: Link): AddressPool {
    const pool = new AddressPool(podCidr);
    for (const { podUid, address } of this.#attached(bridge)) {
      const taken = addressOf(address) ?? -1;
      if (!pool.take(taken)) {
        throw new Problem("conflict", `a pod here has address ${address}, which is not in ${podCidr}`, {
          hint: "drain the node before its pod network changes",
        });
      }
      this.#addresses.set(podUid, taken);
    }
    return pool;
  }

  #firewallFacts(podCidr: string) {
    const { clusterCidrs } = this.#options;
    return { table: tableName(this.#options), bridge: this.#bridgeName, podCidr, clusterCidrs };
  }

  async attach(pod: Pod): Promise<NetworkAttachment> {
    const { pool, bridge } = this.#set();
    const { faults } = this.#options;
    const name = hostLinkName(this.#options, pod.uid);
    const known = this.#links.find(name);
    const label = known && parseLinkLabel(known.label);
    if (label) return this.#attachment(pod.uid, label.address);
    if (known) await this.#removal.remove(name); // half-made
    this.#release(pod.uid);
    const address = pool.allocate();
    this.#addresses.set(pod.uid, address);
    const withPrefix = `${formatAddress(address)}/${pool.cidr.prefixLength}`;
    try {
      this.#links.addVethPair({
        name,
        masterIndex: bridge.index,
        mtu: this.#options.mtu,
        peerName: podLink,
        peerHardwareAddress: podHardwareAddress(address),
        peerNamespacePath: pod.namespacePath,
      });
      await faults?.at("network:link");
      configureInside(pod.namespacePath, { address, prefixLength: pool.cidr.prefixLength, gateway: pool.gateway });
      await faults?.at("network:configured");
      this.#links.setLabel(name, linkLabel(pod.uid, withPrefix));
      await faults?.at("network:label");
    } catch (thrown) {
      this.#release(pod.uid);
      await this.#removal.remove(name).catch(() => undefined);
      throw thrown;
    }
    return this.#attachment(pod.uid, withPrefix);
  }

  async detach(podUid: string): Promise<void> {
    await this.#removal.vanish(hostLinkName(this.#options, podUid));
    await this.#options.faults?.at("network:link-removed");
    this.#release(podUid);
  }

  #release(podUid: string): void {
    const address = this.#addresses.get(podUid);
    if (address !== undefined) this.#ready?.pool.release(address);
    this.#addresses.delete(podUid);
  }

  async list(): Promise<readonly NetworkAttachment[]> {
    const bridge = this.#links.find(this.#bridgeName);
    return bridge ? this.#attached(bridge).map(({ podUid, address }) => this.#attachment(podUid, address)) : [];
  }

  dial(pod: Pod, port: number, signal: AbortSignal): Promise<Duplex> {
    const label = parseLinkLabel(this.#links.find(hostLinkName(this.#options, pod.uid))?.label ?? "");
    const target = {
      address: label?.address.split("/", 1)[0],
      namespacePath: pod.namespacePath,
      sharesHost: pod.namespacePath.startsWith("/proc/self/ns/"),
    };
    return dialPod(target, port, this.#options.clock, signal);
  }

  /** Which foreign rules drop what pods send or get; what somebody removed of ours is put back first. */
  async foreignDrops(): Promise<readonly string[]> {
    const { clock } = this.#options;
    if (!this.#podCidr) return [];
    const facts = this.#firewallFacts(this.#podCidr);
    const listed = await listRuleset(clock);
    if (!hasRules(listed, facts.table)) {
      this.#options.logger.warn({ table: facts.table }, "somebody removed this node's packet rules; they are put back");
      await applyRuleset(facts, clock);
      return foreignDrops(await listRuleset(clock), facts);
    }
    const found = foreignDrops(listed, facts);
    if (found.length === 0) return [];
    await openForeignForward(facts, clock);
    return foreignDrops(await listRuleset(clock), facts);
  }

  /** Removes all that any agent of this node made: bridge, links, rules. Idempotent. */
  async tearDown(): Promise<void> {
    this.#podCidr = undefined; // nobody puts the rules back
    const bridge = this.#links.find(this.#bridgeName);
    if (bridge) {
      const names = this.#links.ofMaster(bridge.index).map((link) => link.name);
      await Promise.all([...names, this.#bridgeName].map((name) => this.#removal.remove(name)));
    }
    await removeRuleset({ table: tableName(this.#options), bridge: this.#bridgeName }, this.#options.clock);
    this.#ready = undefined;
  }

  close(): void {
    this.#links.close();
  }

  #attached(bridge: Link): readonly { readonly podUid: string; readonly address: string }[] {
    return this.#links.ofMaster(bridge.index).flatMap((link) => parseLinkLabel(link.label) ?? []);
  }

  #attachment(podUid: string, address: string): NetworkAttachment {
    const gateway = this.#ready ? formatAddress(this.#ready.pool.gateway) : "";
    return { podUid, addresses: [address], gateway, dns: [] };
  }

  #set(): { readonly pool: AddressPool; readonly bridge: Link } {
    if (this.#ready) return this.#ready;
    throw new Problem("unavailable", "the node's pod network is not set up yet", { retry: "later" });
  }
}
