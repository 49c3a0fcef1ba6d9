/** IPv4 ranges as numbers. */

export interface Cidr {
  /** First address. */
  readonly base: number;
  readonly prefix: number;
}

const pattern = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** Undefined when it is no IPv4 range. Host bits are dropped. */
export function parseCidr(text: string): Cidr | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const parts = match.slice(1, 5).map(Number);
  const prefix = Number(match[5]);
  if (prefix > 32 || parts.some((part) => part > 255)) return undefined;
  const address = parts.reduce((sum, part) => sum * 256 + part, 0);
  const size = sizeOf(prefix);
  return { base: Math.floor(address / size) * size, prefix };
}

export function formatCidr({ base, prefix }: Cidr): string {
  const parts = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256);
  return `${parts.join(".")}/${prefix}`;
}

/** Number of addresses. */
export const sizeOf = (prefix: number): number => 2 ** (32 - prefix);

export const overlaps = (a: Cidr, b: Cidr): boolean =>
  a.base < b.base + sizeOf(b.prefix) && b.base < a.base + sizeOf(a.prefix);

/** The lowest range of `prefix` length in `whole` that meets none of `taken`. */
export function firstFree(whole: Cidr, prefix: number, taken: readonly Cidr[]): Cidr | undefined {
  const end = whole.base + sizeOf(whole.prefix);
  const step = sizeOf(prefix);
  const sorted = [...taken].sort((a, b) => a.base - b.base);
  let base = whole.base;
  for (const other of sorted) {
    if (base + step <= other.base) break;
    const after = other.base + sizeOf(other.prefix);
    if (after > base) base = Math.ceil(after / step) * step;
  }
  return base + step <= end ? { base, prefix } : undefined;
}
