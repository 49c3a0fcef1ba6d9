/** The addresses of one node. Not persisted: the links that exist say what is taken. Pure. */
import { Problem } from "#proto/kit/problem.ts";
import { type Cidr, contains, formatAddress, parseCidr, sizeOf } from "./ipv4.ts";

export class AddressPool {
  readonly cidr: Cidr;
  /** The node's own, on its bridge: the first. */
  readonly gateway: number;
  readonly #taken: Uint8Array;
  #next = 2;
  #free: number;

  /** Problem `invalid` for networks that hold no pod or more than 65,536 addresses. */
  constructor(podCidr: string) {
    this.cidr = parseCidr(podCidr);
    if (this.cidr.prefixLength < 16 || this.cidr.prefixLength > 29) {
      throw new Problem("invalid", `the pod network ${podCidr} must have a prefix length from 16 to 29`);
    }
    this.gateway = this.cidr.network + 1;
    const size = sizeOf(this.cidr);
    this.#taken = new Uint8Array(size);
    for (const reserved of [0, 1, size - 1]) this.#taken[reserved] = 1; // network, gateway, broadcast
    this.#free = size - 3;
  }

  get free(): number {
    return this.#free;
  }

  /** The free address that has been free for longest, so that a name still cached elsewhere does not reach the wrong pod. */
  allocate(): number {
    const size = this.#taken.length;
    for (let step = 0; step < size; step++) {
      const offset = (this.#next + step) % size;
      if (this.#taken[offset] !== 0) continue;
      this.#taken[offset] = 1;
      this.#free -= 1;
      this.#next = offset + 1;
      return this.cidr.network + offset;
    }
    throw new Problem(
      "unavailable",
      `all addresses of ${formatAddress(this.cidr.network)}/${this.cidr.prefixLength} are taken`,
      {
        hint: "remove pods from this node, or give the cluster larger node networks",
      },
    );
  }

  /** Marks an address found in use. False when it is none of ours. */
  take(address: number): boolean {
    if (!contains(this.cidr, address)) return false;
    const offset = address - this.cidr.network;
    if (this.#taken[offset] === 0) this.#free -= 1;
    this.#taken[offset] = 1;
    this.#next = Math.max(this.#next, offset + 1);
    return true;
  }

  release(address: number): void {
    const offset = address - this.cidr.network;
    const isReserved = offset <= 1 || offset >= this.#taken.length - 1;
    if (!contains(this.cidr, address) || isReserved || this.#taken[offset] === 0) return;
    this.#taken[offset] = 0;
    this.#free += 1;
  }
}
