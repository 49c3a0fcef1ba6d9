/** IPv4 addresses and prefixes as numbers. Pure. */
import { Problem } from "#proto/kit/problem.ts";

export interface Cidr {
  /** First address, host bits zero. */
  readonly network: number;
  readonly prefixLength: number;
}

export function parseAddress(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return undefined;
  let address = 0;
  for (const part of match.slice(1)) {
    if (Number(part) > 255 || (part.length > 1 && part.startsWith("0"))) return undefined;
    address = address * 256 + Number(part);
  }
  return address;
}

export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}

/** Problem `invalid` for anything but `a.b.c.d/n` with host bits zero. */
export function parseCidr(text: string): Cidr {
  const [head = "", tail = "", ...more] = text.split("/");
  const network = parseAddress(head);
  const prefixLength = /^\d{1,2}$/.test(tail) ? Number(tail) : -1;
  const isWhole = network !== undefined && prefixLength >= 0 && prefixLength <= 32 && more.length === 0;
  if (!isWhole || network % 2 ** (32 - prefixLength) !== 0) {
    throw new Problem("invalid", `${JSON.stringify(text)} is not an IPv4 network in CIDR form`);
  }
  return { network, prefixLength };
}

export function sizeOf(cidr: Cidr): number {
  return 2 ** (32 - cidr.prefixLength);
}

export function contains(cidr: Cidr, address: number): boolean {
  return address >= cidr.network && address < cidr.network + sizeOf(cidr);
}
