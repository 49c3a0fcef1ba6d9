/** A `Sealer` for values that are stored whole, as the authority's key: bytes in, bytes out. */
import { Problem } from "#proto/kit/problem.ts";
import { isSealed, type Sealer } from "./sealer.ts";

export interface ByteSealer {
  seal(boundTo: string, plain: Uint8Array): Uint8Array;
  open(boundTo: string, sealed: Uint8Array): Uint8Array;
}

export function createByteSealer(sealer: Sealer): ByteSealer {
  return {
    seal: (boundTo, plain) => Buffer.from(JSON.stringify(sealer.seal(plain, boundTo))),
    open(boundTo, bytes) {
      let sealed: unknown;
      try {
        sealed = JSON.parse(Buffer.from(bytes).toString());
      } catch {
        sealed = undefined;
      }
      if (!isSealed(sealed))
        throw new Problem("internal", `what is stored at ${boundTo} is not sealed`, { object: boundTo });
      return sealer.open(sealed, boundTo);
    },
  };
}
