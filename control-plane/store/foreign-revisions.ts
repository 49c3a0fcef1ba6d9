/**
 * Revisions in which this process wrote keys outside `registry/` only: the cache's watch never hears of them, and need not wait
 * for news of them either. What others write elsewhere stays unknown.
 */
import { registryPrefix } from "./keyspace.ts";
import type { Kv, TransactResult, Write } from "./kv.ts";

/** Beyond so many the oldest are forgotten: then a reader waits as if they were unknown. */
const maxKept = 4096;

export class ForeignRevisions {
  readonly #revisions = new Set<number>();
  #onNote: (() => void) | undefined;

  /** Called after each new one. */
  onNote(run: () => void): void {
    this.#onNote = run;
  }

  note(revision: number): void {
    const oldest = this.#revisions.keys().next();
    if (this.#revisions.size >= maxKept && !oldest.done) this.#revisions.delete(oldest.value);
    this.#revisions.add(revision);
    this.#onNote?.();
  }

  /** The store may have been restored from a backup: what was written before counts no more. */
  forget(): void {
    this.#revisions.clear();
  }

  /** The last of the unbroken row of foreign revisions after `revision`, or `revision`; those before are forgotten. */
  skip(revision: number): number {
    let last = revision;
    while (this.#revisions.delete(last + 1)) last++;
    for (const each of this.#revisions) {
      if (each > last) break;
      this.#revisions.delete(each);
    }
    return last;
  }
}

/** The same store, whose own writes elsewhere are noted. */
export function notingForeign(kv: Kv, foreign: ForeignRevisions): Kv {
  return {
    get: (key, signal) => kv.get(key, signal),
    list: (options, signal) => kv.list(options, signal),
    transact: async (writes, fence, signal) => {
      const result = await kv.transact(writes, fence, signal);
      if (isForeign(writes, result)) foreign.note(result.revision);
      return result;
    },
    watch: (prefix, afterRevision, signal) => kv.watch(prefix, afterRevision, signal),
    grantLease: (ttlMs, signal) => kv.grantLease(ttlMs, signal),
    keepLeaseAlive: (lease, signal) => kv.keepLeaseAlive(lease, signal),
    revokeLease: (lease, signal) => kv.revokeLease(lease, signal),
    compact: (revision, signal) => kv.compact(revision, signal),
    close: () => kv.close(),
  };
}

/** It made a revision, and no key of it is the cache's. Otherwise the revision in the answer is somebody else's. */
function isForeign(writes: readonly Write[], { outcomes }: TransactResult): boolean {
  const hasWritten = outcomes.some((outcome, at) => {
    return outcome.ok && (writes[at]?.kind === "put" || outcome.previous !== undefined);
  });
  return hasWritten && writes.every(({ key }) => !key.startsWith(registryPrefix));
}
