/**
 * The store, where nothing sealed is written but with the permit of the key that sealed it. Once a permit is gone, no control plane, however
 * late it is (stopped, cut off, slow), can bring a value under the old key any more: its write is refused, sealed anew and sent again.
 */
import { Problem } from "#proto/kit/problem.ts";
import type { Kv, Write } from "../store/kv.ts";
import type { Keyring } from "./keyring.ts";
import { isSealedPlace, resealed, sealedWith } from "./sealed-values.ts";

const maxTries = 5;

const isSealedWrite = (write: Write): boolean => write.kind === "put" && isSealedPlace(write.key);

/** A write with a fence of its own, a leader's, goes out as it is: leaders know the key that seals. */
export function withSealingPermits(kv: Kv, keyring: Keyring): Kv {
  const transact: Kv["transact"] = async (writes, fence, signal) => {
    if (fence || !writes.some(isSealedWrite)) return await kv.transact(writes, fence, signal);
    for (let attempt = 0; attempt < maxTries; attempt++) {
      const { permit } = keyring;
      if (permit) {
        const sealed = writes.map((write) => underToday(write, keyring));
        const result = await kv.transact(sealed, permit, signal);
        if (result.fenceHeld) return result;
      }
      await keyring.refresh(signal);
    }
    throw new Problem("unavailable", "the key that seals Secrets changes too often", { retry: "later" });
  };
  return new Proxy(kv, {
    get(target, property) {
      if (property === "transact") return transact;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

function underToday(write: Write, keyring: Keyring): Write {
  if (write.kind !== "put" || !isSealedPlace(write.key)) return write;
  if (sealedWith(write.value) === keyring.state.active) return write;
  return { ...write, value: resealed(write.key, write.value, keyring) };
}
