/** Randomness as an argument. Only this file touches the machine's source. */
import { randomBytes, randomUUID } from "node:crypto";

export interface Random {
  /** A float in [0, 1). */
  next(): number;
  /** RFC 4122 version 4 form. */
  uuid(): string;
  bytes(count: number): Uint8Array;
}

export const systemRandom: Random = {
  next: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
  uuid: () => randomUUID(),
  bytes: (count) => randomBytes(count),
};

/** Deterministic source (splitmix32): same seed, same sequence. Never for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    z ^= z >>> 15;
    return (z >>> 0) / 4294967296;
  };
  const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => Math.floor(next() * 256));
  return {
    next,
    bytes,
    uuid() {
      const hex = Buffer.from(bytes(16)).toString("hex");
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
  };
}

const nameAlphabet = "bcdfghjklmnpqrstvwxz2456789";

/** A suffix for generated names, in Kubernetes' alphabet (no vowels, no look-alikes). */
export function nameSuffix(random: Random, length = 5): string {
  let suffix = "";
  for (let i = 0; i < length; i++) suffix += nameAlphabet[Math.floor(random.next() * nameAlphabet.length)];
  return suffix;
}
