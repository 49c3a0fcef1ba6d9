/** Pod networking in memory. A `FakeWire` outlives the networks on it, as links outlive agents. */
import { type Duplex, duplexPair } from "node:stream";
import { Problem } from "#proto/kit/problem.ts";
import { AddressPool } from "./address-pool.ts";
import { formatAddress } from "./ipv4.ts";
import type { NetworkAttachment, PodNetwork } from "./pod-network.ts";

export class FakeWire {
  readonly attachments = new Map<string, NetworkAttachment>();
  /** Thrown by the next `attach`, once. */
  attachProblem: Problem | undefined;
  /** Called with the far end of each dialled connection; absent: nothing listens. */
  readonly listeners = new Map<string, (connection: Duplex) => void>();

  /** `fake.listen(uid, 80, …)`: what answers when somebody dials. */
  listen(podUid: string, port: number, answer: (connection: Duplex) => void): void {
    this.listeners.set(`${podUid}:${port}`, answer);
  }
}

export class FakeNetwork implements PodNetwork {
  readonly #wire: FakeWire;
  #pool: AddressPool | undefined;

  constructor(wire: FakeWire = new FakeWire()) {
    this.#wire = wire;
  }

  async setUp(podCidr: string): Promise<void> {
    const pool = new AddressPool(podCidr);
    for (const { addresses } of this.#wire.attachments.values()) {
      for (const address of addresses) pool.take(numeric(address));
    }
    this.#pool = pool;
  }

  async attach(pod: { readonly uid: string; readonly namespacePath: string }): Promise<NetworkAttachment> {
    const known = this.#wire.attachments.get(pod.uid);
    if (known) return known;
    if (!this.#pool) throw new Problem("unavailable", "the node's pod network is not set up yet", { retry: "later" });
    const { attachProblem } = this.#wire;
    this.#wire.attachProblem = undefined;
    if (attachProblem) throw attachProblem;
    const attachment: NetworkAttachment = {
      podUid: pod.uid,
      addresses: [`${formatAddress(this.#pool.allocate())}/${this.#pool.cidr.prefixLength}`],
      gateway: formatAddress(this.#pool.gateway),
      dns: [],
    };
    this.#wire.attachments.set(pod.uid, attachment);
    return attachment;
  }

  async detach(podUid: string): Promise<void> {
    for (const address of this.#wire.attachments.get(podUid)?.addresses ?? []) this.#pool?.release(numeric(address));
    this.#wire.attachments.delete(podUid);
  }

  async list(): Promise<readonly NetworkAttachment[]> {
    return [...this.#wire.attachments.values()];
  }

  async dial(
    pod: { readonly uid: string; readonly namespacePath: string },
    port: number,
    signal: AbortSignal,
  ): Promise<Duplex> {
    if (signal.aborted) throw Problem.from(signal.reason);
    const answer = this.#wire.listeners.get(`${pod.uid}:${port}`);
    if (!answer) throw new Problem("unavailable", `nothing listens on port ${port} of the pod`);
    const [near, far] = duplexPair();
    answer(far);
    return near;
  }
}

function numeric(cidr: string): number {
  return cidr
    .split("/", 1)
    .flatMap((address) => address.split("."))
    .reduce((sum, part) => sum * 256 + Number(part), 0);
}
