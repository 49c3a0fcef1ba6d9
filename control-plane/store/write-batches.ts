/** Writes cut into transactions that the store takes. */
import { maxWritesPerTransaction, type Write } from "./kv.ts";
import { maxTransactionBytes, writeBytes } from "./write-limits.ts";

/** In order; each key must come once. */
export function* writeBatches(writes: Iterable<Write>): Iterable<readonly Write[]> {
  let batch: Write[] = [];
  let bytes = 0;
  for (const write of writes) {
    const size = writeBytes(write);
    if (batch.length === maxWritesPerTransaction || (batch.length > 0 && bytes + size > maxTransactionBytes)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(write);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
