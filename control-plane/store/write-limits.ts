/** What one transaction may hold: the same refusals from etcd and from its twin, before anything is sent. */
import { Problem } from "#proto/kit/problem.ts";
import { maxWritesPerTransaction, type Write } from "./kv.ts";

/** etcd refuses requests above 1.5 MiB; keys, guards and framing need some of it. */
export const maxTransactionBytes = 1_400_000;

/** etcd refuses more compares in one list. */
export const maxCompares = 128;

/** Bytes one write takes in a transaction, keys and framing included. */
export function writeBytes(write: Write): number {
  const { onlyWhile } = write;
  const condition = onlyWhile ? onlyWhile.key.length + 32 : 0;
  return (write.kind === "put" ? write.value.byteLength : 0) + 3 * write.key.length + condition + 64;
}

export function checkWrites(writes: readonly Write[]): void {
  if (writes.length === 0) throw new Problem("bad-request", "a transaction needs at least one write");
  if (writes.length > maxWritesPerTransaction) {
    throw new Problem("bad-request", `a transaction holds ${maxWritesPerTransaction} writes, not ${writes.length}`);
  }
  const keys = new Set<string>();
  let bytes = 0;
  for (const write of writes) {
    if (keys.has(write.key)) throw new Problem("bad-request", `key ${write.key} is written twice in one transaction`);
    keys.add(write.key);
    bytes += writeBytes(write);
  }
  if (bytes > maxTransactionBytes) {
    const hint = "Make the object smaller, or move what it carries to a volume or an image.";
    throw new Problem("too-large", `the store takes ${maxTransactionBytes} bytes at once, not ${bytes}`, { hint });
  }
}
