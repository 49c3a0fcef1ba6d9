/** A pod network whose settings come with the first welcome: until then pods wait for their address, and leftovers are still found. */
import type { Duplex } from "node:stream";
import { Problem } from "#proto/kit/problem.ts";
import type { ClusterSettings } from "#proto/resources/cluster-settings.ts";
import type { NetworkAttachment, PodNetwork } from "./network/pod-network.ts";

type Pod = { readonly uid: string; readonly namespacePath: string };

/** What only its owner may ask for. */
export interface NodeNetwork extends PodNetwork {
  /** Removes all that any agent of this node made. Idempotent. */
  tearDown(): Promise<void>;
  /** Which foreign packet rules drop what pods send or get. */
  foreignDrops(): Promise<readonly string[]>;
}

export class LateNetwork implements PodNetwork {
  readonly #create: (settings: ClusterSettings) => NodeNetwork;
  #settings: string;
  #network: NodeNetwork;
  #podCidr: string | undefined;

  constructor(create: (settings: ClusterSettings) => NodeNetwork, settings: ClusterSettings) {
    this.#create = create;
    this.#settings = JSON.stringify(settings);
    this.#network = create(settings);
  }

  /** Idempotent. True when something changed. */
  async configure(settings: ClusterSettings, podCidr: string): Promise<boolean> {
    const text = JSON.stringify(settings);
    if (text === this.#settings && podCidr === this.#podCidr) return false;
    if (text !== this.#settings) this.#network = this.#create(settings);
    this.#settings = text;
    await this.setUp(podCidr);
    return true;
  }

  async setUp(podCidr: string): Promise<void> {
    await this.#network.setUp(podCidr);
    this.#podCidr = podCidr;
  }

  async attach(pod: Pod): Promise<NetworkAttachment> {
    if (this.#podCidr === undefined) {
      throw new Problem("unavailable", "this node has no addresses for pods yet; they come with its first session");
    }
    return await this.#network.attach(pod);
  }

  async foreignDrops(): Promise<string | undefined> {
    const found = await this.#network.foreignDrops();
    return found.length === 0 ? undefined : found.join("; ");
  }

  async tearDown(): Promise<void> {
    await this.#network.tearDown();
    this.#podCidr = undefined;
  }

  detach(podUid: string): Promise<void> {
    return this.#network.detach(podUid);
  }

  list(): Promise<readonly NetworkAttachment[]> {
    return this.#network.list();
  }

  dial(pod: Pod, port: number, signal: AbortSignal): Promise<Duplex> {
    return this.#network.dial(pod, port, signal);
  }
}
