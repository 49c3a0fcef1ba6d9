/**
 * Compares the cache with a fresh, linearizable list of keys. etcd 3.4's watch can lose events, go back in time and drop
 * deletions around compaction; this finds what it lost. Finding is all it does: the cache lists again by itself.
 */
import { parseResourceKey } from "#control-plane/store/keyspace.ts";
import type { Kv } from "#control-plane/store/kv.ts";
import { listPages } from "#control-plane/store/list-pages.ts";
import type { Clock } from "#proto/kit/clock.ts";
import { TimeSlice } from "#proto/kit/time-slice.ts";

export interface DriftSubject {
  /** modRevision of what the cache holds at this key, 0 when nothing. */
  revisionAt(key: string): number;
  /** Every key the cache holds. */
  keys(): Iterable<string>;
  readonly revision: number;
  /** Resolves when the cache has reached `revision`, or time is up. */
  settle(revision: number, signal: AbortSignal): Promise<void>;
}

export interface Drift {
  /** Older in the cache than in the store, or not there. */
  readonly stale: readonly string[];
  /** In the cache, but no longer in the store. */
  readonly extra: readonly string[];
  /** The store went back in time: it was restored from a backup. */
  readonly wentBack: boolean;
}

export async function findDrift(
  kv: Kv,
  prefix: string,
  subject: DriftSubject,
  options: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Drift | undefined> {
  const { clock, signal } = options;
  const revisionBefore = subject.revision;
  const listed = await listRevisions(kv, prefix, clock, signal);
  if (listed.revision < revisionBefore) return { stale: [], extra: [], wentBack: true };
  const isStale = (key: string): boolean => subject.revisionAt(key) < (listed.revisions.get(key) ?? 0);
  const isExtra = (key: string): boolean => {
    const revision = subject.revisionAt(key);
    return revision > 0 && revision <= listed.revision && !listed.revisions.has(key);
  };
  const suspects = await filterInSlices(listed.revisions.keys(), isStale, clock);
  const extras = await filterInSlices(subject.keys(), isExtra, clock);
  if (suspects.length === 0 && extras.length === 0) return undefined;
  await subject.settle(listed.revision, signal);
  const stale: string[] = [];
  for (const key of suspects.filter(isStale)) {
    const { item } = await kv.get(key, signal);
    // Gone or newer by now: the event for that may still be under way, and tells nothing about a lost one.
    if (item && item.modRevision <= listed.revision && isStale(key)) stale.push(key);
  }
  const extra = extras.filter(isExtra);
  return stale.length + extra.length > 0 ? { stale, extra, wentBack: false } : undefined;
}

async function listRevisions(
  kv: Kv,
  prefix: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<{ readonly revision: number; readonly revisions: ReadonlyMap<string, number> }> {
  const slice = new TimeSlice(clock);
  const revisions = new Map<string, number>();
  let revision = 0;
  for await (const page of listPages(kv, { prefix, keysOnly: true, pageSize: 2000 }, signal)) {
    revision = page.revision;
    for (const item of page.items) if (parseResourceKey(item.key)) revisions.set(item.key, item.modRevision);
    if (slice.isOver) await slice.pause();
  }
  return { revision, revisions };
}

async function filterInSlices(keys: Iterable<string>, keep: (key: string) => boolean, clock: Clock): Promise<string[]> {
  const slice = new TimeSlice(clock);
  const kept: string[] = [];
  for (const key of keys) {
    if (keep(key)) kept.push(key);
    if (slice.isOver) await slice.pause();
  }
  return kept;
}
